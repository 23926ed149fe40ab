// Fills a ledger with certificates that nobody issued, to measure what a full one costs:
// fill_ledger <ledger.db> <certificates>

#include <cstdio>
#include <cstdlib>

#include "bench/enrolments.h"

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("fill_ledger <ledger.db> <certificates>\n", stderr);
    return 2;
  }
  const auto ledger = chancery::bench::open_ledger(arguments[1]);
  chancery::bench::Enrolments(*ledger).fill(std::strtoll(arguments[2], nullptr, 10));
  return 0;
}
