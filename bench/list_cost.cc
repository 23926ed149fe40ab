// What the hub's lists and overview cost over a full ledger: list_cost <ledger.db> [times]
//
// The ledger is one that fill_ledger made. Each row asks for a first page `times` times (50), each time for something a
// little different, and prints the milliseconds that half and 99 of 100 took, and how many rows the last page had.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

#include "base/check.h"
#include "bench/enrolments.h"

namespace chancery::bench {
namespace {

using Sort = ca::CertificateFilter::Sort;
using CertificateStatus = ca::CertificateStatus;
using Filter = ca::CertificateFilter;

// Half of a million certificates have ended by then.
constexpr Timestamp now = start + std::chrono::days(365 + 182);

// Gives how many rows came.
using Question = std::function<Result<std::size_t>(hub::Books&, int turn)>;

void measure(hub::Ledger& ledger, const std::string& name, int times, const Question& question) {
  std::vector<double> milliseconds;
  std::size_t rows = 0;
  for (int turn = 0; turn < times; ++turn) {
    const auto begin = std::chrono::steady_clock::now();
    const Status asked = ledger.read([&](hub::Books& books) -> Status {
      TRY(rows, question(books, turn));
      return {};
    });
    CHECK(asked.has_value());
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    milliseconds.push_back(time.count());
  }
  std::ranges::sort(milliseconds);
  const auto at = [&](double part) {
    return milliseconds[static_cast<std::size_t>(part * static_cast<double>(milliseconds.size() - 1) + 0.5)];
  };
  fmt::print("{:<44} {:>9.2f} {:>9.2f} {:>6}\n", name, at(0.5), at(0.99), rows);
  std::fflush(stdout);
}

struct Named {
  const char* name;
  Filter filter;
};

void report(hub::Ledger& ledger, int times) {
  fmt::print("{:<44} {:>9} {:>9} {:>6}\n", "", "median", "p99", "rows");
  measure(ledger, "overview: timeline of expiry", times, [](hub::Books& books, int) -> Result<std::size_t> {
    TRY(const std::int64_t current, books.certificates().count_current(now, now + std::chrono::days(3650)));
    TRY(const std::int64_t expiring, books.certificates().count_expiring(now, now + std::chrono::days(30)));
    return static_cast<std::size_t>(current > 0) + static_cast<std::size_t>(expiring > 0);
  });
  const Named filters[] = {
      {"all", {}},
      {"current", {.status = CertificateStatus::current}},
      {"expiring", {.status = CertificateStatus::expiring}},
      {"expired", {.status = CertificateStatus::expired}},
      {"superseded", {.status = CertificateStatus::superseded}},
      {"revoked", {.status = CertificateStatus::revoked}},
      {"of an endpoint", {.endpoint = "endpoint-3"}},
      {"of an endpoint, expired", {.endpoint = "endpoint-3", .status = CertificateStatus::expired}},
      {"word of all", {.text = "printer"}},
      {"word of 111,000", {.text = "9"}},
      {"word of 11,000", {.text = "98"}},
      {"word of 1,100", {.text = "987"}},
      {"word of 11", {.text = "98765"}},
      {"word of none", {.text = "nobody"}},
      {"word of 11,000, current", {.status = CertificateStatus::current, .text = "98"}},
      {"two words", {.text = "printer 98"}},
  };
  for (const Named& named : filters)
    for (const auto& [order, sort, ascending] : {std::tuple{"newest first", Sort::created, false},
                                                 {"first to end", Sort::not_after, true},
                                                 {"last to end", Sort::not_after, false},
                                                 {"by subject", Sort::subject, true},
                                                 {"by subject, backwards", Sort::subject, false}}) {
      Filter filter = named.filter;
      filter.sort = sort;
      filter.ascending = ascending;
      filter.limit = 50;
      measure(ledger, fmt::format("{}, {}", named.name, order), times,
              [&](hub::Books& books, int turn) -> Result<std::size_t> {
                filter.now = now + std::chrono::minutes(turn);
                TRY(const ca::CertificatePage page, books.certificates().list(filter));
                return page.rows.size();
              });
    }
}

}  // namespace
}  // namespace chancery::bench

int main(int count, char** arguments) {
  if (count < 2) {
    std::fputs("list_cost <ledger.db> [times]\n", stderr);
    return 2;
  }
  const auto ledger = chancery::bench::open_ledger(arguments[1]);
  chancery::bench::report(*ledger, count > 2 ? std::atoi(arguments[2]) : 50);
  return 0;
}
