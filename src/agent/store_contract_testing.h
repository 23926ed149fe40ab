#pragma once

// What every agent::AgentStore must do. Only one file of a test program may include it, and say
//   INSTANTIATE_TEST_SUITE_P(Sqlite, AgentStoreContract, ::testing::Values(&make_store));

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "agent/store.h"

namespace chancery::testing {

// A new store. reopen() is what the next start of the agent sees.
class TestAgentStore {
 public:
  virtual ~TestAgentStore() = default;
  virtual agent::AgentStore& store() = 0;
  virtual void reopen() {}
};
using MakeTestAgentStore = std::unique_ptr<TestAgentStore> (*)();

class AgentStoreContract : public ::testing::TestWithParam<MakeTestAgentStore> {
 protected:
  AgentStoreContract() : made(GetParam()()) {}
  agent::AgentStore& store() { return made->store(); }

  static Timestamp at(std::int64_t seconds) { return Timestamp(Seconds(1767225600 + seconds)); }
  static wire::Event event(std::int64_t number, const std::string& slot = "web") {
    return {.at = at(number), .slot = slot, .what = "failed", .text = fmt::format("trouble {}", number)};
  }
  static agent::CertificateRecord certificate(std::uint8_t mark, const std::string& slot = "web") {
    return {.sha256 = Bytes(32, mark), .slot = slot, .der = Bytes(100, mark), .installed_at = at(mark)};
  }
  std::vector<std::int64_t> numbers(const std::vector<wire::Event>& events) {
    std::vector<std::int64_t> list;
    for (const wire::Event& entry : events) list.push_back(entry.number);
    return list;
  }

  std::unique_ptr<TestAgentStore> made;
};

TEST_P(AgentStoreContract, GivesASlotBackAsItWasSaved) {
  const agent::SlotState bare{.phase = agent::SlotPhase::polling,
                              .method = agent::Method::signed_request,
                              .next_attempt = at(5),
                              .decided = at(-3),
                              .asked_to_wait_until = at(4),
                              .failures = 7,
                              .polls = 9,
                              .rejected = true,
                              .last_error = "it's \"no\"",
                              .given_out_until = at(100),
                              .clock_was_wrong = true,
                              .spent_challenge = {1, 2, 3},
                              .refused_challenge = {4, 5}};
  agent::SlotState full = bare;
  full.phase = agent::SlotPhase::idle;
  full.active = agent::ActiveCertificate{.sha256 = Bytes(32, 4),
                                         .validity = {.not_before = at(-9), .not_after = at(900)},
                                         .installed_at = at(1),
                                         .renew_at = at(700)};
  ASSERT_TRUE(store().save({.slot = "web", .state = full}));
  ASSERT_TRUE(store().save({.slot = "ipsec", .state = full}));
  ASSERT_TRUE(store().save({.slot = "ipsec", .state = bare}));
  made->reopen();
  const auto slots = store().slots();
  ASSERT_TRUE(slots) << slots.error().text();
  ASSERT_EQ(slots->size(), 2U);
  const auto& [first, ipsec] = (*slots)[0];
  EXPECT_EQ(first, "ipsec");
  EXPECT_FALSE(ipsec.active);
  EXPECT_EQ(ipsec.phase, agent::SlotPhase::polling);
  EXPECT_EQ(ipsec.method, agent::Method::signed_request);
  EXPECT_EQ(ipsec.next_attempt, at(5));
  EXPECT_EQ(ipsec.decided, at(-3));
  EXPECT_EQ(ipsec.asked_to_wait_until, at(4));
  EXPECT_EQ(ipsec.failures, 7U);
  EXPECT_EQ(ipsec.polls, 9U);
  EXPECT_TRUE(ipsec.rejected);
  EXPECT_EQ(ipsec.last_error, "it's \"no\"");
  EXPECT_EQ(ipsec.given_out_until, at(100));
  EXPECT_TRUE(ipsec.clock_was_wrong);
  EXPECT_EQ(ipsec.spent_challenge, (Bytes{1, 2, 3}));
  EXPECT_EQ(ipsec.refused_challenge, (Bytes{4, 5}));
  const agent::SlotState& web = (*slots)[1].second;
  ASSERT_TRUE(web.active);
  EXPECT_EQ(web.active->sha256, Bytes(32, 4));
  EXPECT_EQ(web.active->validity.not_before, at(-9));
  EXPECT_EQ(web.active->validity.not_after, at(900));
  EXPECT_EQ(web.active->installed_at, at(1));
  EXPECT_EQ(web.active->renew_at, at(700));

  ASSERT_TRUE(store().forget_slot("web"));
  EXPECT_EQ(store().slots()->size(), 1U);
}

TEST_P(AgentStoreContract, KeepsAllThatOneEventDidTogether) {
  const agent::ReceivedCertificate received{.certificate = {1, 2},
                                            .chain = {{3}, {4, 5}},
                                            .authorities = {{6}},
                                            .source = {.url = "http://ca.example/scep", .fingerprint = Bytes(32, 7)},
                                            .challenge = {8}};
  EXPECT_FALSE(store().received("web").value());
  ASSERT_TRUE(store().keep_received("web", {}));
  ASSERT_TRUE(store().keep_received("web", received));
  made->reopen();
  const auto found = store().received("web");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->certificate, received.certificate);
  EXPECT_EQ((*found)->challenge, received.challenge);
  EXPECT_EQ((*found)->chain, received.chain);
  EXPECT_EQ((*found)->authorities, received.authorities);
  EXPECT_EQ((*found)->source.url, received.source.url);
  EXPECT_EQ((*found)->source.fingerprint, received.source.fingerprint);
  ASSERT_TRUE(store().save({.slot = "web",
                            .state = {},
                            .events = {event(1), event(2)},
                            .installed = certificate(9),
                            .forget_received = true}));
  made->reopen();
  EXPECT_FALSE(store().received("web").value());
  EXPECT_EQ(numbers(*store().events_after(0, 10)), (std::vector<std::int64_t>{1, 2}));
  ASSERT_EQ(store().certificates()->size(), 1U);
  EXPECT_EQ(store().certificates()->front().der, Bytes(100, 9));
  EXPECT_EQ(store().certificates()->front().installed_at, at(9));
}

