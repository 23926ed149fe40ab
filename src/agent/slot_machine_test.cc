#include "agent/slot_machine_testing.h"

namespace chancery::agent {
namespace {

TEST(SlotMachine, EnrolsAtOnceWhenTheSlotIsEmpty) {
  Slot slot;
  slot.tell(event::Found{});
  EXPECT_EQ(slot.due(), start);
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  EXPECT_EQ(slot.state.method, Method::challenge);
  EXPECT_EQ(slot.stage(), SlotStage::enrolling);
  slot.tell(event::Installed{certificate_from(start, days(90))});
  EXPECT_EQ(slot.stage(), SlotStage::valid);
  EXPECT_EQ(slot.notes, (std::vector<std::string>{"requested: asking the authority: challenge",
                                                  "installed: good until 2026-04-01T00:00:00Z",
                                                  "renewal_scheduled: 2026-03-05T00:00:00Z"}));
}

TEST(SlotMachine, LeavesASlotWithoutAnAuthorityToItsAdministrator) {
  Slot slot{.policy = {}};
  slot.tell(event::Found{});
  EXPECT_EQ(slot.due(), std::nullopt);
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
  slot.tell(event::Installed{certificate_from(start, days(1))});
  slot.now += days(3);
  EXPECT_EQ(slot.due(), std::nullopt);
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
  EXPECT_EQ(slot.stage(), SlotStage::expired);
}

TEST(RenewalTime, IsDrawnBetweenTheTwoPartsOfTheLifeThatIsLeft) {
  const pki::Validity validity{.not_before = start, .not_after = start + Seconds(1000)};
  const struct {
    const char* name;
    Timestamp installed_at;
    RenewalSpan span;
    double jitter;
    Seconds expect;  // after `start`
  } rows[] = {
      {"earliest", start, {}, 0, Seconds(600)},
      {"in between", start, {}, 0.5, Seconds(700)},
      {"nearly latest", start, {}, 0.999, Seconds(799)},
      {"a span of one's own", start, {.earliest = 10, .latest = 20}, 0.5, Seconds(150)},
      {"installed late", start + Seconds(500), {}, 0, Seconds(800)},
      {"installed by a clock that is behind", start - days(1), {}, 0, Seconds(600)},
      {"installed after its end", start + Seconds(2000), {}, 0.5, Seconds(2000)},
  };
  for (const auto& row : rows)
    EXPECT_EQ(renewal_time(validity, row.installed_at, row.span, row.jitter) - start, row.expect) << row.name;
}

TEST(SlotMachine, DrawsTheRenewalTimeOnceAndKeepsItOverRestarts) {
  Slot slot = with_certificate();
  const Timestamp drawn = slot.state.active->renew_at;
  EXPECT_EQ(slot.due(), drawn);
  for (const double jitter : {0.0, 0.3, 0.9}) {
    slot.now += days(5);
    slot.jitter = jitter;
    slot.tell(event::Found{.active = certificate_from(start, days(90))});
    EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
    EXPECT_EQ(slot.due(), drawn);
  }
  EXPECT_EQ(slot.at_due(), SlotAction::ask);
  EXPECT_EQ(slot.state.method, Method::renewal);
  EXPECT_EQ(slot.stage(), SlotStage::renewing);
}

TEST(SlotMachine, TriesEachWayOfAskingWhenTheAuthorityRefuses) {
  const struct {
    const char* name;
    bool has_certificate;
    bool challenge;
    Method asked;
    Method next;
    Seconds wait;  // with jitter 0.5
  } rows[] = {
      {"RenewalReq", true, false, Method::renewal, Method::signed_request, minutes(1)},
      {"signed PKCSReq, no challenge", true, false, Method::signed_request, Method::renewal, Seconds(3240)},
      {"signed PKCSReq, a challenge", true, true, Method::signed_request, Method::challenge, minutes(1)},
      {"the challenge, too", true, true, Method::challenge, Method::renewal, Seconds(3240)},
      {"the first enrolment", false, true, Method::challenge, Method::challenge, Seconds(3240)},
  };
  for (const auto& row : rows) {
    Slot slot;
    if (row.has_certificate) slot = with_certificate();
    slot.tell(row.has_certificate ? SlotEvent(event::RenewNow{}) : SlotEvent(event::Found{}));
    EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask) << row.name;
    slot.tell(
        event::Rejected{.method = row.asked, .text = "badRequest", .challenge = Bytes(row.challenge ? 32 : 0, 9)});
    EXPECT_EQ(slot.state.method, row.next) << row.name;
    EXPECT_EQ(slot.wait(), row.wait) << row.name;
    EXPECT_EQ(slot.stage(), SlotStage::failed) << row.name;
    EXPECT_EQ(slot.state.last_error, "the authority refused: badRequest") << row.name;
    EXPECT_EQ(slot.at_due(), SlotAction::ask) << row.name;
  }
}

TEST(SlotMachine, KeepsAskingAnAuthorityThatRefusesEverMoreSlowly) {
  Slot slot;
  slot.tell(event::Found{});
  std::vector<hours> waits;
  for (int refused = 0; refused < 6; ++refused) {
    ASSERT_EQ(slot.at_due(), SlotAction::ask);
    slot.tell(event::Rejected{.method = Method::challenge, .text = "badRequest"});
    waits.push_back(std::chrono::ceil<hours>(slot.wait()));
  }
  EXPECT_EQ(waits, (std::vector<hours>{hours(1), hours(2), hours(4), hours(6), hours(6), hours(6)}));
  EXPECT_EQ(std::ranges::count(slot.notes, "failed: the authority refused: badRequest"), 1);
}

TEST(BackOff, GrowsFromAMinuteToSixHoursAndShrinksWhenTheEndIsNear) {
  const struct {
    const char* name;
    Seconds life;  // 0: no certificate
    Seconds left;
    unsigned failures;
    Setback setback;
    Seconds least, most;  // with any jitter
  } rows[] = {
      {"first", days(90), days(30), 1, Setback::failed, Seconds(60), Seconds(75)},
      {"second", days(90), days(30), 2, Setback::failed, Seconds(120), Seconds(150)},
      {"tenth", days(90), days(30), 10, Setback::failed, Seconds(17280), Seconds(21600)},
      {"many", days(90), days(30), 4000000000, Setback::failed, Seconds(17280), Seconds(21600)},
      {"the last tenth is near", days(90), days(9) + hours(1), 10, Setback::failed, Seconds(4320), Seconds(4500)},
      {"in the last tenth", days(90), days(8), 10, Setback::failed, Seconds(720), Seconds(900)},
      {"a day is left", days(90), days(1), 10, Setback::failed, Seconds(720), Seconds(900)},
      {"an hour is left", days(90), hours(1), 10, Setback::failed, Seconds(180), Seconds(180)},
      {"a minute is left", days(90), minutes(1), 10, Setback::failed, Seconds(60), Seconds(60)},
      {"it ended", days(90), Seconds(-1), 10, Setback::failed, Seconds(2880), Seconds(3600)},
      {"there is none", Seconds(0), Seconds(0), 10, Setback::failed, Seconds(2880), Seconds(3600)},
      {"refused", days(90), days(30), 1, Setback::rejected, Seconds(2880), Seconds(3600)},
      {"refused for long", days(90), days(30), 9, Setback::rejected, Seconds(17280), Seconds(21600)},
      {"refused, in the last tenth", days(90), days(8), 9, Setback::rejected, Seconds(2880), Seconds(3600)},
      {"refused when it ended", days(90), Seconds(-1), 9, Setback::rejected, Seconds(17280), Seconds(21600)},
      {"refused and the end near", days(90), hours(1), 9, Setback::rejected, Seconds(180), Seconds(180)},
      {"short-lived", minutes(10), minutes(3), 1, Setback::failed, Seconds(4), Seconds(6)},
      {"short-lived, many", minutes(10), minutes(3), 9, Setback::failed, Seconds(9), Seconds(9)},
      {"short-lived, in its last tenth", minutes(10), Seconds(50), 9, Setback::failed, Seconds(5), Seconds(5)},
  };
  for (const auto& row : rows) {
    SlotState state{.failures = row.failures};
    const pki::Validity validity{.not_before = start + row.left - row.life, .not_after = start + row.left};
    if (row.life > Seconds(0)) state.active = ActiveCertificate{.sha256 = {}, .validity = validity};
    const Seconds low = back_off(state, row.setback, start, 0);
    const Seconds high = back_off(state, row.setback, start, 0.999999);
    EXPECT_EQ(low, row.least) << row.name;
    EXPECT_GE(high + Seconds(1), row.most) << row.name;
    EXPECT_LE(high, row.most) << row.name;
  }
}

TEST(SlotMachine, HeedsRetryAfterUnlessTheCertificateWouldEndMeanwhile) {
  const struct {
    const char* name;
    Seconds left;
    Seconds asked;
    Seconds wait;
  } rows[] = {
      {"not said", days(20), Seconds(0), Seconds(67)},      {"less than planned", days(20), Seconds(5), Seconds(67)},
      {"more than planned", days(20), hours(2), hours(2)},  {"absurd", days(20), days(300), days(1)},
      {"beyond the end", hours(2), hours(12), minutes(30)},
  };
  for (const auto& row : rows) {
    Slot slot = with_certificate();
    slot.now = slot.state.active->validity.not_after - row.left;
    ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask) << row.name;
    slot.tell(event::Failed{.text = "HTTP status 503", .retry_after = row.asked});
    EXPECT_EQ(slot.wait(), row.wait) << row.name;
  }
}

