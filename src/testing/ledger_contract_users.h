#pragma once

// The contract of users and sessions. Part of ledger_contract.h.

#include "testing/ledger_contract_fixture.h"

namespace chancery::testing {

inline hub::UserRecord user(std::string name) {
  return {.name = std::move(name), .role = hub::Role::operator_, .password_hash = "$argon2id$", .created = noon};
}
inline auto fields(const hub::UserRecord& record) {
  return std::tuple(record.name, record.role, record.password_hash, record.must_change_password, record.disabled,
                    record.failures, record.locked_until, record.created, record.last_sign_in);
}
inline hub::SessionRecord session(std::uint8_t number, std::string of) {
  return {
      .token_hash = Bytes(32, number), .user = std::move(of), .source = "10.0.0.7", .created = noon, .last_used = noon};
}

TEST_P(LedgerContract, KeepsUsersByName) {
  hub::UserRecord anna = user("anna");
  anna.must_change_password = true;
  anna.disabled = true;
  anna.failures = 3;
  anna.locked_until = noon + Seconds(4);
  anna.last_sign_in = noon - Seconds(9);
  for (const auto& record : {user("zoe"), anna})
    ASSERT_TRUE(write([&](hub::Books& books) { return books.users().add(record); }));
  EXPECT_ERROR(ErrorCode::conflict, write([&](hub::Books& books) { return books.users().add(anna); }));
  test_ledger->reopen();
  const auto find = [&](std::string_view name) {
    return read([&](hub::Books& books) { return books.users().find(name); });
  };
  EXPECT_EQ(fields(find("anna").value()), fields(anna));
  EXPECT_FALSE(find("Anna"));
  const auto all = read([](hub::Books& books) { return books.users().all(); });
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "anna");

  hub::UserRecord changed = user("anna");
  changed.role = hub::Role::administrator;
  changed.created = noon + Seconds(1);
  ASSERT_TRUE(write([&](hub::Books& books) { return books.users().change(changed); }));
  changed.created = noon;
  EXPECT_EQ(fields(find("anna").value()), fields(changed)) << "it was created when it was";
  EXPECT_ERROR(ErrorCode::not_found, write([](hub::Books& books) { return books.users().change(user("bob")); }));
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    EXPECT_TRUE(books.users().remove("anna").value());
    EXPECT_FALSE(books.users().remove("anna").value());
    return {};
  }));
  EXPECT_FALSE(find("anna"));
}

TEST_P(LedgerContract, KeepsSessionsByTheHashOfTheirToken) {
  hub::SessionRecord old = session(4, "zoe");
  old.created = noon - Seconds(10);
  hub::SessionRecord idle = session(5, "zoe");
  idle.last_used = noon - Seconds(10);
  for (const auto& record : {session(1, "anna"), session(2, "anna"), session(3, "zoe"), old, idle})
    ASSERT_TRUE(write([&](hub::Books& books) { return books.sessions().add(record); }));
  const auto find = [&](std::uint8_t number) {
    return read([&](hub::Books& books) { return books.sessions().find(Bytes(32, number)); });
  };
  ASSERT_TRUE(write([](hub::Books& books) { return books.sessions().use(Bytes(32, 1), noon + Seconds(7)); }));
  ASSERT_TRUE(find(1));
  EXPECT_EQ(find(1)->user, "anna");
  EXPECT_EQ(find(1)->source, "10.0.0.7");
  EXPECT_EQ(find(1)->created, noon);
  EXPECT_EQ(find(1)->last_used, noon + Seconds(7));
  EXPECT_FALSE(find(9));
  ASSERT_TRUE(write([](hub::Books& books) { return books.sessions().remove_old(noon, noon); }));
  EXPECT_TRUE(find(3)) << "at that very time";
  EXPECT_FALSE(find(4)) << "created before";
  EXPECT_FALSE(find(5)) << "used before";
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    EXPECT_TRUE(books.sessions().remove(Bytes(32, 1)).value());
    EXPECT_FALSE(books.sessions().remove(Bytes(32, 1)).value());
    return books.sessions().remove_of("anna");
  }));
  EXPECT_FALSE(find(1));
  EXPECT_FALSE(find(2));
  EXPECT_TRUE(find(3));
}

TEST_P(LedgerContract, AnErrorUndoesWhatWasDoneToUsersAndSessions) {
  ASSERT_TRUE(write([](hub::Books& books) -> Status {
    TRY_STATUS(books.users().add(user("anna")));
    return books.sessions().add(session(1, "anna"));
  }));
  EXPECT_ERROR(ErrorCode::refused, write([](hub::Books& books) -> Status {
                 EXPECT_TRUE(books.users().remove("anna").value());
                 TRY_STATUS(books.users().add(user("bob")));
                 TRY_STATUS(books.sessions().remove_of("anna"));
                 TRY_STATUS(books.sessions().add(session(2, "bob")));
                 return refused("changed its mind");
               }));
  ASSERT_TRUE(ledger().read([](hub::Books& books) -> Status {
    EXPECT_TRUE(books.users().find("anna").value());
    EXPECT_FALSE(books.users().find("bob").value());
    EXPECT_TRUE(books.sessions().find(Bytes(32, 1)).value());
    EXPECT_FALSE(books.sessions().find(Bytes(32, 2)).value());
    return {};
  }));
  for (const auto& [name, work] : std::vector<std::pair<const char*, std::function<Status(hub::Books&)>>>{
           {"add user", [](hub::Books& books) { return books.users().add(user("bob")); }},
           {"change user", [](hub::Books& books) { return books.users().change(user("anna")); }},
           {"add session", [](hub::Books& books) { return books.sessions().add(session(3, "bob")); }},
           {"use session", [](hub::Books& books) { return books.sessions().use(Bytes(32, 1), noon); }},
           {"end sessions", [](hub::Books& books) { return books.sessions().remove_of("anna"); }}})
    EXPECT_EQ(ledger().read(work).error().text(), "a read tried to write") << name;
}

}  // namespace chancery::testing
