#include "programs/chancery/commands.h"

#include <iterator>

#include "programs/chancery/version.h"

namespace chancery::program {

cli::Program chancery_program() {
  cli::Program program{.name = "chancery",
                       .version = std::string(version),
                       .summary = "certificate authority and SCEP server for fleets of devices",
                       .description =
                           "chancery keeps an authority, answers devices that enrol by SCEP (RFC 8894), and lets "
                           "administrators decide, look and revoke. "
                           "'chancery init' makes the authority, 'chancery serve' runs it; every other command talks "
                           "to the running server.",
                       .common_options = {{.name = "config",
                                           .value_name = "FILE",
                                           .help = "Configuration file",
                                           .default_text = "/etc/chancery/chancery.toml if it exists"},
                                          {.name = "data",
                                           .value_name = "FOLDER",
                                           .help = "Data folder, instead of the configuration's"},
                                          {.name = "socket",
                                           .value_name = "PATH",
                                           .help = "Socket of the running server, instead of the configuration's"},
                                          {.name = "json",
                                           .value_name = "",
                                           .help = "Answer in JSON, and tell an error in JSON on standard error",
                                           .flag = true}},
                       .commands = {},
                       .man_sections = {{"FILES",
                                         "/etc/chancery/chancery.toml: the configuration; 'chancery config default' "
                                         "prints it with all options and their help.\n"
                                         "/var/lib/chancery: keys (encrypted), ledger and socket."},
                                        {"SEE ALSO", "chancery-agent(1)"}},
                       .groups = {{"endpoint", "SCEP URLs with their policy"},
                                  {"challenge", "Passwords that let one device in"},
                                  {"request", "Requests that wait for a person"},
                                  {"cert", "Certificates"},
                                  {"node", "Devices with an agent"},
                                  {"cluster", "Groups of devices"},
                                  {"user", "Who may sign in to the web pages"},
                                  {"ca", "The authority and its generations"},
                                  {"crl", "Revocation lists"},
                                  {"audit", "The audit trail"},
                                  {"config", "The configuration file"},
                                  {"docs", "Man page, completions, API"}}};
  for (const auto& commands :
       {authority_setup_commands(), endpoint_commands(), challenge_commands(), request_commands(),
        certificate_commands(), node_commands(), cluster_commands(), user_commands(), authority_commands(),
        audit_commands(), doctor_commands(), document_commands()})
    program.commands.insert(program.commands.end(), commands.begin(), commands.end());
  return program;
}

}  // namespace chancery::program
