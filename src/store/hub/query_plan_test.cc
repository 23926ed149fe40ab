// Costs must not grow with the number of certificates: no statement of the ledger walks through a table.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "sql/migrations.h"
#include "sql/sqlite.h"
#include "store/hub/audit_trail.h"
#include "store/hub/certificate_list.h"
#include "store/hub/nodes.h"
#include "store/hub/orders.h"
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
    bind(read, std::make_index_sequence<26>(), static_cast<std::size_t>(std::ranges::count(sql, '?')));
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
  // These walk in the order of the key and stop at the limit; there are few endpoints and users; the rows that are
  // counted to a limit were searched; and no certificate lacks its words.
  const std::vector<std::string_view> walkers = {"endpoints.all",
                                                 "users.all",
                                                 "certificates.without_words",
                                                 "certificates.count_word",
                                                 "certificates.count_state",
                                                 "certificates.count_window",
                                                 "clusters.list",
                                                 "nodes.count",
                                                 "cluster_nodes.count_slots",
                                                 "cluster_nodes.count_orders"};
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
      {"certificates.id_of", by_serial},
      {"certificates.add_der", by_serial},
      {"certificates.exists", by_serial},
      {"certificates.record_issued", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.revoke", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.release", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.find", "SEARCH certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"certificates.knows", "SEARCH certificate USING COVERING INDEX certificate_fingerprint (fingerprint=?)"},
      {"certificates.count_valid_for_key", "INDEX certificate_key (key_fingerprint=? AND not_after>?)"},
      {"certificates.revoked", "INDEX certificate_revoked (generation=? AND not_after>?)"},
      {"certificates.intents_before", "INDEX certificate_state (state=?)"},
      {"certificates.revoked_before", "INDEX sqlite_autoindex_revoked_before_1 (generation=?)"},
      {"certificates.renewals_of", "INDEX certificate_replaces (replaces=?)"},
      {"certificates.renewed", "INDEX certificate_replaces (replaces=?)"},
      {"challenges.find", "INDEX sqlite_autoindex_challenge_1 (id=?)"},
      {"challenges.id_used_by", "INDEX challenge_used_by (used_by=?)"},
      {"challenges.use", "INDEX sqlite_autoindex_challenge_1 (id=?)"},
      {"challenges.list", "INDEX challenge_endpoint (endpoint=? AND number<?)"},
      {"challenges.list_all", "SEARCH challenge USING INTEGER PRIMARY KEY (rowid<?)"},
      {"challenges.remove_expired", "INDEX challenge_expires (expires<?)"},
      {"challenges.place_expired", "challenge USING INDEX challenge_expires (expires<?)"},
      {"challenges.place_expired_requests", "challenge USING INDEX challenge_expires (expires<?)"},
      {"challenges.forget_expired_places", "challenge USING INDEX challenge_expires (expires<?)"},
      {"crls.latest", "INDEX sqlite_autoindex_crl_1 (generation=?)"},
      {"crls.changes", "INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.find_by_key", by_transaction},
      {"transactions.id_of", by_transaction},
      {"transactions.find_by_id", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.latest_for_key", "INDEX sqlite_autoindex_enrolment_1 (endpoint=? AND signer_key=?)"},
      {"transactions.count_valid_issued", "INDEX sqlite_autoindex_enrolment_1 (endpoint=? AND signer_key=?)"},
      {"transactions.count_valid_issued", "INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"transactions.approve", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.reject", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.list", "INDEX enrolment_state (state=? AND id<?)"},
      {"transactions.count", "COVERING INDEX enrolment_state (state=?)"},
      {"transactions.forget", "SEARCH enrolment USING INTEGER PRIMARY KEY (rowid=?)"},
      {"transactions.forget", "SEARCH enrolment USING COVERING INDEX enrolment_state (state=?)"},
      {"audit_trail.head", "SEARCH audit_head USING INTEGER PRIMARY KEY (rowid=?)"},
      {"audit_trail.move_head", "SEARCH audit_head USING INTEGER PRIMARY KEY (rowid=?)"},
      {"audit_trail.list", "SEARCH audit_event USING INTEGER PRIMARY KEY (rowid>?)"},
      {"audit_trail.newest", "SEARCH audit_event USING INTEGER PRIMARY KEY (rowid<?)"},
      {"nodes.find", "SEARCH node USING INTEGER PRIMARY KEY (rowid=?)"},
      {"nodes.find", "node_slot USING INDEX sqlite_autoindex_node_slot_1 (node=?)"},
      {"nodes.find", "certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"nodes.seen", "SEARCH node USING INTEGER PRIMARY KEY (rowid=?)"},
      {"nodes.find_by_name", "INDEX sqlite_autoindex_node_1 (name=?)"},
      {"nodes.count_state", "COVERING INDEX node_state (state=?)"},
      {"nodes.count_unseen", "COVERING INDEX node_state (state=? AND last_seen<?)"},
      {"nodes.place_of", "INDEX sqlite_autoindex_node_certificate_1 (serial=?)"},
      {"nodes.place_by_challenge", "INDEX challenge_used_by (used_by=?)"},
      {"nodes.place_by_request", "INDEX enrolment_serial (serial=?)"},
      {"nodes.place_by_request", "INDEX challenge_used_by (used_by=?)"},
      {"nodes.remove_certificates", "INDEX node_certificate_node (node=?)"},
      {"nodes.release_open_orders", "INDEX node_order_open (node=?)"},
      {"inventories.slots", "INDEX sqlite_autoindex_node_slot_1 (node=?)"},
      {"inventories.count_failed_slots", "COVERING INDEX node_slot_failed (failed=?)"},
      {"inventories.count_revoked_slots", "COVERING INDEX node_slot_serial (serial>?)"},
      {"inventories.count_revoked_slots", "certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"inventories.events", "INDEX sqlite_autoindex_node_event_1 (node=? AND number<?)"},
      {"inventories.foreign_of", "INDEX sqlite_autoindex_foreign_certificate_1 (sha256=?)"},
      {"inventories.note_reported", "INDEX sqlite_autoindex_foreign_certificate_1 (sha256=?)"},
      {"inventories.note_reported", "INDEX sqlite_autoindex_node_trust_1 (node>? AND node<?)"},
      {"inventories.forget_foreign", "INDEX foreign_certificate_reported (reported<?)"},
      {"cluster_nodes.summaries", "SEARCH node USING COVERING INDEX node_cluster (cluster>?)"},
      {"cluster_nodes.summary", "SEARCH node USING COVERING INDEX node_cluster (cluster=?)"},
      {"cluster_nodes.revoked_slots", "COVERING INDEX node_slot_serial (serial>?)"},
      {"cluster_nodes.revoked_slots", "certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"cluster_nodes.count_revoked_slots", "SEARCH node USING COVERING INDEX node_cluster (cluster=?)"},
      {"cluster_nodes.count_revoked_slots", "certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"cluster_nodes.ends", "node_slot USING COVERING INDEX node_slot_end (not_after>? AND not_after<?)"},
      {"cluster_nodes.ends", "certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"},
      {"cluster_nodes.nodes", "SEARCH node USING COVERING INDEX node_cluster (cluster>?)"},
      {"cluster_nodes.trust", "SEARCH node USING COVERING INDEX node_cluster (cluster=?)"},
      {"cluster_nodes.trust", "COVERING INDEX sqlite_autoindex_node_trust_1 (node=?)"},
      {"cluster_nodes.count_orders", "COVERING INDEX node_order_node (node=?)"},
      {"certificate_quarters.sum", "certificate_quarter USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
      {"clusters.release_nodes", "INDEX node_cluster (cluster=?)"},
      {"orders.open", "INDEX node_order_open (node=?)"},
      {"orders.find_by_token", "INDEX node_order_token (token=?)"},
      {"challenges.hand_over", "INDEX challenge_used_by (used_by=?)"},
      {"orders.count_open", "INDEX node_order_open (node=?)"},
      {"orders.overdue", "INDEX node_order_deadline (deadline<?)"},
      {"orders.count_failed", "INDEX node_order_finished (state=? AND finished>?)"},
      {"orders.forget", "INDEX node_order_finished (state=? AND finished<?)"},
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
  using Sort = ca::CertificateFilter::Sort;
  using Status = ca::CertificateStatus;
  constexpr const char* by_expiry = "COVERING INDEX certificate_expiry (not_after>? AND not_after<?)";
  const struct {
    const char* name;
    ca::CertificateFilter filter;
    ListPlan plan;
    const char* expect;
    bool sorted;  // afterwards, because what was found is small
  } rows[] = {
      {"all", {}, {}, "certificate USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", false},
      {"all, oldest first",
       {.ascending = true},
       {},
       "certificate USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
       false},
      {"issued", {.state = State::issued}, {}, "certificate USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", false},
      {"current",
       {.status = Status::current},
       {},
       "certificate USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
       false},
      {"revoked",
       {.state = State::revoked},
       {.by_state = true},
       "INDEX certificate_state (state=? AND id>? AND id<?)",
       false},
      {"endpoint", {.endpoint = "a"}, {}, "INDEX certificate_endpoint (endpoint=? AND id>? AND id<?)", false},
      {"endpoint and current",
       {.endpoint = "a", .status = Status::current},
       {},
       "INDEX certificate_endpoint (endpoint=? AND id>? AND id<?)",
       false},
      {"endpoint and intended",
       {.endpoint = "a", .state = State::intended},
       {.by_state = true},
       "INDEX certificate_state (state=? AND id>? AND id<?)",
       false},
      {"few that end, newest first", {.expires_before = time}, {.by_window = true}, by_expiry, true},
      {"many that end, newest first",
       {.expires_before = time},
       {},
       "certificate USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
       false},
      {"expiry, endpoint and state",
       {.endpoint = "a", .state = State::issued, .expires_after = time},
       {.by_window = true},
       by_expiry,
       true},
      {"in the order of expiry",
       {.sort = Sort::not_after},
       {},
       "COVERING INDEX certificate_expiry (not_after>? AND not_after<?)",
       false},
      {"current, next to end first",
       {.status = Status::current, .sort = Sort::not_after, .ascending = true},
       {},
       "COVERING INDEX certificate_expiry (not_after>? AND not_after<?)",
       false},
      {"expired, last first",
       {.endpoint = "a", .status = Status::expired, .sort = Sort::not_after},
       {},
       "COVERING INDEX certificate_expiry",
       false},
      {"by subject", {.status = Status::current, .sort = Sort::subject}, {}, "INDEX certificate_subject", false},
      {"few revoked, by subject",
       {.status = Status::revoked, .sort = Sort::subject},
       {.by_state = true},
       "INDEX certificate_state (state=?)",
       true},
      {"few suspended, newest first",
       {.status = Status::suspended},
       {.by_state = true},
       "INDEX certificate_state (state=? AND id>? AND id<?)",
       false},
      {"a rare word", {.text = "a"}, {.by_word = true}, "certificate USING INTEGER PRIMARY KEY (rowid=?)", true},
      {"a rare word, by end",
       {.text = "a", .sort = Sort::not_after},
       {.by_word = true},
       "certificate USING INTEGER PRIMARY KEY (rowid=?)",
       true},
      {"a common word", {.text = "a"}, {}, "certificate USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", false},
      {"a node's", {.node = 1}, {}, "INDEX node_certificate_node (node=?)", true},
      {"a node's slot's, current",
       {.endpoint = "a", .status = Status::current, .node = 1, .slot = "a"},
       {},
       "INDEX node_certificate_node (node=?)",
       true},
      {"a node's, by end", {.node = 1, .sort = Sort::not_after}, {}, "INDEX node_certificate_node (node=?)", true},
      {"a cluster's", {.cluster = 1}, {.by_cluster = true}, "node USING COVERING INDEX node_cluster (cluster=?)", true},
      {"a cluster's that end in a window, by end",
       {.status = Status::current, .expires_before = time, .cluster = 1, .sort = Sort::not_after},
       {.by_cluster = true},
       "node_slot USING INDEX sqlite_autoindex_node_slot_1 (node=?)",
       true},
      {"a large cluster's, by end",
       {.status = Status::current, .expires_before = time, .cluster = 1, .sort = Sort::not_after},
       {},
       "INDEX certificate_expiry (not_after>? AND not_after<?)",
       false},
      {"a large cluster's, newest first",
       {.cluster = 1},
       {},
       "node_slot USING COVERING INDEX node_slot_serial (serial=?)",
       false},
      {"no cluster's, by end",
       {.cluster = 0, .sort = Sort::not_after},
       {},
       "node_slot USING COVERING INDEX node_slot_serial (serial=?)",
       false},
      {"a node's with a rare word",
       {.text = "a", .node = 1},
       {.by_word = true},
       "certificate USING INTEGER PRIMARY KEY (rowid=?)",
       true},
  };
  for (const auto& row : rows) {
    const std::string steps = plan(certificate_list_sql(row.filter, row.plan));
    EXPECT_NE(steps.find(row.expect), std::string::npos) << row.name << ":\n" << steps;
    EXPECT_EQ(steps.find("SCAN"), std::string::npos) << row.name << ":\n" << steps;
    // One page is put in order at the end; what it was taken from only where it is small.
    const bool by_id = row.filter.sort == Sort::created;
    const std::size_t sorts = static_cast<std::size_t>(row.sorted) + static_cast<std::size_t>(!by_id);
    std::size_t found = 0;
    for (std::size_t at = steps.find("TEMP B-TREE"); at != std::string::npos; at = steps.find("TEMP B-TREE", at + 1))
      ++found;
    EXPECT_EQ(found, sorts) << row.name << ":\n" << steps;
  }
}

TEST_F(QueryPlan, AListOfOrdersIsReadInTheIndexThatFitsItsFilter) {
  using enum fleet::OrderState;
  const struct {
    const char* name;
    fleet::OrderFilter filter;
    const char* expect;
  } rows[] = {
      {"all", {}, "node_order USING INTEGER PRIMARY KEY (rowid<?)"},
      {"node", {.node_id = 1}, "INDEX node_order_node (node=? AND id<?)"},
      {"state", {.state = failed}, "INDEX node_order_state (state=? AND id<?)"},
      {"state and time", {.state = failed, .finished_after = Timestamp()}, "INDEX node_order_state (state=? AND id<?)"},
      {"verb", {.verb = "a"}, "INDEX node_order_verb (verb=? AND id<?)"},
      {"state and verb", {.state = failed, .verb = "a"}, "INDEX node_order_state_verb (state=? AND verb=? AND id<?)"},
      {"all of them", {.node_id = 1, .state = failed, .verb = "a"}, "INDEX node_order_node (node=? AND id<?)"},
  };
  for (const auto& row : rows) {
    const std::string steps = plan(order_list_sql(row.filter));
    EXPECT_EQ(order_list_sql(row.filter).find("certificates"), std::string::npos) << "a list reads no blobs";
    EXPECT_NE(steps.find(row.expect), std::string::npos) << row.name << ":\n" << steps;
    EXPECT_EQ(steps.find("SCAN"), std::string::npos) << row.name << ":\n" << steps;
    EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << row.name << ":\n" << steps;
  }
}

TEST_F(QueryPlan, OrdersOfAClusterAreFoundByItsNodesWhereTheseHaveFewAndElseOnTheWay) {
  const struct {
    const char* name;
    fleet::OrderFilter filter;
    OrderPlan plan;
    const char* expect;
    bool sorted;
  } rows[] = {
      {"few", {.cluster_id = 1}, OrderPlan::by_cluster, "INDEX node_order_node (node=?)", true},
      {"few failed",
       {.cluster_id = 1, .state = fleet::OrderState::failed, .verb = "a"},
       OrderPlan::by_cluster,
       "INDEX node_order_node (node=?)",
       true},
      {"many", {.cluster_id = 1}, OrderPlan::usual, "node_order USING INTEGER PRIMARY KEY (rowid<?)", false},
      {"many failed",
       {.cluster_id = 1, .state = fleet::OrderState::failed},
       OrderPlan::usual,
       "INDEX node_order_state (state=? AND id<?)",
       false},
      {"a node's", {.node_id = 1, .cluster_id = 1}, OrderPlan::usual, "INDEX node_order_node (node=? AND id<?)", false},
  };
  for (const auto& row : rows) {
    const std::string steps = plan(order_list_sql(row.filter, row.plan));
    EXPECT_NE(steps.find(row.expect), std::string::npos) << row.name << ":\n" << steps;
    EXPECT_EQ(steps.find("SCAN"), std::string::npos) << row.name << ":\n" << steps;
    EXPECT_EQ(steps.find("TEMP B-TREE") != std::string::npos, row.sorted) << row.name << ":\n" << steps;
  }
}

TEST_F(QueryPlan, ASearchInTheAuditTrailIsReadInTheOrderOfTime) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "INDEX audit_event_at (at>? AND at<?)"},
      {"action", "INDEX audit_event_action (action=? AND at>? AND at<?)"},
      {"actor", "INDEX audit_event_actor (actor=? AND at>? AND at<?)"},
      {"subject", "INDEX audit_event_subject (subject=? AND at>? AND at<?)"},
  };
  for (const auto& [column, expect] : rows) {
    for (const bool newest_first : {false, true}) {
      const std::string steps = plan(audit_walk_sql(column, newest_first));
      EXPECT_NE(steps.find(expect), std::string::npos) << column << ":\n" << steps;
      EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << column << ":\n" << steps;
    }
  }
}

TEST_F(QueryPlan, ARevokedCertificateOfANodeIsLookedUpByItsSerial) {
  const std::string steps = plan(node_list_sql({.revoked_slots = true}));
  EXPECT_NE(steps.find("certificate USING INDEX sqlite_autoindex_certificate_1 (serial=?)"), std::string::npos)
      << steps;
  EXPECT_EQ(steps.find("SCAN certificate"), std::string::npos) << steps;
  EXPECT_EQ(steps.find("SCAN node_slot"), std::string::npos) << steps;
}

TEST_F(QueryPlan, ANodeIsLookedUpByItsName) {
  const std::string steps = plan(node_list_sql({.name = "a"}));
  EXPECT_NE(steps.find("node USING INDEX sqlite_autoindex_node_1 (name=?)"), std::string::npos) << steps;
}

TEST_F(QueryPlan, AListOfNodesIsReadInItsOrder) {
  using enum fleet::NodeSort;
  const Timestamp time;
  const fleet::NodeFilter all{.text = "a",
                              .state = fleet::NodeState::admitted,
                              .product = "a",
                              .cluster_id = 1,
                              .failed_slots = true,
                              .revoked_slots = true,
                              .expiring_at = time,
                              .last_seen_before = time};
  const struct {
    fleet::NodeSort sort;
    const char* first;
    const char* next;
  } rows[] = {
      {name, "node USING INDEX sqlite_autoindex_node_1", "node USING INDEX sqlite_autoindex_node_1 (name"},
      {last_seen, "node USING INDEX node_last_seen", "node USING INDEX node_last_seen (last_seen"},
      {product, "node USING INDEX node_product", "node USING INDEX node_product (product"},
      {next_expiry, "node USING INDEX node_next_expiry", "node USING INDEX node_next_expiry (next_expiry"},
  };
  for (const auto& row : rows) {
    for (const bool descending : {false, true}) {
      for (fleet::NodeFilter filter : {fleet::NodeFilter(), all}) {
        filter.sort = row.sort;
        filter.descending = descending;
        // The first page walks in the order of the index and stops at the limit; the others begin in its middle.
        std::string steps = plan(node_list_sql(filter));
        EXPECT_NE(steps.find(row.first), std::string::npos) << steps;
        EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
        filter.after = 1;
        steps = plan(node_list_sql(filter));
        EXPECT_NE(steps.find(row.next), std::string::npos) << steps;
        EXPECT_EQ(steps.find("TEMP B-TREE"), std::string::npos) << steps;
        EXPECT_EQ(steps.find("SCAN"), std::string::npos) << steps;
      }
    }
  }
}

}  // namespace
}  // namespace chancery::store
