#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/fleet_names.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

Result<std::string> path_of(AdminClient& client, const cli::Arguments& arguments) {
  TRY(const std::string id, cluster_id(client, arguments.text("CLUSTER")));
  return "/v1/clusters/" + id;
}

Status run_list(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.get("/v1/clusters"));
  print_list(arguments, terminal, answer, "clusters", {{"ID", "id"}, {"NAME", "name"}, {"CREATED", "created"}},
             "There is no cluster. Make one: chancery cluster add NAME");
  return {};
}

Status run_add(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.post("/v1/clusters", json::object{{"name", arguments.text("NAME")}}));
  print_done(arguments, terminal, answer, fmt::format("Cluster {} is made.", field_text(answer, "id")));
  return {};
}

Status run_rename(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, path_of(client, arguments));
  TRY(const json::value answer, client.patch(path, json::object{{"name", arguments.text("NAME")}}));
  print_done(arguments, terminal, answer, fmt::format("Cluster {} is renamed.", field_text(answer, "id")));
  return {};
}

Status run_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const std::string path, path_of(client, arguments));
  TRY(const json::value answer, client.remove(path));
  print_done(arguments, terminal, answer, "The cluster is removed; its nodes stay.");
  return {};
}

}  // namespace

std::vector<cli::Command> cluster_commands() {
  const cli::Positional cluster{.name = "CLUSTER",
                                .help = "Its name, or # and its id, as 'chancery cluster list' shows them"};
  const cli::Positional name{.name = "NAME", .help = "A name for it"};
  return {
      {.path = "cluster list", .summary = "List clusters", .run = run_list},
      {.path = "cluster add", .summary = "Make a cluster", .positionals = {name}, .run = run_add},
      {.path = "cluster rename", .summary = "Rename a cluster", .positionals = {cluster, name}, .run = run_rename},
      {.path = "cluster remove", .summary = "Remove a cluster", .positionals = {cluster}, .run = run_remove},
  };
}

}  // namespace chancery::program
