// The promise: no device that could be reached in the last tenth of its certificate's life has an expired one. What the
// state machine does for it: short pauses then, and none at all where it learns that what it waited for is over.

#include "agent/slot_machine_testing.h"

namespace chancery::agent {
namespace {

// How often it tries from `back` on, for so long, after an outage that began when the renewal was due.
int tries_of(Seconds life, Seconds back_before_the_end, Seconds reachable, testing::FakeRandom& random) {
  Slot slot = with_certificate(life);
  const Timestamp end = slot.state.active->validity.not_after;
  const Timestamp back = end - back_before_the_end;
  int tries = 0;
  while (true) {
    slot.jitter = random.fraction();
    const SlotAction action = slot.at_due();
    if (slot.now > std::min(back + reachable, end)) return tries;
    if (action != SlotAction::ask) continue;
    if (slot.now >= back) ++tries;
    slot.tell(event::Failed{.text = "nobody answers"});
  }
}

TEST(LastTenth, WhoCanBeReachedForAnHourHasHadItsTries) {
  testing::FakeRandom random(11);
  for (const Seconds life : {Seconds(days(7)), Seconds(days(90)), Seconds(days(365)), Seconds(days(3650))})
    for (int round = 0; round < 40; ++round) {
      const auto tenth = static_cast<double>((life / 10 - hours(1)).count());
      const Seconds before_the_end = hours(1) + Seconds(static_cast<Seconds::rep>(tenth * random.fraction()));
      EXPECT_GE(tries_of(life, before_the_end, hours(1), random), 4)
          << to_duration_text(life) << ", " << to_duration_text(before_the_end) << " before its end";
    }
}

TEST(LastTenth, AFiftiethOfAShortLifeHasAsManyTries) {
  testing::FakeRandom random(12);
  for (const Seconds life : {Seconds(hours(1)), Seconds(hours(8)), Seconds(days(1)), Seconds(days(2))})
    for (int round = 0; round < 40; ++round) {
      const auto tenth = static_cast<double>((life / 10 - life / 50).count());
      const Seconds before_the_end = life / 50 + Seconds(static_cast<Seconds::rep>(tenth * random.fraction()));
      EXPECT_GE(tries_of(life, before_the_end, life / 50, random), 4)
          << to_duration_text(life) << ", " << to_duration_text(before_the_end) << " before its end";
    }
}

// A slot whose tries fail since its renewal was due, so that its pauses are as long as they become.
Slot in_an_outage() {
  Slot slot = with_certificate();
  for (int failed = 0; failed < 12; ++failed) {
    EXPECT_EQ(slot.at_due(), SlotAction::ask);
    slot.tell(event::Failed{.text = "nobody answers"});
  }
  return slot;
}

TEST(LastTenth, WhatWaitsForTheNetworkIsTriedSoonWhenItIsBack) {
  const event::Rejected no{.method = Method::signed_request, .text = "no"};
  const struct {
    const char* name;
    std::vector<SlotEvent> before;
    bool sooner;
  } rows[] = {
      {"nobody answered", {}, true},
      {"nobody answered a poll", {event::Waiting{}, event::Failed{.text = "nobody answers"}}, true},
      {"a busy server asked for patience", {event::Failed{.text = "HTTP status 503", .retry_after = hours(20)}}, false},
      {"the authority refused", {no}, false},
      {"somebody has to approve", {event::Waiting{}}, false},
      {"the service does not take what came", {event::InstallationFailed{"health check"}}, false},
      {"nothing is under way", {event::Installed{certificate_from(start + days(60), days(90), 2)}}, false},
  };
  for (const auto& row : rows) {
    Slot slot = in_an_outage();
    for (const SlotEvent& earlier : row.before) slot.tell(earlier);
    slot.now += Seconds(61);
    const auto planned = slot.due();
    for (const double jitter : {0.99, 0.5, 0.0}) {
      Slot told = slot;
      told.jitter = jitter;
      told.tell(event::NetworkBack{});
      if (!row.sooner) {
        EXPECT_EQ(told.due(), planned) << row.name;
        continue;
      }
      EXPECT_EQ(told.wait(), std::min<Seconds>(*planned - told.now, Seconds(static_cast<int>(60 * jitter))))
          << row.name << ": all would come together";
      EXPECT_EQ(told.at_due(), SlotAction::ask) << row.name;
      told.tell(event::Failed{.text = "nobody answers"});
      EXPECT_LE(told.wait(), minutes(3)) << row.name << ": the failures of before say nothing about now";
    }
  }
}

TEST(LastTenth, ANetworkThatComesAndGoesBringsNoStormOfTries) {
  Slot slot = in_an_outage();
  int tries = 0;
  for (const Timestamp end = slot.now + hours(1); slot.now < end; slot.now += Seconds(1)) {
    slot.tell(event::NetworkBack{});
    if (slot.tell(event::Tick{}) != SlotAction::ask) continue;
    ++tries;
    slot.tell(event::Failed{.text = "nobody answers"});
  }
  EXPECT_LE(tries, 61);
  EXPECT_GE(tries, 30);
}

TEST(LastTenth, WhatABusyServerAskedForIsKeptWhenTheClockIsSetBack) {
  Slot slot = in_an_outage();
  slot.tell(event::Failed{.text = "HTTP status 503", .retry_after = hours(20)});
  const Seconds asked = slot.wait();
  EXPECT_EQ(asked, hours(20));
  slot.now -= days(1);
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
  slot.tell(event::NetworkBack{});
  EXPECT_EQ(slot.wait(), asked);
}

TEST(LastTenth, WhatABusyServerAskedForIsKeptWhereThePauseIsLonger) {
  Slot slot = in_an_outage();
  slot.tell(event::Failed{.text = "HTTP status 503", .retry_after = minutes(10)});
  EXPECT_GT(slot.wait(), minutes(10));
  slot.jitter = 0;
  slot.tell(event::NetworkBack{});
  EXPECT_EQ(slot.wait(), minutes(10));
}

TEST(LastTenth, ANetworkThatIsBackBeforeTheFirstTickOfAClockThatWasSetBackKeepsNobodyAsleep) {
  Slot slot = in_an_outage();
  const Seconds pause = slot.wait();
  slot.now -= days(1);
  slot.tell(event::NetworkBack{});
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
  EXPECT_LE(slot.wait(), pause);
}

TEST(LastTenth, AServiceThatWasBroughtUpIsGivenWhatCameAtOnce) {
  Slot slot = in_an_outage();
  for (int failed = 0; failed < 12; ++failed) slot.tell(event::InstallationFailed{"health check"});
  EXPECT_GT(slot.wait(), hours(1));
  slot.tell(event::ServiceBack{});
  EXPECT_EQ(slot.wait(), Seconds(0));
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::install);
}

TEST(LastTenth, ARequestThatWasDecidedIsPolledAtOnce) {
  Slot slot = in_an_outage();
  const auto unmoved = slot.due();
  slot.tell(event::RequestDecided{});
  EXPECT_EQ(slot.due(), unmoved) << "it does not wait for that";
  for (int poll = 0; poll < 60; ++poll) slot.tell(event::Waiting{});
  EXPECT_GT(slot.wait(), minutes(5));
  slot.tell(event::RequestDecided{});
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
}

TEST(LastTenth, ADeviceThatWasOffForLongBeginsWithShortPausesAgain) {
  Slot slot = in_an_outage();
  slot.now = *slot.due() + days(3);
  slot.tell(event::Found{.active = certificate_from(start, days(90)), .pending = true});
  ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  slot.tell(event::Failed{.text = "nobody answers"});
  EXPECT_LE(slot.wait(), minutes(3));
  // One that refuses has not changed its mind for that.
  for (int refused = 0; refused < 12; ++refused) slot.tell(event::Rejected{.method = Method::challenge, .text = "no"});
  slot.now = *slot.due() + days(3);
  ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  slot.tell(event::Rejected{.method = Method::challenge, .text = "no"});
  EXPECT_GT(slot.wait(), minutes(45));
}

TEST(LastTenth, APollThatAFileWantsRarelyComesMoreOftenThen) {
  Slot slot = in_an_outage();
  slot.policy.poll_interval = days(7);
  slot.tell(event::Waiting{});
  EXPECT_GT(slot.wait(), hours(20));
  slot.now = slot.state.active->validity.not_after - days(8);
  slot.tell(event::Waiting{});
  EXPECT_LE(slot.wait(), minutes(15));
}

TEST(LastTenth, AClockThatWasSetRightEndsThePause) {
  Slot slot = in_an_outage();
  const Timestamp right = slot.now + minutes(2);
  EXPECT_GT(*slot.due() - right, hours(1));
  slot.now = Timestamp(Seconds(90));  // 1970: the battery was empty
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
  slot.now = right;
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
}

}  // namespace
}  // namespace chancery::agent
