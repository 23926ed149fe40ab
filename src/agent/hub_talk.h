#pragma once

// The agent's side of the conversation with the hub, without the network: what the next check-in says, what an answer
// means, and when the next one is due. A message that is lost, doubled or late does no harm: what is not acknowledged
// is said again.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/hub_link.h"
#include "agent/slot_setup.h"
#include "wire/check_in.h"

namespace chancery::agent {

// What the agent says about itself in every message.
struct AgentIdentity {
  std::string version;
  std::string node;
  std::string product = {};
  std::string boot_id = {};
  Seconds hold = std::chrono::minutes(5);
};

struct OutgoingCheckIn {
  wire::CheckIn message;
  ShownCertificate shown;
};

// How the link stands, for people.
struct LinkView {
  bool checking_in = false;
  wire::NodeState state = wire::NodeState::waiting;
  bool certificate_refused = false;  // since the hub said so, it said nothing else
  std::optional<Timestamp> last_contact = {};
  std::optional<Seconds> clock_offset = {};  // what to add to our clock to have the hub's
  std::string last_error = {};
  std::optional<Timestamp> next = {};
};

class HubTalk {
 public:
  // Answers that may come one after the other without a pause of ours.
  static constexpr unsigned most_answers = 30;

  HubTalk(AgentIdentity identity, const AgentParts& agent) : identity_(std::move(identity)), agent_(agent) {}

  // What there is to tell now, and the certificate to show, which is copied only when it is another one. Nothing is
  // said while there is none.
  void update(wire::Inventory inventory, const std::string& slot = {}, const pki::Certificate* shown = nullptr);
  // The whole inventory goes along with the next message.
  void report_everything() { inventory_wanted_ = true; }
  // There is something to tell that the hub waits for.
  void soon();

  // When the next check-in is to be sent; nothing while one is under way or none can be.
  [[nodiscard]] std::optional<Timestamp> due() const;
  // The check-in to send now, if it is time. From then on it is under way, until answered().
  Result<std::optional<OutgoingCheckIn>> start(wire::ClockSync synchronised);
  // What the message under way shows; nothing when there is none.
  [[nodiscard]] const ShownCertificate* shown_under_way() const { return under_way_ ? &under_way_->shown : nullptr; }
  // Whether the message under way should be ended, for there is more to say than it said.
  [[nodiscard]] bool has_more_to_say();
  // It was ended for that reason: what comes of it is no failure.
  void interrupted() { interrupted_ = true; }
  // What came of it. Gives the orders, in order; those that are not for this node to do (it is not admitted) are none.
  std::vector<wire::Order> answered(const Result<wire::CheckInAnswer>& answer);

  // Whether the last call failed, so that an answer says that the network is back. Not when it is the first one.
  [[nodiscard]] bool has_failed() const { return failures_ > 0; }

  [[nodiscard]] LinkView view() const;

 private:
  void failed(const Error& error);
  Status note_acknowledged(const wire::CheckInAnswer& answer);
  void plan(const wire::CheckInAnswer& answer);
  // False: there were too many.
  bool count_answer();
  // How many of so many fit into a message, as far as we know.
  [[nodiscard]] std::size_t portion(std::size_t most) const { return std::max<std::size_t>(most / parts_, 1); }

  AgentIdentity identity_;
  AgentParts agent_;
  wire::Inventory value_;
  std::string inventory_hash_;  // of its JSON
  std::optional<ShownCertificate> shown_;

  struct UnderWay {
    std::string inventory_hash;
    bool with_inventory = false;
    std::size_t results = 0;
    std::size_t most_results = 0;  // that there was room for
    std::int64_t last_event = 0;
    bool full = false;  // of events: it is answered at once, and the next message has more of them
    Timestamp sent;
    ShownCertificate shown;
  };
  std::optional<UnderWay> under_way_;
  bool interrupted_ = false;
  std::string hub_knows_;  // the hash of the inventory that it has, as far as we know
  bool inventory_wanted_ = false;
  std::vector<std::string> certificates_wanted_;
  Timestamp next_{};     // not before
  Timestamp decided_{};  // when that was chosen
  unsigned failures_ = 0;
  unsigned answers_left_ = most_answers;  // before pauses are made; grows by time
  Timestamp counted_{};                   // when it last grew
  unsigned parts_ = 1;  // into which what there is to tell is divided: grows when the hub cannot take a message
  LinkView view_;
};

}  // namespace chancery::agent