TEST(SlotMachine, PollsEverMoreSlowlyAndGoesOnAfterARestart) {
  Slot slot{.jitter = 0.999999};
  slot.tell(event::Found{});
  std::vector<minutes> waits;
  for (int poll = 0; poll < 60; ++poll) {
    ASSERT_EQ(slot.at_due(), SlotAction::ask);
    slot.tell(event::Waiting{});
    EXPECT_EQ(slot.stage(), SlotStage::awaiting_approval);
    waits.push_back(std::chrono::ceil<minutes>(slot.wait()));
    const auto planned = slot.due();
    slot.tell(event::Found{.pending = true, .awaiting_approval = true});
    EXPECT_EQ(slot.due(), planned) << "a restart changes nothing";
  }
  EXPECT_EQ(waits.front(), minutes(1));
  EXPECT_EQ(waits.back(), minutes(10));
  EXPECT_EQ(std::ranges::count(slot.notes, "pending: the authority wants somebody to approve the request"), 1);
}

// Whoever approves after so long sees the device come back within that.
TEST(PollDelay, IsTheFilesIntervalAtFirstAndThenATenthOfTheTimeWaited) {
  const struct {
    const char* name;
    Seconds interval;
    Seconds waited;
    Seconds least, most;
  } rows[] = {
      {"the first poll", Seconds(10), Seconds(0), Seconds(10), Seconds(10)},
      {"after a minute and a half", Seconds(10), Seconds(90), Seconds(10), Seconds(10)},
      {"after ten minutes", Seconds(10), minutes(10), Seconds(50), Seconds(60)},
      {"after an hour", Seconds(10), hours(1), Seconds(320), minutes(6)},
      {"after a day", Seconds(10), hours(24), minutes(10), minutes(10)},
      {"rarely, from the start", hours(3), hours(24), hours(3), hours(3)},
      {"nobody asks all the time", Seconds(0), Seconds(0), Seconds(5), Seconds(5)},
  };
  for (const auto& row : rows) {
    SlotState state;
    Seconds waited{0};
    const auto delay = [&] { return poll_delay(state, row.interval, start, 1); };
    for (; waited + delay() <= row.waited; ++state.polls) waited += delay();
    EXPECT_GE(delay(), row.least) << row.name;
    EXPECT_LE(delay(), row.most) << row.name;
  }
  SlotState state{.polls = 4000000000};
  EXPECT_EQ(poll_delay(state, Seconds(10), start, 1), minutes(10));
}

