#include "programs/chancery/endpoint_names.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>
#include <vector>

#include "cli/words.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::vector<std::string> names_in(const json::value& answer) {
  std::vector<std::string> names;
  const json::object* fields = answer.if_object();
  const json::value* list = fields != nullptr ? fields->if_contains("endpoints") : nullptr;
  if (list == nullptr || !list->is_array()) return names;
  for (const json::value& endpoint : list->as_array()) names.push_back(field_text(endpoint, "name"));
  return names;
}

}  // namespace

Result<json::value> or_endpoint_meant(AdminClient& client, Result<json::value> answer, const std::string& name) {
  if (answer || answer.error().code() != ErrorCode::not_found) return answer;
  const auto endpoints = client.get("/v1/endpoints");
  if (!endpoints) return answer;
  const std::string meant = cli::did_you_mean(name, names_in(*endpoints));
  return not_found(answer.error().text() + (meant.empty() ? "; 'chancery endpoint list' lists them" : meant));
}

}  // namespace chancery::program
