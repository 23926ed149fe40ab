// Costs must not grow with the number of certificates: no statement of the ledger walks through a table.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sql/migrations.h"
#include "sql/sqlite.h"
#include "store/hub/certificate_list.h"
#include "store/hub/statements.h"

namespace chancery::store {
namespace {

class QueryPlan : public ::testing::Test {
 protected:
  QueryPlan() { EXPECT_TRUE(sql::migrate(*db_, statements::migrations, Timestamp())); }

  // The steps of the plan, one a line.
  std::string plan(std::string_view sql) {
    const std::string explain = "EXPLAIN QUERY PLAN " + std::string(sql);
    std::string steps;
    const auto read = [&](const auto&... nulls) {
      Result<sql::Rows> rows = db_->query(explain, nulls...);
      ASSERT_TRUE(rows) << rows.error().text();
      ASSERT_TRUE(rows->each([&](const sql::Row& row) { steps.append(row.text(3)).append("\n"); }));
    };
    bind(read, std::make_index_sequence<18>(), static_cast<std::size_t>(std::ranges::count(sql, '?')));
    return steps;
  }

 private:
  template <std::size_t N>
  static std::nullptr_t null() {
    return nullptr;
  }
  template <class Read, std::size_t... Counts>
  void bind(const Read& read, std::index_sequence<Counts...>, std::size_t count) {
    (..., (Counts == count ? bind_nulls(read, std::make_index_sequence<Counts>()) : void()));
  }
  template <class Read, std::size_t... I>
  void bind_nulls(const Read& read, std::index_sequence<I...>) {
    read(null<I>()...);
  }

  std::unique_ptr<sql::Connection> db_ = sql::open_sqlite({.path = ":memory:"}).value();
};

TEST_F(QueryPlan, NoStatementWalksThroughATable) {
  // These walk in the order of the key and stop at the limit; there are few endpoints.
  const std::vector<std::string_view> walkers = {"challenges.list_all", "audit_trail.newest", "endpoints.all"};
  for (const statements::Named& statement : statements::all) {
    const std::string steps = plan(statement.text);
    EXPECT_EQ(steps.find("SCAN") == std::string::npos, !std::ranges::count(walkers, statement.name))
        << statement.name << ":\n"
        << steps;
    EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << statement.name << ":\n" << steps;
  }
}

TEST_F(QueryPlan, EachHotStatementFindsItsRowsByTheKeyItWasGiven) {
  constexpr const char* by_serial = "SEARCH certificate USING COVERING INDEX sqlite_autoindex_certificate_1 (serial=?)";
  constexpr const char* by_transaction =
      "INDEX sqlite_autoindex_enrolment_1 (endpoint=? AND signer_key=? AND transaction_id=?)";
  const struct {
    std::string_view name;
    const char* expect;
  } rows[] = {
      {"certificates.add_tbs", by_serial},
      {"certificates.add_der", by_serial},
      {"certificates.exists", by_serial},
      {"certificates.record_issued", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.revoke", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.find", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.count_valid_for_key", "INDEX certificate_key (key_fingerprint=? AND not_after>?)"},
      {"certificates.revoked", "INDEX certificate_revoked (generation=? AND not_after>?)"},
      {"certificates.intents_before", "INDEX certificate_state (state=?)"},
      {"challenges.find", "INDEX sqlite_autoindex_challenge_1 (id=?)"},
      {"challenges.use", "INDEX sqlite_autoindex_challenge_1 (id=?)"},
      {"challenges.list", "INDEX challenge_endpoint (endpoint=?)"},
      {"challenges.remove_expired", "INDEX challenge_expires (expires<?)"},
      {"crls.latest", "INDEX sqlite_autoindex_crl_1 (generation=?)"},
      {"transactions.find_by_key", by_transaction},
      {"transactions.id_of", by_transaction},
      {"transactions.find_by_id", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.latest_for_key", "INDEX sqlite_autoindex_enrolment_1 (endpoint=? AND signer_key=?)"},
      {"transactions.approve", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.reject", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.list", "INDEX enrolment_state (state=? AND id<?)"},
      {"transactions.count", "COVERING INDEX enrolment_state (state=?)"},
      {"transactions.forget", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.forget", "SEARCH enrolment USING COVERING INDEX enrolment_state (state=?)"},
      {"audit_trail.head", "SEARCH audit_head USING INTEGER PRIMARY KEY (rowid=?)"},
      {"audit_trail.move_head", "SEARCH audit_head USING INTEGER PRIMARY KEY (rowid=?)"},
      {"audit_trail.list", "SEARCH audit_event USING INTEGER PRIMARY KEY (rowid>?)"},
  };
  for (const auto& row : rows) {
    const auto* statement = std::ranges::find(statements::all, row.name, &statements::Named::name);
    ASSERT_NE(statement, std::end(statements::all)) << row.name;
    const std::string steps = plan(statement->text);
    EXPECT_NE(steps.find(row.expect), std::string::npos) << row.name << ":\n" << steps;
  }
}

TEST_F(QueryPlan, AListOfCertificatesReadsTheIndexThatFitsItsFilter) {
  using State = ca::CertificateRecord::State;
  const Timestamp time;
  const struct {
    const char* name;
    ca::CertificateFilter filter;
    const char* expect;
  } rows[] = {
      {"all", {}, "certificate USING INTEGER PRIMARY KEY (rowid<?)"},
      {"issued", {.state = State::issued}, "certificate USING INTEGER PRIMARY KEY (rowid<?)"},
      {"revoked", {.state = State::revoked}, "INDEX certificate_state (state=? AND id<?)"},
      {"endpoint", {.endpoint = "a"}, "INDEX certificate_endpoint (endpoint=? AND id<?)"},
      {"endpoint and issued",
       {.endpoint = "a", .state = State::issued},
       "INDEX certificate_endpoint (endpoint=? AND id<?)"},
      {"endpoint and intended",
       {.endpoint = "a", .state = State::intended},
       "INDEX certificate_state (state=? AND id<?)"},
      {"expiry", {.expires_before = time}, "COVERING INDEX certificate_expiry (not_after>? AND not_after<?)"},
      {"expiry, endpoint and state",
       {.endpoint = "a", .state = State::issued, .expires_after = time},
       "COVERING INDEX certificate_expiry (not_after>? AND not_after<?)"},
      {"text", {.text = "a"}, "certificate USING INTEGER PRIMARY KEY (rowid<?)"},
  };
  for (const auto& row : rows) {
    const std::string steps = plan(certificate_list_sql(row.filter));
    EXPECT_NE(steps.find(row.expect), std::string::npos) << row.name << ":\n" << steps;
    EXPECT_EQ(steps.find("SCAN"), std::string::npos) << row.name << ":\n" << steps;
  }
}

}  // namespace
}  // namespace chancery::store
