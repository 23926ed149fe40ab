#include "agent/slot_machine_testing.h"

namespace chancery::agent {
namespace {

TEST(SlotMachine, SpendsNoChallengeOnARefusalWhileItsClockIsWrong) {
  Slot slot = with_certificate();
  slot.now = start - days(1);
  slot.tell(event::CertificateRefused{.text = "no", .challenge = Bytes(32, 7)});
  EXPECT_EQ(slot.state.phase, SlotPhase::idle);
}

TEST(SlotMachine, AsksWithAnUntriedChallengeAtOnceWhenTheHubRefusesTheCertificate) {
  const Bytes fresh(32, 7), spent(32, 8), refused(32, 9);
  const event::Rejected no{.method = Method::renewal, .text = "no"};
  const struct {
    const char* name;
    std::vector<SlotEvent> before;
    Bytes challenge;
    bool expect;  // that it is asked with now
  } rows[] = {
      {"a new one", {}, fresh, true},
      {"none", {}, {}, false},
      {"one that brought a certificate", {}, spent, false},
      {"one that the authority refused", {}, refused, false},
      {"a new one, while renewals are refused", {event::RenewNow{}, event::Tick{}, no}, fresh, true},
      {"a new one, while a renewal waits for approval",
       {event::RenewNow{}, event::Tick{}, event::Waiting{}},
       fresh,
       true},
      {"a new one, while nobody answers what is asked with one",
       {event::EnrolNow{}, event::Tick{}, event::Failed{.text = "nobody"}},
       fresh,
       false},
      {"a new one, while what came cannot be installed", {event::InstallationFailed{"health check"}}, fresh, false},
      {"a new one, while a request is given out", {event::RequestGivenOut{.until = start + days(9)}}, fresh, false},
      {"a new one, and the slot is empty", {event::Found{}, event::Tick{}, event::Failed{.text = "no"}}, fresh, false},
  };
  for (const auto& row : rows) {
    Slot slot = with_certificate();
    slot.state.spent_challenge = spent;
    slot.state.refused_challenge = refused;
    for (const SlotEvent& earlier : row.before) slot.tell(earlier);
    slot.notes.clear();
    slot.tell(event::CertificateRefused{.text = "it is revoked", .challenge = row.challenge});
    EXPECT_EQ(slot.tell(event::Tick{}) == SlotAction::ask, row.expect) << row.name;
    if (!row.expect) continue;
    EXPECT_EQ(slot.state.method, Method::challenge) << row.name;
    EXPECT_EQ(slot.notes.at(0), "requested: it is revoked: there is a challenge to ask with") << row.name;
  }
  Slot by_hand = with_certificate();
  by_hand.policy.has_source = false;
  by_hand.tell(event::CertificateRefused{.text = "it is revoked", .challenge = fresh});
  EXPECT_EQ(by_hand.state.phase, SlotPhase::idle);
}

// A hub that refuses every few seconds does not make the slot ask its authority more often than once a challenge.
TEST(SlotMachine, IsNotDrivenByAHubThatRefusesWithoutEnd) {
  for (const bool answers : {true, false}) {
    Slot slot = with_certificate();
    int asked = 0;
    for (int second = 0; second < 3600; second += 5, slot.now += Seconds(5)) {
      slot.tell(event::CertificateRefused{.text = "no", .challenge = Bytes(32, 7)});
      if (*slot.due() > slot.now || slot.tell(event::Tick{}) != SlotAction::ask) continue;
      ++asked;
      if (answers)
        slot.tell(event::Rejected{.method = slot.state.method, .text = "no", .challenge = Bytes(32, 7)});
      else
        slot.tell(event::Failed{.text = "nobody answers"});
    }
    EXPECT_LE(asked, answers ? 4 : 6);
    EXPECT_GE(asked, 1);
  }
}

TEST(SlotMachine, AsksAtOnceWithAnotherChallengeThanTheOneThatWasRefused) {
  const Bytes refused(32, 7), other(32, 8);
  Slot slot;
  slot.tell(event::Found{});
  slot.tell(event::Tick{});
  EXPECT_FALSE(awaits_challenge(slot.state));
  slot.tell(event::Rejected{.text = "badRequest", .challenge = refused});
  EXPECT_TRUE(awaits_challenge(slot.state));
  slot.tell(event::ChallengeFound{refused});
  EXPECT_GT(slot.wait(), minutes(45));
  slot.tell(event::ChallengeFound{other});
  EXPECT_EQ(slot.wait(), Seconds(0));
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  slot.tell(event::Rejected{.text = "badRequest", .challenge = other});
  slot.tell(event::ChallengeFound{other});
  EXPECT_GT(slot.wait(), minutes(45));
  // Of a certificate that is good, all ways are tried in their order first.
  slot = with_certificate();
  slot.tell(event::RenewNow{});
  slot.tell(event::Tick{});
  slot.tell(event::Rejected{.method = Method::renewal, .text = "no", .challenge = other});
  EXPECT_FALSE(awaits_challenge(slot.state));
}

}  // namespace
}  // namespace chancery::agent
