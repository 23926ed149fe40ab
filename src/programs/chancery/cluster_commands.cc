#include <fmt/format.h>

#include <boost/json/object.hpp>

#include "http/url_query.h"
#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

std::string path_of(const cli::Arguments& arguments) {
  return "/v1/clusters/" + http::percent_encode(arguments.text("ID"));
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
  TRY(const json::value answer, client.patch(path_of(arguments), json::object{{"name", arguments.text("NAME")}}));
  print_done(arguments, terminal, answer, fmt::format("Cluster {} is renamed.", field_text(answer, "id")));
  return {};
}

Status run_remove(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(AdminClient client, AdminClient::from(arguments));
  TRY(const json::value answer, client.remove(path_of(arguments)));
  print_done(arguments, terminal, answer, "The cluster is removed; its nodes stay.");
  return {};
}

}  // namespace

std::vector<cli::Command> cluster_commands() {
  const cli::Positional id{.name = "ID", .help = "Its id, as 'chancery cluster list' shows it"};
  const cli::Positional name{.name = "NAME", .help = "A name for it"};
  return {
      {.path = "cluster list", .summary = "List clusters", .run = run_list},
      {.path = "cluster add", .summary = "Make a cluster", .positionals = {name}, .run = run_add},
      {.path = "cluster rename", .summary = "Rename a cluster", .positionals = {id, name}, .run = run_rename},
      {.path = "cluster remove", .summary = "Remove a cluster", .positionals = {id}, .run = run_remove},
  };
}

}  // namespace chancery::program
