// `chancery doctor`: what the running server finds, or, where none runs, what can be seen without it.

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <ostream>

#include "programs/chancery/admin_client.h"
#include "programs/chancery/commands.h"
#include "programs/chancery/listing.h"
#include "programs/chancery/machine_check.h"
#include "programs/chancery/settings.h"

namespace chancery::program {
namespace {

namespace json = boost::json;

json::value findings_json(const std::vector<Finding>& findings) {
  json::array rows;
  // The worst first.
  for (const bool errors : {true, false})
    for (const Finding& finding : findings)
      if ((finding.severity == "error") == errors)
        rows.push_back(json::object{{"severity", finding.severity}, {"what", finding.what}, {"fix", finding.fix}});
  return json::object{{"findings", std::move(rows)}};
}

// The configuration cannot be used, so that it is not known where a server would be.
json::value unusable(const cli::Arguments& arguments, const Error& error) {
  const std::string fix = fmt::format("mend it in {}; 'chancery config default' prints every option with its help",
                                      arguments.text("config", "/etc/chancery/chancery.toml"));
  std::vector<Finding> findings;
  std::string_view rest = error.text();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    findings.push_back({.severity = "error", .what = std::string(rest.substr(0, end)), .fix = fix});
    rest = rest.substr(std::min(end + 1, rest.size()));
  }
  return findings_json(findings);
}

json::value without_server(const ServerOptions& options, const std::string& passphrase_file) {
  std::vector<Finding> findings = check_files(options);
  for (Finding& finding : check_start(options, passphrase_file)) findings.push_back(std::move(finding));
  findings.insert(findings.begin(),
                  {.severity = "error",
                   .what = fmt::format("no server answers at {}", options.admin_socket_path()),
                   .fix = findings.empty() ? "start it with 'chancery serve', or name its socket with --socket"
                                           : "mend what follows, then start it with 'chancery serve'"});
  return findings_json(findings);
}

Result<json::value> examine(const cli::Arguments& arguments) {
  const auto options = options_from(arguments);
  if (!options) return unusable(arguments, options.error());
  AdminClient client(options->admin_socket_path());
  auto answer = client.get("/v1/doctor");
  if (!answer && answer.error().code() == ErrorCode::unavailable && !client.was_answered())
    return without_server(*options, arguments.text("passphrase-file"));
  return answer;
}

Status run_doctor(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(const json::value answer, examine(arguments));
  if (arguments.flag("json")) print_fields(arguments, terminal, answer, {});
  bool bad = false;
  for (const json::value& finding : answer.at("findings").as_array()) {
    bad = bad || field_text(finding, "severity") == "error";
    if (!arguments.flag("json"))
      terminal.out << fmt::format("{:<8} {}\n         {}\n", field_text(finding, "severity"),
                                  field_text(finding, "what"), field_text(finding, "fix"));
  }
  if (answer.at("findings").as_array().empty() && !arguments.flag("json")) terminal.out << "Nothing is wrong.\n";
  if (bad) return conflict("there is something to mend");
  return {};
}

}  // namespace

std::vector<cli::Command> doctor_commands() {
  return {{.path = "doctor",
           .summary = "Find what is wrong, or soon will be, and how to mend it",
           .description =
               "Where no server runs, it looks at the configuration, the files that it names, the authority's files "
               "and its ledger, the addresses to listen on and the disk. It asks for no passphrase: keys are tried "
               "where it is in a file. The exit code is 1 when there is an error.",
           .options = {{.name = "passphrase-file",
                        .value_name = "FILE",
                        .help = "Where no server runs: the file with the passphrase of the authority's keys",
                        .default_text = "passphrase_file of the configuration, or the service's credential"}},
           .run = run_doctor}};
}

}  // namespace chancery::program
