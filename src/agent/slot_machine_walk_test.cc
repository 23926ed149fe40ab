// A slot led astray: random events, outcomes, restarts and clocks, with what must hold after every one of them.

#include <gtest/gtest.h>

#include <array>

#include "agent/slot_machine.h"
#include "testing/fakes.h"

namespace chancery::agent {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
namespace event = slot_event;

const Timestamp built{Seconds(1767225600)};

bool operator==(const ActiveCertificate& a, const ActiveCertificate& b) {
  return a.sha256 == b.sha256 && a.renew_at == b.renew_at && a.installed_at == b.installed_at;
}

bool same(const SlotState& a, const SlotState& b) {
  return a.phase == b.phase && a.active.has_value() == b.active.has_value() && (!a.active || *a.active == *b.active) &&
         a.method == b.method && a.next_attempt == b.next_attempt && a.decided == b.decided &&
         a.asked_to_wait_until == b.asked_to_wait_until && a.failures == b.failures && a.polls == b.polls &&
         a.rejected == b.rejected && a.last_error == b.last_error && a.given_out_until == b.given_out_until &&
         a.clock_was_wrong == b.clock_was_wrong && a.spent_challenge == b.spent_challenge &&
         a.refused_challenge == b.refused_challenge;
}

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {}

  void run(int steps) {
    tell(event::Found{});
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) one();
  }
  int asked = 0;
  int installed = 0;

 private:
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>(random_.fraction() * static_cast<double>(bound));
  }
  Seconds some_life() {
    constexpr std::array<Seconds, 5> lives = {minutes(2), hours(1), days(1), days(90), days(3650)};
    return lives[below(lives.size())];
  }
  [[nodiscard]] Moment moment() const { return {.now = now_, .no_earlier_than = built, .jitter = jitter_}; }

  event::KnownCertificate fresh() {
    // A careful installer lets only what is good now into use.
    const Seconds life = some_life();
    const Seconds age(static_cast<Seconds::rep>(below(static_cast<std::uint64_t>(life.count()))));
    return {.sha256 = random_.bytes(32), .validity = {.not_before = now_ - age, .not_after = now_ - age + life}};
  }

  void one() {
    switch (below(15)) {
      case 0:  // The clock jumps.
        now_ += (below(2) == 0 ? 1 : -1) * Seconds(static_cast<Seconds::rep>(below(400 * 86400)));
        if (below(4) == 0) now_ = Timestamp(Seconds(static_cast<Seconds::rep>(below(1000))));
        return tick();
      case 1: now_ = std::max(now_, built + days(below(1000))); return tick();
      case 2: return restart();
      case 3: return by_hand();
      case 4: now_ += Seconds(static_cast<Seconds::rep>(below(7200))); return tick();
      case 5:
      case 6: return challenge_at_hand();
      case 7: return obstacle_gone();
      default: break;
    }
    const auto due = due_at(policy_, state_, moment());
    ASSERT_TRUE(due) << "a slot with an authority always has something to do some day";
    if (*due > now_) now_ = *due;
    tick();
  }

  void by_hand() {
    switch (below(6)) {
      case 0: tell(event::RenewNow{}); return;
      case 1: tell(event::EnrolNow{}); return;
      case 2: tell(event::Activated{fresh()}); return;
      case 3: tell(event::NextWay{}); return;
      case 4: tell(event::GivenUp{}); return;
      default: tell(event::RequestGivenOut{.until = now_ + days(below(60))});
    }
  }

  // One of a few, so that those that were refused or spent come again.
  Bytes some_challenge() { return Bytes(below(4) == 0 ? 0 : 32, static_cast<std::uint8_t>(below(6))); }

  void challenge_at_hand() {
    const SlotState before = state_;
    const Bytes challenge = some_challenge();
    const bool refused = below(2) == 0;
    if (refused)
      tell(event::CertificateRefused{.text = "revoked", .challenge = challenge});
    else
      tell(event::ChallengeFound{challenge});
    if (same(before, state_)) return;
    EXPECT_EQ(state_.method, Method::challenge);
    EXPECT_EQ(state_.phase, SlotPhase::asking);
    EXPECT_TRUE(refused || before.rejected);
    EXPECT_FALSE(challenge.empty());
    EXPECT_NE(challenge, before.spent_challenge) << "it will bring no other certificate";
    EXPECT_NE(challenge, before.refused_challenge) << "it has had its try";
  }

  // Makes what is planned sooner at most, and never sooner than a busy server asked for.
  void obstacle_gone() {
    const SlotState before = state_;
    switch (below(3)) {
      case 0: tell(event::NetworkBack{}); break;
      case 1: tell(event::ServiceBack{}); break;
      default: tell(event::RequestDecided{});
    }
    EXPECT_EQ(state_.phase, before.phase);
    EXPECT_LE(state_.next_attempt, before.next_attempt);
    EXPECT_GE(state_.next_attempt, std::min(before.next_attempt, before.asked_to_wait_until));
    const bool refused = before.rejected && before.phase == SlotPhase::asking;
    EXPECT_TRUE(!refused || same(before, state_)) << "it does not wait for that";
  }

  void restart() {
    event::Found found;
    if (state_.active)
      found.active = event::KnownCertificate{.sha256 = state_.active->sha256, .validity = state_.active->validity};
    found.pending = state_.phase == SlotPhase::polling || state_.phase == SlotPhase::installing || below(2) == 0;
    found.awaiting_approval = state_.phase == SlotPhase::polling;
    found.received = state_.phase == SlotPhase::installing;
    found.refused = found.pending && !found.awaiting_approval && below(2) == 0;
    const SlotState before = state_;
    tell(found);
    if (before.phase != SlotPhase::idle) {
      EXPECT_EQ(state_.next_attempt, before.next_attempt) << "a restart makes nothing sooner or later";
    }
  }

  void tick() {
    const bool wrong = clock_is_wrong(state_, moment());
    const auto due = due_at(policy_, state_, moment());
    const SlotAction action = tell(event::Tick{});
    if (wrong) {
      EXPECT_EQ(action, SlotAction::none) << "a clock that cannot be right";
      return;
    }
    if (*due > now_) {
      EXPECT_EQ(action, SlotAction::none) << "nothing was due";
    }
    if (action == SlotAction::none) {
      EXPECT_GT(*due_at(policy_, state_, moment()), now_) << "due, and nothing happens";
      return;
    }
    EXPECT_GT(state_.next_attempt, now_) << "what ends the process would be tried again at once";
    answer(action);
  }

  void answer(SlotAction action) {
    ++asked;
    const bool install = action == SlotAction::install;
    Seconds retry_after{0};
    if (below(5) == 0) retry_after = Seconds(static_cast<Seconds::rep>(below(100 * 86400)));
    const auto method = static_cast<Method>(below(3));
    switch (below(install ? 3 : 6)) {
      case 0:
        ++installed;
        tell(event::Installed{.certificate = fresh(), .spent_challenge = some_challenge()});
        return check_renewal_time();
      case 1: tell(event::InstallationFailed{"health check"}), retry_after = Seconds(0); break;
      case 2:
        if (install)
          tell(event::ReceivedLost{"gone"}), retry_after = Seconds(0);
        else
          tell(event::Failed{.text = "nobody", .retry_after = retry_after});
        break;
      case 3: tell(event::Waiting{.retry_after = retry_after}); break;
      case 4: tell(event::Failed{.text = "503", .retry_after = retry_after}); break;
      default:
        tell(event::Rejected{.method = method, .text = "no", .challenge = some_challenge()});
        retry_after = Seconds(0);
    }
    check_wait(retry_after);
  }

  void check_renewal_time() {
    const ActiveCertificate& active = *state_.active;
    const Timestamp from = std::max(active.validity.not_before, now_);
    const Seconds life = active.validity.not_after - from;
    EXPECT_GE(active.renew_at, from + life * 60 / 100 - Seconds(1));
    EXPECT_LE(active.renew_at, std::max(from + life * 80 / 100 + Seconds(1), now_ + Seconds(60)));
    EXPECT_GE(active.renew_at, now_ + Seconds(60)) << "no storm of certificates";
  }

  // After an attempt that brought nothing.
  void check_wait(Seconds retry_after) {
    const Seconds wait = state_.next_attempt - now_;
    EXPECT_GE(wait, Seconds(4)) << "no storm of requests";
    EXPECT_LE(wait, retry_after > Seconds(0) ? Seconds(days(1)) : Seconds(hours(6)));
    if (!state_.active || now_ >= state_.active->validity.not_after) return;
    const Seconds left = state_.active->validity.not_after - now_;
    EXPECT_LE(wait, std::max(left / (retry_after > Seconds(0) ? 4 : 20), Seconds(60)));
  }

  SlotAction tell(const SlotEvent& event) {
    jitter_ = random_.fraction();
    const SlotDecision decision = decide(policy_, state_, event, moment());
    const SlotDecision repeated = decide(policy_, state_, event, moment());
    EXPECT_TRUE(same(decision.state, repeated.state) && decision.action == repeated.action) << "not a function";
    const bool may_draw =
        std::holds_alternative<event::Installed>(event) || std::holds_alternative<event::Activated>(event);
    if (!may_draw && state_.active && decision.state.active) {
      EXPECT_EQ(decision.state.active->renew_at, state_.active->renew_at) << "drawn again";
    }
    if (!std::holds_alternative<event::Tick>(event)) {
      EXPECT_EQ(decision.action, SlotAction::none);
    }
    state_ = decision.state;
    return decision.action;
  }

  testing::FakeRandom random_;
  SlotPolicy policy_{.renewal = {}, .poll_interval = minutes(1), .has_source = true};
  SlotState state_;
  Timestamp now_ = built + days(10);
  double jitter_ = 0;
};

TEST(SlotMachineWalk, HoldsWhatItPromisesWhateverHappens) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    Walk walk(seed);
    walk.run(1200);
    EXPECT_GT(walk.asked, 100);
    EXPECT_GT(walk.installed, 10);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace chancery::agent
