#pragma once

// What the parts of the ledger's contract suite share: a ledger to test, and records to put into it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "hub/ledger.h"

namespace chancery::testing {

// A new, empty ledger, gone with this.
class TestLedger {
 public:
  virtual ~TestLedger() = default;
  virtual hub::Ledger& ledger() = 0;
  // Closes and opens it again, if it is one that outlives the process.
  virtual void reopen() {}
};

using MakeTestLedger = std::unique_ptr<TestLedger> (*)();

inline constexpr Timestamp noon{Seconds(1767268800)};  // 2026-01-01T12:00:00Z

inline pki::Serial serial_of(int number) {
  return {{0x41, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

inline ca::CertificateRecord certificate(int number) {
  ca::CertificateRecord record;
  record.serial = serial_of(number);
  record.generation = 1;
  record.endpoint = "printers";
  record.subject = "CN=printer-" + std::to_string(number);
  record.alternative_names = {"dns:printer-" + std::to_string(number) + ".example"};
  record.validity = {noon - std::chrono::hours(1), noon + std::chrono::days(365)};
  record.key_fingerprint = Bytes(32, static_cast<std::uint8_t>(number));
  record.tbs = {0x30, 0x01, static_cast<std::uint8_t>(number)};
  record.created = noon;
  return record;
}

inline ca::ChallengeRecord challenge(std::string id) {
  ca::ChallengeRecord record;
  record.id = std::move(id);
  record.endpoint = "printers";
  record.secret_hash = Bytes(32, 0x11);
  record.created = noon;
  record.expires = noon + std::chrono::hours(1);
  return record;
}

inline hub::TransactionRecord transaction(int number) {
  hub::TransactionRecord record;
  record.key = {"printers", Bytes(32, static_cast<std::uint8_t>(number)), {0x54, static_cast<std::uint8_t>(number)}};
  record.request_hash = Bytes(32, 0x22);
  record.request = {0x30, 0x03, 0x02, 0x01, 0x00};
  record.subject = "CN=printer-" + std::to_string(number);
  record.key_type = "rsa:2048";
  record.source = "10.0.0.7";
  record.created = noon;
  record.updated = noon;
  return record;
}

inline hub::AuditEvent audit_event(std::string action) {
  return {
      .at = noon, .actor = "scep 10.0.0.7", .action = std::move(action), .subject = "4100", .details = {}, .hash = {}};
}

// Everything in a record, to be compared.
inline auto fields(const ca::CertificateRecord& record) {
  return std::tuple(record.serial.hex(), record.generation, record.endpoint, record.state, record.subject,
                    record.alternative_names, record.validity.not_before, record.validity.not_after,
                    record.key_fingerprint, record.tbs, record.der, record.fingerprint, record.revoked_at,
                    record.reason, record.replaces, record.created, record.superseded);
}
inline auto fields(const ca::ChallengeRecord& record) {
  return std::tuple(record.id, record.endpoint, record.secret_hash, record.binding.subject,
                    record.binding.alternative_names, record.created, record.expires, record.used, record.used_by,
                    record.note);
}
inline auto fields(const hub::TransactionRecord& record) {
  return std::tuple(record.id, record.key.endpoint, record.key.signer_key, record.key.transaction_id, record.state,
                    record.renewal, record.request_hash, record.request, record.subject, record.alternative_names,
                    record.key_type, record.source, record.serial, record.replaces, record.reason, record.fail_info,
                    record.created, record.updated);
}

class LedgerContract : public ::testing::TestWithParam<MakeTestLedger> {
 protected:
  LedgerContract() : test_ledger(GetParam()()) {}

  hub::Ledger& ledger() { return test_ledger->ledger(); }

  // The status of a transaction that does only this.
  template <class Work>
  Status write(Work work) {
    return ledger().write([&](hub::Books& books) -> Status { return work(books); });
  }
  // What `get` gives from a snapshot. Fails the test on an error.
  template <class Get>
  auto read(Get get) {
    typename std::invoke_result_t<Get&, hub::Books&>::value_type value{};
    const Status done = ledger().read([&](hub::Books& books) -> Status {
      TRY(value, get(books));
      return {};
    });
    EXPECT_TRUE(done) << done.error().text();
    return value;
  }

  Status add(const ca::CertificateRecord& record) {
    return write([&](hub::Books& books) { return books.certificates().add_intent(record); });
  }
  Status issue(int number) {
    return write([&](hub::Books& books) {
      return books.certificates().record_issued(serial_of(number), Bytes{0x30, 0x02}, Bytes(32, 0x33));
    });
  }
  Status revoke(int number, Timestamp at, pki::RevocationReason reason) {
    return write([&](hub::Books& books) { return books.certificates().revoke(serial_of(number), at, reason); });
  }
  Status release(int number) {
    return write([&](hub::Books& books) { return books.certificates().release(serial_of(number)); });
  }
  std::optional<ca::CertificateRecord> find_certificate(int number) {
    return read([&](hub::Books& books) { return books.certificates().find(serial_of(number)); });
  }
  // The numbers in the serials of a list.
  std::vector<int> listed(const ca::CertificateFilter& filter) {
    std::vector<int> numbers;
    for (const auto& row : read([&](hub::Books& books) { return books.certificates().list(filter); }).rows)
      numbers.push_back(row.serial.octets[1] << 8 | row.serial.octets[2]);
    return numbers;
  }

  Status add(const ca::ChallengeRecord& record) {
    return write([&](hub::Books& books) { return books.challenges().add(record); });
  }
  bool use(std::string_view id, Timestamp now, std::string_view serial) {
    bool used = false;
    EXPECT_TRUE(write([&](hub::Books& books) -> Status {
      TRY(used, books.challenges().use(id, now, serial));
      return {};
    }));
    return used;
  }
  std::optional<ca::ChallengeRecord> find_challenge(std::string_view id) {
    return read([&](hub::Books& books) { return books.challenges().find(id); });
  }

  Result<std::int64_t> add(const hub::TransactionRecord& record) {
    std::int64_t id = 0;
    TRY_STATUS(write([&](hub::Books& books) -> Status {
      TRY(id, books.transactions().add(record));
      return {};
    }));
    return id;
  }
  std::optional<hub::TransactionRecord> find_transaction(std::int64_t id) {
    return read([&](hub::Books& books) { return books.transactions().find(id); });
  }

  Status append(const hub::AuditEvent& event) {
    return write([&](hub::Books& books) { return books.audit().append(event); });
  }
  std::vector<hub::AuditEvent> audit_trail() {
    return read([&](hub::Books& books) { return books.audit().list(0, 1000); });
  }

  std::unique_ptr<TestLedger> test_ledger;
};

// EXPECT that a Status or Result is an error of this code.
#define EXPECT_ERROR(expected_code, ...)                                                      \
  do {                                                                                        \
    const auto expected_error = (__VA_ARGS__);                                                \
    ASSERT_FALSE(expected_error.has_value());                                                 \
    EXPECT_EQ(expected_error.error().code(), expected_code) << expected_error.error().text(); \
  } while (false)

}  // namespace chancery::testing