TEST_P(AgentStoreContract, KeepsTheNewestCertificatesOfEachSlot) {
  ASSERT_TRUE(store().save({.slot = "ipsec", .state = {}, .installed = certificate(1, "ipsec")}));
  for (std::uint8_t mark = 1; mark <= 25; ++mark)
    ASSERT_TRUE(store().save({.slot = "web", .state = {}, .installed = certificate(mark)}));
  ASSERT_TRUE(store().save({.slot = "web", .state = {}, .installed = certificate(8)}));
  const auto list = store().certificates();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 21U);
  EXPECT_EQ(list->front().sha256, Bytes(32, 8)) << "in use again";
  EXPECT_EQ((*list)[1].sha256, Bytes(32, 25));
  EXPECT_EQ(list->back().slot, "ipsec");
}

TEST_P(AgentStoreContract, NumbersHistoryAndKeepsTheEndOfIt) {
  for (int count = 1; count <= 1010; ++count)
    ASSERT_TRUE(store().append(event(count, count % 100 == 0 ? "ipsec" : "web")));
  made->reopen();
  EXPECT_EQ(numbers(*store().events_after(0, 3)), (std::vector<std::int64_t>{11, 12, 13}));
  EXPECT_EQ(numbers(*store().events_after(1008, 10)), (std::vector<std::int64_t>{1009, 1010}));
  EXPECT_EQ(numbers(*store().latest_events("", 2)), (std::vector<std::int64_t>{1010, 1009}));
  EXPECT_EQ(numbers(*store().latest_events("ipsec", 2)), (std::vector<std::int64_t>{1000, 900}));
  const wire::Event last = store().latest_events("", 1)->front();
  EXPECT_EQ(last.at, at(1010));
  EXPECT_EQ(last.what, "failed");
  EXPECT_EQ(last.text, "trouble 1010");
}