TEST(SlotMachine, TakesUpWhatTheFolderHoldsWhenItsOwnRecordIsLost) {
  const auto active = certificate_from(start - days(50), days(90));
  const struct {
    const char* name;
    event::Found found;
    SlotPhase phase;
    SlotAction action;
  } rows[] = {
      {"nothing", {}, SlotPhase::asking, SlotAction::ask},
      {"a certificate", {.active = active}, SlotPhase::idle, SlotAction::none},
      {"a request", {.pending = true}, SlotPhase::asking, SlotAction::ask},
      {"a request that waits", {.pending = true, .awaiting_approval = true}, SlotPhase::polling, SlotAction::ask},
      {"a renewal", {.active = active, .pending = true}, SlotPhase::asking, SlotAction::ask},
      {"what came", {.active = active, .pending = true, .received = true}, SlotPhase::installing, SlotAction::install},
  };
  for (const auto& row : rows) {
    Slot slot;
    slot.tell(row.found);
    EXPECT_EQ(slot.tell(event::Tick{}), row.action) << row.name;
    EXPECT_EQ(slot.state.phase, row.phase) << row.name;
  }
}

TEST(SlotMachine, TakesTheFoldersWordForWhatIsInUse) {
  Slot slot = with_certificate();
  slot.now = *slot.due();
  ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  // The power went after the swap, and before the record of it.
  slot.tell(event::Found{.active = certificate_from(slot.now, days(90), 2)});
  EXPECT_EQ(slot.stage(), SlotStage::valid);
  EXPECT_EQ(slot.state.active->sha256, Bytes(32, 2));
  EXPECT_GT(slot.state.active->renew_at, slot.now + days(50));
  // Somebody emptied the folder.
  slot.tell(event::Found{});
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  EXPECT_EQ(slot.state.method, Method::challenge);
}

