// When certificates end: days and clusters, for the overview.

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <ranges>

#include "api/admin_routes.h"
#include "api/json_views.h"
#include "hub/timeline.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

constexpr int usual_days = 90;
constexpr Seconds longest_timeline = std::chrono::days(400);

// When each day begins, and when the last one ends. Where nobody says, days are those of UTC.
Result<std::vector<Timestamp>> days_in(const Input& input, Timestamp now) {
  std::vector<Timestamp> days;
  if (const auto text = input.optional_text("days")) {
    for (const auto part : std::views::split(*text, ',')) {
      TRY_IN("days", const Timestamp begin, from_rfc3339(std::string_view(part.begin(), part.end())));
      if (!days.empty() && begin <= days.back()) return invalid("days: each has to begin after the one before");
      days.push_back(begin);
    }
    if (days.size() < 2) return invalid("days: the end of the last one is missing");
    if (days.back() - days.front() > longest_timeline)
      return invalid(fmt::format("days: these are more than {}", to_duration_text(longest_timeline)));
    return days;
  }
  const Timestamp today = std::chrono::floor<std::chrono::days>(now);
  for (int day = 0; day <= usual_days; ++day) days.push_back(today + std::chrono::days(day));
  return days;
}

// Only days on which something ends.
json::array days_json(const std::vector<std::int64_t>& counts) {
  json::array days;
  for (std::size_t day = 0; day < counts.size(); ++day)
    if (counts[day] > 0) days.push_back(json::object{{"day", day}, {"count", counts[day]}});
  return days;
}

Result<http::Response> show_timeline(const Call& call) {
  const Timestamp now = call.services.context.clock.now();
  TRY(const std::vector<Timestamp> days, days_in(call.input, now));
  hub::Timeline timeline;
  TRY_STATUS(call.services.context.ledger.read([&](hub::Books& books) -> Status {
    TRY(timeline, hub::read_timeline(books, days, now));
    return {};
  }));
  const std::size_t shown = std::min(timeline.clusters.size(), static_cast<std::size_t>(limit_of(call.input)));
  json::array clusters;
  for (const hub::TimelineRow& row : timeline.clusters | std::views::take(shown))
    clusters.push_back(json::object{{"id", row.cluster_id}, {"name", row.name}, {"days", days_json(row.days)}});
  return json_response(200, {{"begins", to_rfc3339(days.front())},
                             {"all", days_json(timeline.all)},
                             {"elsewhere", days_json(timeline.elsewhere)},
                             {"clusters", std::move(clusters)},
                             {"more_clusters", timeline.clusters.size() - shown}});
}

const Shape& timeline_shape() {
  static const Shape day{
      .name = "TimelineDay",
      .fields = {{.name = "day", .type = FieldType::integer, .help = "Which day; 0: the first", .required = true},
                 {.name = "count",
                  .type = FieldType::integer,
                  .help = "How many certificates in use end on it",
                  .required = true,
                  .least = 1}}};
  const auto days = [](std::string_view name, std::string_view help) {
    return Field{.name = name, .type = FieldType::object_list, .help = help, .required = true, .shape = &day};
  };
  static const Shape row{
      .name = "TimelineCluster",
      .fields = {{.name = "id", .type = FieldType::integer, .help = "Names the cluster", .required = true},
                 {.name = "name", .help = "Its name", .required = true},
                 days("days", "What its nodes use, and when it ends; days without an end are left out")}};
  static const Shape shape{
      .name = "Timeline",
      .fields = {{.name = "begins", .type = FieldType::time, .help = "When the first day does", .required = true},
                 days("all", "All certificates: neither revoked nor replaced, and not ended yet"),
                 days("elsewhere", "Of these, those that no node of a cluster uses"),
                 {.name = "clusters",
                  .type = FieldType::object_list,
                  .help = "Those in which something ends; the next to end is first",
                  .required = true,
                  .shape = &row},
                 {.name = "more_clusters",
                  .type = FieldType::integer,
                  .help = "How many of these were left out",
                  .required = true}}};
  return shape;
}

}  // namespace

void add_timeline_routes(RouteTable& table) {
  table.add(
      {.method = "GET",
       .path = "/v1/timeline",
       .name = "show_timeline",
       .permission = Permission::view,
       .summary = "How many certificates end on which day, in all and in each cluster",
       .fields = {{.name = "days",
                   .help = "When each day begins, and when the last one ends, with commas between: so days may be "
                           "those of any zone; 90 days of UTC if not given"},
                  limit_field()},
       .answer = {.shape = &timeline_shape()},
       .handler = show_timeline});
}

}  // namespace chancery::api
