// Fills a ledger with certificates that nobody issued, to measure what a full one costs:
// fill_ledger <ledger.db> <certificates>

#include <cstdio>
#include <cstdlib>

#include "bench/enrolments.h"
#include "store/hub/ledger.h"

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("fill_ledger <ledger.db> <certificates>\n", stderr);
    return 2;
  }
  chancery::SystemClock clock;
  chancery::NullLog log;
  const auto ledger = chancery::store::SqlLedger::open(arguments[1], {}, clock, log);
  if (!ledger) {
    std::fprintf(stderr, "%s\n", ledger.error().text().c_str());
    return 1;
  }
  chancery::bench::Enrolments(**ledger).fill(std::strtoll(arguments[2], nullptr, 10));
  return 0;
}
