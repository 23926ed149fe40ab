#include "programs/chancery/fleet_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "http/url_query.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The id of what has exactly that name in the list at `path`. "#7" is an id, and so is 7 where nothing has that name:
// names of digits only were possible once.
Result<std::string> id_of(AdminClient& client, const std::string& path, std::string_view list,
                          const std::string& name) {
  if (name.starts_with('#') && is_number(std::string_view(name).substr(1))) return name.substr(1);
  TRY(const json::value answer, client.get(path));
  for (const json::value& row : answer.at(list).as_array())
    if (field_text(row, "name") == name) return field_text(row, "id");
  if (is_number(name)) return name;
  return not_found(fmt::format("there is no '{}': see 'chancery {} list'", name, list == "nodes" ? "node" : "cluster"));
}

}  // namespace

Result<std::string> node_path(AdminClient& client, const std::string& name) {
  TRY(const std::string id, id_of(client, "/v1/nodes?name=" + http::percent_encode(name), "nodes", name));
  return "/v1/nodes/" + id;
}

Result<std::string> cluster_id(AdminClient& client, const std::string& name) {
  return id_of(client, "/v1/clusters", "clusters", name);
}

}  // namespace chancery::program