TEST_P(AgentStoreContract, AddsAndRemovesTrustOnce) {
  const agent::TrustAnchor one{.store = "radius", .sha256 = Bytes(32, 1), .der = {1}};
  const agent::TrustAnchor two{.store = "default", .sha256 = Bytes(32, 1), .der = {1}};
  EXPECT_EQ(store().add_trust(one), true);
  EXPECT_EQ(store().add_trust(one), false);
  EXPECT_EQ(store().add_trust(two), true);
  made->reopen();
  const auto trust = store().trust();
  ASSERT_EQ(trust->size(), 2U);
  EXPECT_EQ(trust->front().store, "default");
  EXPECT_EQ(trust->front().der, Bytes{1});
  EXPECT_EQ(store().remove_trust("radius", Bytes(32, 1)), true);
  EXPECT_EQ(store().remove_trust("radius", Bytes(32, 1)), false);
  EXPECT_EQ(store().trust()->size(), 1U);
}

TEST_P(AgentStoreContract, RemembersWhatBecameOfOrders) {
  EXPECT_FALSE(store().order("o1").value());
  const Bytes content{1, 2};
  ASSERT_TRUE(store().begin_order("o1", content, at(1)));
  ASSERT_TRUE(store().begin_order("o1", content, at(2)));
  made->reopen();
  EXPECT_EQ(store().order("o1").value()->begun, at(1));
  EXPECT_FALSE(store().order("o1").value()->result);
  EXPECT_TRUE(store().unacknowledged_results(9)->empty());
  const wire::OrderResult result{
      .id = "o1", .outcome = wire::Outcome::done, .text = "all well", .data = {{"csr", "PEM"}}, .finished_at = at(3)};
  ASSERT_TRUE(store().finish_order(result));
  made->reopen();
  EXPECT_EQ(store().order("o1").value()->result, result);
  ASSERT_EQ(store().unacknowledged_results(9)->size(), 1U);
  ASSERT_TRUE(store().acknowledge_results({"o1", "never heard of"}));
  EXPECT_TRUE(store().unacknowledged_results(9)->empty());
  EXPECT_TRUE(store().order("o1").value()->result) << "a repeat is still answered";
  ASSERT_TRUE(store().finish_order(result));
  EXPECT_EQ(store().unacknowledged_results(9)->size(), 1U) << "the hub asked again";
}

TEST_P(AgentStoreContract, AnotherOrderOfTheSameIdTakesItsPlace) {
  const Bytes content{1, 2}, other{1, 3};
  ASSERT_TRUE(store().begin_order("o1", content, at(1)));
  ASSERT_TRUE(store().begin_order("o2", {}, at(2)));
  ASSERT_TRUE(store().finish_order({.id = "o1"}));
  ASSERT_TRUE(store().finish_order({.id = "o2"}));
  EXPECT_EQ(store().order("o1").value()->content, content);
  EXPECT_EQ(store().order("o2").value()->content, Bytes());
  ASSERT_TRUE(store().begin_order("o1", other, at(3)));
  const auto record = store().order("o1").value();
  EXPECT_EQ(record->content, other);
  EXPECT_EQ(record->begun, at(3));
  EXPECT_FALSE(record->result);
  const auto left = store().unacknowledged_results(9).value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, "o2");
}

TEST_P(AgentStoreContract, ForgetsOldOrdersThatAreFinished) {
  ASSERT_TRUE(store().begin_order("under way", {}, at(0)));
  for (int count = 1; count <= 210; ++count) {
    const std::string id = fmt::format("o{}", count);
    ASSERT_TRUE(store().begin_order(id, {}, at(count)));
    ASSERT_TRUE(store().finish_order({.id = id}));
  }
  EXPECT_TRUE(store().order("under way").value());
  EXPECT_FALSE(store().order("o10").value());
  EXPECT_TRUE(store().order("o11").value());
}

TEST_P(AgentStoreContract, KnowsWhatTheHubHas) {
  EXPECT_EQ(store().link()->acknowledged_event, 0);
  ASSERT_TRUE(store().save_link({.acknowledged_event = 17}));
  made->reopen();
  EXPECT_EQ(store().link()->acknowledged_event, 17);
}

}  // namespace chancery::testing
