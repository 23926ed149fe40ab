#pragma once

// The contract of challenges. Part of ledger_contract.h.

#include <functional>

#include "testing/ledger_contract_fixture.h"

namespace chancery::testing {

TEST_P(LedgerContract, GivesBackAChallengeAsItWasAdded) {
  ca::ChallengeRecord bound = challenge("bound");
  bound.binding = {"CN=printer-1", {"dns:printer-1.example"}};
  bound.note = "for the lobby";
  ca::ChallengeRecord empty_subject = challenge("empty");
  empty_subject.binding.subject = "";
  for (const auto& record : {bound, empty_subject, challenge("free")}) {
    ASSERT_TRUE(add(record));
    EXPECT_EQ(fields(find_challenge(record.id).value()), fields(record));
  }
  EXPECT_ERROR(ErrorCode::conflict, add(challenge("bound")));
  EXPECT_FALSE(find_challenge("other"));
}

TEST_P(LedgerContract, AChallengeIsUsedOnceAndBeforeItExpires) {
  ASSERT_TRUE(add(challenge("a")));
  ASSERT_TRUE(add(challenge("b")));
  EXPECT_TRUE(use("a", noon, "4101"));
  EXPECT_FALSE(use("a", noon, "4102"));
  EXPECT_EQ(find_challenge("a")->used, noon);
  EXPECT_EQ(find_challenge("a")->used_by, "4101");
  EXPECT_FALSE(use("b", noon + std::chrono::hours(1), "4103"));
  EXPECT_FALSE(find_challenge("b")->used);
  EXPECT_TRUE(use("b", noon + std::chrono::hours(1) - Seconds(1), "4103"));
  EXPECT_FALSE(use("c", noon, "4104"));
}

TEST_P(LedgerContract, FindsTheChallengeThatSomebodyUsed) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(add(challenge(id)));
  EXPECT_TRUE(use("a", noon, "4101"));
  EXPECT_TRUE(use("b", noon, "request 7"));
  const auto id_used_by = [&](std::string_view user) {
    return read([&](hub::Books& books) { return books.challenges().id_used_by(user); });
  };
  EXPECT_EQ(id_used_by("4101"), "a");
  EXPECT_EQ(id_used_by("request 7"), "b");
  EXPECT_EQ(id_used_by("4102"), std::nullopt);
  EXPECT_EQ(id_used_by(""), std::nullopt) << "nobody used c";
}

TEST_P(LedgerContract, ListsChallengesNewestFirst) {
  for (const char* id : {"z", "a", "m"}) ASSERT_TRUE(add(challenge(id)));
  ca::ChallengeRecord other = challenge("other");
  other.endpoint = "phones";
  ASSERT_TRUE(add(other));
  const auto list = [&](const ca::ChallengeFilter& filter) {
    return read([&](hub::Books& books) { return books.challenges().list(filter); });
  };
  // Each page behind a "|".
  const auto ids = [&](
                       ca::ChallengeFilter filter, const std::function<void()>& between = [] {}) {
    std::string found;
    do {
      const ca::ChallengePage page = list(filter);
      for (const auto& record : page.rows) found += record.id + " ";
      found += "|";
      filter.after = page.next;
      between();
    } while (filter.after != 0 && found.size() < 40);
    return found;
  };
  EXPECT_EQ(ids({.endpoint = "printers", .limit = 10}), "m a z |");
  EXPECT_EQ(ids({.endpoint = "printers", .limit = 3}), "m a z |") << "full, and the last";
  EXPECT_EQ(ids({.endpoint = "printers", .limit = 2}), "m a |z |");
  EXPECT_EQ(ids({.limit = 2}), "other m |a z |");
  EXPECT_EQ(ids({.endpoint = "nowhere"}), "|");
  // What comes and goes between two pages moves no other.
  int count = 0;
  EXPECT_EQ(ids({.limit = 2},
                [&] {
                  if (++count > 1) return;
                  ASSERT_TRUE(add(challenge("new")));
                  ASSERT_TRUE(write([](hub::Books& books) -> Status {
                    TRY([[maybe_unused]] const bool removed, books.challenges().remove("m"));
                    return {};
                  }));
                }),
            "other m |a z |");
}

TEST_P(LedgerContract, RemovesChallenges) {
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(add(challenge(id)));
  ca::ChallengeRecord late = challenge("late");
  late.expires = noon + std::chrono::hours(2);
  ASSERT_TRUE(add(late));
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    EXPECT_TRUE(books.challenges().remove("b").value());
    EXPECT_FALSE(books.challenges().remove("b").value());
    return {};
  }));
  EXPECT_FALSE(find_challenge("b"));
  const auto remove_expired = [&](Timestamp before) {
    ASSERT_TRUE(write([&](hub::Books& books) { return books.challenges().remove_expired(before); }));
  };
  remove_expired(noon + std::chrono::hours(1));
  EXPECT_TRUE(find_challenge("a"));
  remove_expired(noon + std::chrono::hours(1) + Seconds(1));
  EXPECT_FALSE(find_challenge("a"));
  EXPECT_FALSE(find_challenge("c"));
  EXPECT_TRUE(find_challenge("late"));
}

}  // namespace chancery::testing
