#include "store/hub/crls.h"

#include <fmt/format.h>

#include <limits>

#include "store/hub/statements.h"

namespace chancery::store {
namespace {

// Each revocation makes a whole new CRL: without an end to them, n revocations would cost n² bytes.
constexpr std::uint64_t crls_kept = 16;

}  // namespace

Result<std::optional<ca::CrlRecord>> Crls::latest(int generation) {
  TRY(sql::Rows rows, session_.query(statements::crls::latest, generation));
  return rows.one([](const sql::Row& row) {
    return ca::CrlRecord{.generation = row.get<int>(0),
                         .number = row.get<std::uint64_t>(1),
                         .this_update = row.time(2),
                         .next_update = row.time(3),
                         .der = row.get<Bytes>(4)};
  });
}

Status Crls::add(const ca::CrlRecord& record) {
  if (record.number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return invalid(fmt::format("CRL number {} is too large", record.number));
  TRY(const std::int64_t added, session_.change(statements::crls::add, record.generation, record.number,
                                                record.this_update, record.next_update, record.der));
  if (added == 0)
    return conflict(fmt::format("generation {} has a CRL with number {} already", record.generation, record.number));
  if (record.number <= crls_kept) return {};
  TRY([[maybe_unused]] const std::int64_t forgotten,
      session_.change(statements::crls::forget, record.generation, record.number - crls_kept));
  return {};
}

Result<ca::CrlChanges> Crls::changes(int generation) {
  TRY(sql::Rows rows, session_.query(statements::crls::changes, generation));
  TRY(const auto changes,
      rows.one([](const sql::Row& row) { return ca::CrlChanges{.made = row.integer(0), .listed = row.integer(1)}; }));
  return changes.value_or(ca::CrlChanges{});
}

Status Crls::note_listed(int generation, std::int64_t changes) {
  TRY([[maybe_unused]] const auto noted, session_.change(statements::crls::note_listed, changes, generation));
  return {};
}

}  // namespace chancery::store
