#include "hub/timeline.h"

#include <algorithm>
#include <map>

namespace chancery::hub {
namespace {

std::size_t first_day(const TimelineRow& row) {
  return static_cast<std::size_t>(std::ranges::find_if(row.days, [](std::int64_t count) { return count > 0; }) -
                                  row.days.begin());
}

}  // namespace

Result<Timeline> read_timeline(Books& books, const std::vector<Timestamp>& days, Timestamp now) {
  const std::size_t count = days.size() - 1;
  Timeline timeline;
  for (std::size_t day = 0; day < count; ++day) {
    const Timestamp begin = std::max(days[day], now);
    TRY(timeline.all.emplace_back(),
        begin < days[day + 1] ? books.certificates().count_current(begin, days[day + 1]) : Result<std::int64_t>(0));
  }
  timeline.elsewhere = timeline.all;

  TRY(const std::vector<fleet::HeldEnd> ends, books.inventories().ends(std::max(days.front(), now), days.back()));
  std::map<std::int64_t, std::vector<std::int64_t>> of_clusters;
  for (std::size_t i = 0; i < ends.size();) {
    // Several slots may use one certificate: it counts once in each cluster.
    std::vector<std::int64_t> clusters;
    const std::size_t first = i;
    for (; i < ends.size() && ends[i].serial == ends[first].serial; ++i)
      if (ends[i].cluster_id != 0 && !std::ranges::count(clusters, ends[i].cluster_id))
        clusters.push_back(ends[i].cluster_id);
    const auto day = static_cast<std::size_t>(std::ranges::upper_bound(days, ends[first].not_after) - days.begin() - 1);
    for (const std::int64_t cluster : clusters) {
      std::vector<std::int64_t>& row = of_clusters[cluster];
      row.resize(count);
      ++row[day];
    }
    if (!clusters.empty() && timeline.elsewhere[day] > 0) --timeline.elsewhere[day];
  }

  TRY(const std::vector<fleet::Cluster> clusters, books.clusters().list());
  for (const fleet::Cluster& cluster : clusters) {
    const auto row = of_clusters.find(cluster.id);
    if (row == of_clusters.end()) continue;
    timeline.clusters.push_back({.cluster_id = cluster.id, .name = cluster.name, .days = std::move(row->second)});
  }
  std::ranges::stable_sort(timeline.clusters, {}, first_day);
  return timeline;
}

}  // namespace chancery::hub