TEST(SlotMachine, InstallsWhatItHasAgainWithoutAskingTheAuthority) {
  Slot slot = with_certificate();
  slot.now = *slot.due();
  ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  for (int failed = 0; failed < 3; ++failed) {
    slot.tell(event::InstallationFailed{"health check: connection refused"});
    EXPECT_GT(slot.wait(), Seconds(0));
    ASSERT_EQ(slot.at_due(), SlotAction::install);
  }
  EXPECT_EQ(slot.stage(), SlotStage::failed);
  EXPECT_EQ(std::ranges::count(slot.notes, "rolled_back: health check: connection refused"), 1);
  slot.tell(event::ReceivedLost{"it ended meanwhile"});
  EXPECT_EQ(slot.at_due(), SlotAction::ask);
}

TEST(SlotMachine, KeepsTryingWithACertificateThatEnded) {
  Slot slot = with_certificate();
  slot.now += days(200);
  slot.tell(event::Found{.active = certificate_from(start, days(90))});
  for (int tries = 0; tries < 100; ++tries) {
    ASSERT_EQ(slot.at_due(), SlotAction::ask);
    EXPECT_EQ(slot.stage(), SlotStage::expired);
    slot.tell(event::Failed{.text = "nobody answers"});
    EXPECT_LE(slot.wait(), hours(1));
  }
  slot.tell(event::Installed{certificate_from(slot.now, days(90), 2)});
  EXPECT_EQ(slot.stage(), SlotStage::valid);
}

TEST(SlotMachine, DoesNothingByAClockThatCannotBeRightAndSaysSo) {
  Slot empty;
  empty.now = Timestamp(Seconds(90));  // 1970
  empty.tell(event::Found{});
  Slot renewing = with_certificate();
  renewing.tell(event::RenewNow{});
  renewing.built = Timestamp();
  renewing.now = start - hours(1);  // before the notBefore that an authority signed
  for (Slot* slot : {&empty, &renewing}) {
    slot->notes.clear();
    for (int tick = 0; tick < 3; ++tick) {
      EXPECT_EQ(slot->tell(event::Tick{}), SlotAction::none);
      EXPECT_EQ(slot->wait(), minutes(5));
      slot->now += minutes(5);
    }
    ASSERT_EQ(slot->notes.size(), 1U);
    EXPECT_TRUE(slot->notes[0].ends_with("nothing is done until it is set")) << slot->notes[0];
    slot->now = start + days(1);
    EXPECT_EQ(slot->tell(event::Tick{}), SlotAction::ask);
  }
  EXPECT_EQ(empty.notes[0].substr(0, 53), "failed: this device's clock says 1970-01-01T00:01:30Z");
}

TEST(SlotMachine, ChoosesANewTimeWhenTheClockWasSetBack) {
  Slot slot;
  slot.now = start + days(3000);
  slot.tell(event::Found{});
  ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  slot.tell(event::Failed{.text = "nobody answers"});
  const Seconds wait = slot.wait();
  slot.now = start;
  EXPECT_EQ(slot.due(), start);
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::none);
  EXPECT_EQ(slot.wait(), wait);
}

// Keys, flash and the service pay for each certificate.
TEST(SlotMachine, LeavesAMinuteBetweenTwoCertificatesHoweverShortTheirLives) {
  for (const int life : {0, 1, 10, 59, 60}) {
    Slot slot;
    slot.tell(event::Found{});
    int installed = 0;
    for (const Timestamp end = start + hours(1); slot.now < end; ++installed) {
      if (slot.at_due() == SlotAction::ask) slot.tell(event::Installed{certificate_from(slot.now, Seconds(life))});
      ASSERT_LT(installed, 100) << life;
    }
    EXPECT_GT(installed, 50) << life;
  }
}

TEST(SlotMachine, RestsWhenItsFileNamesNoAuthorityAnyMore) {
  const struct {
    const char* name;
    std::vector<SlotEvent> before;
  } rows[] = {
      {"while it asked", {event::RenewNow{}, event::Tick{}, event::Failed{.text = "nobody answers"}}},
      {"while it waited for approval", {event::RenewNow{}, event::Tick{}, event::Waiting{}}},
      {"when what it had received was lost", {event::InstallationFailed{"health check"}, event::ReceivedLost{"gone"}}},
  };
  for (const auto& row : rows) {
    Slot slot = with_certificate();
    for (const SlotEvent& earlier : row.before) slot.tell(earlier);
    slot.policy.has_source = false;
    slot.tell(event::Found{.active = certificate_from(start, days(90)), .pending = true, .awaiting_approval = true});
    EXPECT_EQ(slot.stage(), SlotStage::valid) << row.name;
    EXPECT_EQ(slot.due(), std::nullopt) << row.name;
    slot.tell(event::InstallationFailed{"health check"});
    slot.tell(event::ReceivedLost{"gone"});
    EXPECT_EQ(slot.due(), std::nullopt) << row.name;
  }
}

