#pragma once

// Enrolments as the ledger sees them, made up: for programs that measure a ledger, or need a full one.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "hub/ledger.h"
#include "store/hub/ledger.h"
#include "testing/fakes.h"

namespace chancery::bench {

// The ledger in that file; ends the program where there is none to be had.
inline std::unique_ptr<store::SqlLedger> open_ledger(const char* path) {
  static const SystemClock clock;
  static NullLog log;
  auto ledger = store::SqlLedger::open(path, {}, clock, log);
  if (!ledger) {
    std::fprintf(stderr, "%s\n", ledger.error().text().c_str());
    std::exit(1);
  }
  return *std::move(ledger);
}

inline constexpr Timestamp start{Seconds(1767225600)};
// Numbers spread over all values, as serials, keys and transaction ids are.
inline Bytes spread(std::uint64_t number, std::size_t size, std::uint64_t kind) {
  testing::FakeRandom random(number * 8 + kind);
  Bytes bytes = random.bytes(size);
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3f) | 0x40);
  return bytes;
}

inline pki::Serial serial_of(std::int64_t number) { return {spread(static_cast<std::uint64_t>(number), 16, 0)}; }
inline Bytes key_of(std::int64_t number) { return spread(static_cast<std::uint64_t>(number), 32, 1); }
inline hub::TransactionKey transaction_of(std::int64_t number) {
  return {"endpoint-" + std::to_string(number % 10), key_of(number), spread(static_cast<std::uint64_t>(number), 32, 2)};
}
inline Timestamp created(std::int64_t number) { return start + Seconds(number * 30); }  // A million a year.

struct Prepared {
  ca::ChallengeRecord challenge;
  ca::CertificateRecord certificate;
  hub::TransactionRecord transaction;
  Bytes der, fingerprint;
};

// Made before the clock starts: none of it is the ledger's work.
inline Prepared prepare(std::int64_t number) {
  Prepared made;
  const std::string name = "printer-" + std::to_string(number) + ".example.com";
  made.challenge.id = to_base64url(spread(static_cast<std::uint64_t>(number), 8, 3));
  made.challenge.endpoint = "endpoint-" + std::to_string(number % 10);
  made.challenge.secret_hash = Bytes(32, 1);
  made.challenge.created = created(number);
  made.challenge.expires = created(number) + std::chrono::hours(1);
  made.certificate.serial = serial_of(number);
  made.certificate.endpoint = made.challenge.endpoint;
  made.certificate.subject = "CN=" + name + ",O=Example";
  made.certificate.alternative_names = {"dns:" + name};
  made.certificate.validity = {created(number), created(number) + std::chrono::days(365)};
  made.certificate.key_fingerprint = key_of(number);
  made.certificate.tbs = Bytes(900, 2);
  made.certificate.created = created(number);
  made.transaction.key = transaction_of(number);
  made.transaction.state = hub::TransactionRecord::State::issued;
  made.transaction.request_hash = Bytes(32, 3);
  made.transaction.request = Bytes(1400, 4);
  made.transaction.subject = made.certificate.subject;
  made.transaction.alternative_names = made.certificate.alternative_names;
  made.transaction.key_type = "rsa:2048";
  made.transaction.source = "10.0.0.7";
  made.transaction.serial = made.certificate.serial.hex();
  made.transaction.created = made.transaction.updated = created(number);
  made.der = Bytes(1200, 5);
  made.fingerprint = Bytes(32, 6);
  return made;
}

inline hub::AuditEvent event(const Prepared& made, std::string action) {
  return {.at = made.certificate.created,
          .actor = "scep 10.0.0.7",
          .action = std::move(action),
          .subject = made.transaction.serial,
          .details = {{"endpoint", made.challenge.endpoint}, {"subject", made.certificate.subject}},
          .hash = {}};
}

// The first transaction of an enrolment: until the intent is durable.
inline Status approve(hub::Books& books, const Prepared& made) {
  TRY(const auto known, books.transactions().find(made.transaction.key));
  CHECK(!known);
  TRY(const auto challenge, books.challenges().find(made.challenge.id));
  CHECK(challenge);
  TRY(const bool used, books.challenges().use(made.challenge.id, made.challenge.created, made.transaction.serial));
  CHECK(used);
  TRY_STATUS(books.certificates().add_intent(made.certificate));
  TRY([[maybe_unused]] const auto id, books.transactions().add(made.transaction));
  return books.audit().append(event(made, "certificate.approved"));
}

// The second: after the signature.
inline Status record(hub::Books& books, const Prepared& made) {
  TRY_STATUS(books.certificates().record_issued(made.certificate.serial, made.der, made.fingerprint));
  return books.audit().append(event(made, "certificate.issued"));
}

inline void must(const Status& status) {
  if (status) return;
  fmt::print(stderr, "{}\n", status.error().text());
  std::exit(1);
}

// Hands out enrolments that were not there before, in order.
class Enrolments {
 public:
  explicit Enrolments(hub::Ledger& ledger) : ledger_(ledger) {}

  [[nodiscard]] std::int64_t count() const { return count_; }

  // Challenges are minted by somebody else, before.
  std::vector<Prepared> next(int count) {
    std::vector<Prepared> made;
    for (int i = 0; i < count; ++i) made.push_back(prepare(++count_));
    must(ledger_.write([&](hub::Books& books) -> Status {
      for (const Prepared& one : made) TRY_STATUS(books.challenges().add(one.challenge));
      return {};
    }));
    return made;
  }

  // Until the ledger holds `most`.
  void fill(std::int64_t most) {
    while (count_ < most) {
      const std::vector<Prepared> made = next(static_cast<int>(std::min<std::int64_t>(1000, most - count_)));
      must(ledger_.write([&](hub::Books& books) -> Status {
        for (const Prepared& one : made) {
          TRY_STATUS(approve(books, one));
          TRY_STATUS(record(books, one));
        }
        return {};
      }));
    }
  }

 private:
  hub::Ledger& ledger_;
  std::int64_t count_ = 0;
};

}  // namespace chancery::bench
