#pragma once

// One slot at work: asks the state machine what to do, does it, keeps what came of it. One thread.

#include <optional>
#include <string>
#include <vector>

#include "agent/slot_exchange.h"
#include "agent/slot_setup.h"

namespace chancery::agent {

// A slot as people and the hub see it.
struct SlotView {
  std::string name;
  std::string service;
  wire::SlotStage stage = wire::SlotStage::empty;
  std::optional<pki::Certificate> certificate;
  std::string key_place;  // of the certificate's key, for people: "a file", "this machine's TPM"
  std::optional<ActiveCertificate> active;
  std::optional<Timestamp> renew_at;      // of its certificate; nothing where nobody asks for another
  std::optional<Timestamp> next_attempt;  // unless idle
  std::string last_error;
  std::string request;  // a CSR that was given out, PEM
};

struct RequestWish {
  std::optional<pki::Name> subject = {};  // else the slot's own
  std::optional<std::vector<pki::GeneralName>> names = {};
  std::optional<pki::KeySpec> key = {};
};

class SlotRunner {
 public:
  // `state` is what the store has, if it knows the slot.
  SlotRunner(SlotSetup setup, SlotParts slot, const AgentParts& agent, std::optional<SlotState> state);

  [[nodiscard]] const std::string& name() const { return setup_.name; }
  [[nodiscard]] const SlotSetup& setup() const { return setup_; }
  // The latest notBefore that an authority signed for this slot: it cannot be earlier.
  [[nodiscard]] Timestamp no_earlier_than() const;

  // Does what is due, once. At first, looks into the folder.
  void step(Timestamp no_earlier_than);
  // When there is something to do, which may be past.
  [[nodiscard]] std::optional<Timestamp> due(Timestamp no_earlier_than) const;
  [[nodiscard]] SlotView view() const;
  // The same without its certificate, which is most of it.
  [[nodiscard]] SlotView outline() const;
  // In use.
  [[nodiscard]] const std::optional<pki::Certificate>& certificate() const { return certificate_; }

  // By hand. Each does its work at once; an error is what came of it. renew() and enrol() succeed when a certificate is
  // in use or the request waits for approval: the text says which. renew() tries all ways that there are. When they are
  // refused, a certificate that is not to be renewed yet is renewed in its time.
  Result<std::string> renew(Timestamp no_earlier_than);
  Result<std::string> enrol(Timestamp no_earlier_than);
  // One that the slot's folder keeps. ErrorCode::refused for one that would not be installed today.
  Status activate(ByteView sha256, Timestamp no_earlier_than);
  // The hub refuses that certificate, for which it gives `why`. A challenge that was not tried yet is used at once.
  void certificate_refused(ByteView sha256, const std::string& why, Timestamp no_earlier_than);
  // The hub answers again after it did not for a while; the slot's service was brought up; somebody decided a request
  // of this slot. What is due is tried soon, by the next step(), where it waited for that.
  void network_is_back(Timestamp no_earlier_than);
  void service_is_back();
  void request_is_decided();
  // Makes a key, keeps it and gives its CSR out; the same again while that one is out. ErrorCode::conflict when one
  // with other names or another key is out, or when a request of the slot's own may be answered still.
  Result<std::string> give_request_out(const RequestWish& wish);
  // The certificate for a key that waits here, with the certificates above it.
  Status install(const std::vector<Bytes>& certificates);
  // Whether the certificate in use is from then or later.
  [[nodiscard]] bool installed_since(Timestamp time) const;

 private:
  [[nodiscard]] Moment moment(Timestamp no_earlier_than, double jitter = 0) const;
  // False when the store could not keep it.
  bool tell(const SlotEvent& event, SlotAction* action = nullptr, Timestamp no_earlier_than = {});
  void act(SlotAction action, Haste haste = Haste::none);
  // The pair that is in use from now on, as it is shown.
  void use(const std::optional<Credential>& active);
  // The slot's file was changed since: a renewal is for the names of the certificate that signs it, so it takes an
  // enrolment.
  void look_for_other_names(Timestamp no_earlier_than);
  void look();
  // Lets the service see the live pair where a cut, or a changed service file, left that uncertain. A service that is
  // not well does not keep the slot from its work: a new certificate may be what it waits for.
  void recover();
  void settled();
  void read_request();
  void look_for_challenge();
  [[nodiscard]] Status check_kept_one(const Credential& kept, Timestamp no_earlier_than);
  Result<std::string> by_hand(const SlotEvent& event, Timestamp no_earlier_than);

  SlotSetup setup_;
  SlotParts slot_;
  AgentParts agent_;
  SlotState state_;
  std::optional<pki::Certificate> certificate_;  // in use
  std::string key_place_;
  std::string request_;      // given out, as the folder has it
  std::string left_out_;     // of the authority's certificates, what the log has been told of
  std::string other_names_;  // how the slot's file differs from it; empty: it does not
  std::string unsettled_;    // why the service may not know the live pair; empty: it does
  unsigned recoveries_ = 0;  // that failed, in a row
  Timestamp recovery_tried_{};
  std::optional<Timestamp> recover_at_;  // again
  bool looked_ = false;
  std::string trouble_;               // why not
  std::optional<Timestamp> held_up_;  // by trouble of our own until then
};

}  // namespace chancery::agent
