// Rows that hold numbers which are no enumerators, as a damaged disk or a hand in the database leaves them: read as an
// error that names the row, never as something that does not exist.

#include <gtest/gtest.h>

#include "sql/sqlite.h"
#include "store/hub/ledger.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::store {
namespace {

const pki::Serial serial{{0x41, 0x02}};

Status fill(hub::Books& books) {
  ca::CertificateRecord certificate;
  certificate.serial = serial;
  certificate.tbs = Bytes(1, 0x5a);
  TRY_STATUS(books.certificates().add_intent(certificate));
  TRY_STATUS(books.certificates().record_issued(serial, Bytes(1, 0x5a), Bytes(1, 1)));
  TRY_STATUS(books.certificates().revoke(serial, Timestamp(), pki::RevocationReason::superseded));
  TRY([[maybe_unused]] const auto request, books.transactions().add({}));
  TRY_STATUS(books.users().add({.name = "eve"}));
  fleet::Node node;
  node.name = "press";
  TRY([[maybe_unused]] const auto number, books.nodes().add(node));
  fleet::Order order;
  order.node_id = number;
  TRY([[maybe_unused]] const auto order_number, books.orders().add(order));
  return {};
}

// Everything that reads a row of these tables.
Status read_requests(hub::Books& books) {
  TRY([[maybe_unused]] const auto one, books.transactions().find(1));
  return {};
}
Status list_requests(hub::Books& books) {
  TRY([[maybe_unused]] const auto some, books.transactions().list({}, 0, 10));
  return {};
}
Status read_certificate(hub::Books& books) {
  TRY([[maybe_unused]] const auto one, books.certificates().find(serial));
  return {};
}
Status list_certificates(hub::Books& books) {
  TRY([[maybe_unused]] const auto some, books.certificates().list({.limit = 10}));
  return {};
}
Status read_revoked(hub::Books& books) {
  TRY([[maybe_unused]] const auto some, books.certificates().revoked(1, Timestamp()));
  return {};
}

Status read_user(hub::Books& books) {
  TRY([[maybe_unused]] const auto one, books.users().find("eve"));
  return {};
}
Status list_users(hub::Books& books) {
  TRY([[maybe_unused]] const auto all, books.users().all());
  return {};
}
Status read_node(hub::Books& books) {
  TRY([[maybe_unused]] const auto one, books.nodes().find(1));
  return {};
}
Status list_nodes(hub::Books& books) {
  TRY([[maybe_unused]] const auto some, books.nodes().list({}));
  return {};
}
Status read_order(hub::Books& books) {
  TRY([[maybe_unused]] const auto one, books.orders().find(1));
  return {};
}

TEST(DamagedRows, AreErrorsThatNameTheRow) {
  const struct {
    const char* damage;
    Status (*read)(hub::Books&);
    const char* expect;
  } rows[] = {
      {"UPDATE enrolment SET state = 3", read_requests, "request 1 has state 3"},
      {"UPDATE enrolment SET state = -1", list_requests, "request 1 has state -1"},
      {"UPDATE enrolment SET state = 4294967296", read_requests, "request 1 has state 4294967296"},
      {"UPDATE enrolment SET fail_info = 5", read_requests, "request 1 has fail_info 5"},
      {"UPDATE enrolment SET fail_info = 4294967297", list_requests, "request 1 has fail_info 4294967297"},
      {"UPDATE certificate SET state = 3", read_certificate, "certificate 4102 has state 3"},
      {"UPDATE certificate SET state = 256", list_certificates, "certificate 4102 has state 256"},
      {"UPDATE certificate SET reason = 7", read_certificate, "certificate 4102 has reason 7"},
      {"UPDATE certificate SET reason = 11", list_certificates, "certificate 4102 has reason 11"},
      {"UPDATE certificate SET reason = -1", read_revoked, "certificate 4102 has reason -1"},
      {"UPDATE account SET role = 3", read_user, "user 'eve' has role 3"},
      {"UPDATE account SET role = -1", list_users, "user 'eve' has role -1"},
      {"UPDATE node SET state = 4", read_node, "node 1 has state 4"},
      {"UPDATE node SET clock_synchronised = 3", list_nodes, "node 1 has clock_synchronised 3"},
      {"UPDATE node_order SET state = 6", read_order, "order 1 has state 6"},
  };
  for (const auto& row : rows) {
    const testing::TemporaryDirectory directory;
    testing::FakeClock clock;
    NullLog log;
    const auto ledger = SqlLedger::open(directory.file("ledger.db"), {.readers = 1}, clock, log).value();
    ASSERT_TRUE(ledger->write(fill));
    EXPECT_TRUE(ledger->read(row.read)) << row.damage;
    {
      const auto other = sql::open_sqlite({.path = directory.file("ledger.db")}).value();
      ASSERT_EQ(other->execute(row.damage).value(), 1) << row.damage;
    }
    const Status read = ledger->read(row.read);
    ASSERT_FALSE(read) << row.damage;
    EXPECT_EQ(read.error().code(), ErrorCode::internal) << row.damage;
    EXPECT_EQ(read.error().text(), std::string("the database is damaged: ") + row.expect);
  }
}

}  // namespace
}  // namespace chancery::store