TEST(SlotMachine, DoesWhatAPersonAsksAtOnce) {
  Slot slot = with_certificate();
  slot.tell(event::RenewNow{});
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  EXPECT_EQ(slot.state.method, Method::renewal);
  slot.tell(event::Rejected{.method = Method::signed_request, .text = "no"});
  EXPECT_GT(slot.wait(), minutes(30));
  slot.tell(event::EnrolNow{});
  EXPECT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
  EXPECT_EQ(slot.state.method, Method::challenge);
  slot.tell(event::Activated{certificate_from(start - days(30), days(90), 3)});
  EXPECT_EQ(slot.stage(), SlotStage::valid);
  EXPECT_EQ(slot.state.active->sha256, Bytes(32, 3));
  EXPECT_EQ(slot.due(), slot.state.active->renew_at);
}

TEST(SlotMachine, ByHandTheNextWayIsTriedAtOnceAndARefusalLeavesThePlanAlone) {
  for (const bool is_due : {false, true}) {
    Slot slot = with_certificate();
    const Timestamp renewal = *slot.due();
    if (is_due) slot.now = renewal + hours(1);
    slot.tell(event::RenewNow{});
    std::vector<Method> asked;
    do {
      ASSERT_EQ(slot.tell(event::Tick{}), SlotAction::ask);
      asked.push_back(slot.state.method);
      slot.tell(event::Rejected{.method = slot.state.method, .text = "no", .challenge = Bytes(32, 9)});
      if (another_way_is_left(slot.state)) slot.tell(event::NextWay{});
    } while (slot.wait() == Seconds(0));
    EXPECT_EQ(asked, (std::vector<Method>{Method::renewal, Method::signed_request, Method::challenge}));
    slot.tell(event::GivenUp{});
    EXPECT_EQ(slot.stage(), is_due ? SlotStage::failed : SlotStage::valid);
    if (is_due) continue;
    // Its request stays in the folder.
    slot.tell(event::Found{.active = certificate_from(start, days(90)), .pending = true, .refused = true});
    EXPECT_EQ(slot.due(), renewal);
    EXPECT_EQ(slot.at_due(), SlotAction::ask);
    EXPECT_EQ(slot.state.method, Method::renewal);
  }
}

TEST(SlotMachine, LeavesASlotWhoseRequestWasGivenOutAloneForAWhile) {
  Slot slot = with_certificate();
  slot.now = *slot.due() - days(1);
  slot.tell(event::RequestGivenOut{.until = slot.now + days(400)});
  slot.tell(event::Found{.active = certificate_from(start, days(90)), .pending = true});
  EXPECT_EQ(slot.stage(), SlotStage::valid);
  EXPECT_EQ(slot.due(), start + days(81)) << "the last tenth is ours again";
  EXPECT_EQ(slot.at_due(), SlotAction::ask);
}

// A certificate is renewed in time whenever the authority answers in the last tenth of its life, however long it did
// not before.
TEST(SlotMachine, RenewsInTheLastTenthOfTheLifeAfterAnyOutage) {
  testing::FakeRandom random(7);
  for (const Seconds life :
       {Seconds(minutes(10)), Seconds(hours(8)), Seconds(days(7)), Seconds(days(90)), Seconds(days(398))})
    for (int round = 0; round < 50; ++round) {
      Slot slot = with_certificate(life);
      const Timestamp end = slot.state.active->validity.not_after;
      const Timestamp back =
          end -
          Seconds(static_cast<Seconds::rep>(static_cast<double>(life.count()) * (0.05 + 0.05 * random.fraction())));
      bool renewed = false;
      while (!renewed && slot.now < end) {
        slot.jitter = random.fraction();
        if (slot.at_due() != SlotAction::ask) continue;
        renewed = slot.now >= back;
        if (!renewed && random.fraction() < 0.5) slot.tell(event::Failed{.text = "nobody answers"});
        if (!renewed) slot.tell(event::Rejected{.method = slot.state.method, .text = "no"});
      }
      EXPECT_LT(slot.now, end) << to_duration_text(life);
    }
}

}  // namespace
}  // namespace chancery::agent
