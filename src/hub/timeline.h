#pragma once

// When certificates in use end, day by day, and in which cluster.

#include <string>
#include <vector>

#include "hub/ledger.h"

namespace chancery::hub {

// Of one cluster: how many of the certificates that its nodes use end on each day.
struct TimelineRow {
  std::int64_t cluster_id = 0;
  std::string name;
  std::vector<std::int64_t> days;
};

struct Timeline {
  std::vector<std::int64_t> all;        // that end on each day, wherever they are
  std::vector<std::int64_t> elsewhere;  // of these, those that no node of a cluster uses
  std::vector<TimelineRow> clusters;    // in which something ends; the next to end first, then by name
};

// `days`: when each begins, and when the last one ends, in order. What has ended at `now` is not counted. Costs what
// slots hold, however many certificates the ledger has.
// REQUIRES: days.size() >= 2
Result<Timeline> read_timeline(Books& books, const std::vector<Timestamp>& days, Timestamp now);

}  // namespace chancery::hub
