// What the ledger's work costs while the number of certificates grows: ledger_growth <directory> [most certificates]
//
// For each size it prints the microseconds of CPU (all threads) and of time that one enrolment costs in the database,
// alone in one transaction with 31 others and from 32 threads at once, and what lookups and first pages cost.

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/check.h"
#include "bench/enrolments.h"
#include "store/hub/ledger.h"
#include "testing/fakes.h"

namespace chancery::bench {
namespace {

constexpr int batch = 32;

struct Cost {
  double cpu_us = 0, time_us = 0;
};

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Work>
Cost measure(int times, Work work) {
  const double cpu = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  return {(cpu_seconds() - cpu) / times * 1e6, time.count() / times * 1e6};
}

class Growth {
 public:
  explicit Growth(hub::Ledger& ledger) : ledger_(ledger), enrolments_(ledger) {}

  void fill(std::int64_t most) { enrolments_.fill(most); }

  void report(std::int64_t size) {
    fmt::print("{:>9}", size);
    print(batches());
    print(threads());
    for (const Cost& cost : reads()) print(cost);
    fmt::print("\n");
    std::fflush(stdout);
  }

 private:
  static void print(const Cost& cost) { fmt::print("  {:>7.1f} {:>8.1f}", cost.cpu_us, cost.time_us); }

  Cost batches() {
    constexpr int times = 20;
    const std::vector<Prepared> made = enrolments_.next(times * batch);
    return measure(times * batch, [&] {
      for (int first = 0; first < times * batch; first += batch)
        for (const auto step : {&approve, &record})
          must(ledger_.write([&](hub::Books& books) -> Status {
            for (int i = first; i < first + batch; ++i) TRY_STATUS(step(books, made[static_cast<std::size_t>(i)]));
            return {};
          }));
    });
  }

  Cost threads() {
    constexpr int times = 20;
    const std::vector<Prepared> made = enrolments_.next(times * batch);
    return measure(times * batch, [&] {
      std::vector<std::thread> running;
      for (int thread = 0; thread < batch; ++thread)
        running.emplace_back([&, thread] {
          for (int i = thread; i < times * batch; i += batch)
            for (const auto step : {&approve, &record})
              must(ledger_.write([&](hub::Books& books) { return step(books, made[static_cast<std::size_t>(i)]); }));
        });
      for (std::thread& thread : running) thread.join();
    });
  }

  template <class Ask>
  Cost ask(int times, Ask ask_one) {
    return measure(times, [&] {
      for (int i = 0; i < times; ++i)
        must(ledger_.read(
            [&](hub::Books& books) -> Status { return ask_one(books, 1 + (i * 7919LL) % enrolments_.count()); }));
    });
  }

  std::vector<Cost> reads() {
    const Timestamp today = created(enrolments_.count());
    const auto list = [this](int times, const ca::CertificateFilter& filter) {
      return ask(times, [&](hub::Books& books, std::int64_t) -> Status {
        TRY([[maybe_unused]] const auto page, books.certificates().list(filter));
        return {};
      });
    };
    return {
        ask(1000,
            [](hub::Books& books, std::int64_t number) -> Status {
              TRY(const auto found, books.certificates().find(serial_of(number)));
              CHECK(found);
              return {};
            }),
        ask(1000,
            [](hub::Books& books, std::int64_t number) -> Status {
              TRY(const auto found, books.transactions().find(transaction_of(number)));
              CHECK(found);
              return {};
            }),
        ask(1000,
            [](hub::Books& books, std::int64_t number) -> Status {
              TRY(const int valid, books.certificates().count_valid_for_key(key_of(number), created(number)));
              CHECK(valid == 1);
              return {};
            }),
        list(20, {}),
        list(20, {.endpoint = "endpoint-7", .state = ca::CertificateRecord::State::issued}),
        // What expires in the thirty days after the first certificate does.
        list(5, {.state = ca::CertificateRecord::State::issued,
                 .expires_before = std::min(start + std::chrono::days(395), today + std::chrono::days(365)),
                 .expires_after = start + std::chrono::days(365)}),
        list(2, {.text = "no-such-printer"}),
    };
  }

  hub::Ledger& ledger_;
  Enrolments enrolments_;
};

int run(const std::string& directory, std::int64_t most) {
  testing::FakeClock clock;
  NullLog log;
  const std::string path = directory + "/ledger_growth.db";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  auto ledger = store::SqlLedger::open(path, {}, clock, log);
  if (!ledger) {
    fmt::print(stderr, "{}\n", ledger.error().text());
    return 1;
  }
  fmt::print("microseconds of CPU and of time\n{:>9}", "rows");
  for (const char* what :
       {"enrol by 32", "32 threads", "certificate", "transaction", "key", "first page", "endpoint", "expiry", "text"})
    fmt::print("  {:>16}", what);
  fmt::print("\n");
  Growth growth(**ledger);
  for (std::int64_t size = 1000; size <= most; size *= 10) {
    growth.fill(size);
    growth.report(size);
  }
  ledger->reset();
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  return 0;
}

}  // namespace
}  // namespace chancery::bench

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "ledger_growth <directory> [most certificates]\n");
    return 2;
  }
  return chancery::bench::run(arguments[1], count > 2 ? std::strtoll(arguments[2], nullptr, 10) : 1'000'000);
}
