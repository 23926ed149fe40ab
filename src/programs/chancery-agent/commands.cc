#include "programs/chancery-agent/commands.h"

#include <algorithm>
#include <iterator>

#include "programs/chancery-agent/version.h"

namespace chancery::agent_program {

cli::Program agent_program(int& outcome) {
  cli::Program program{
      .name = "chancery-agent",
      .version = std::string(version),
      .summary = "Gets certificates from a SCEP server (RFC 8894) and keeps them valid",
      .description =
          "The CA is known by the SHA-256 fingerprint of its certificate. Every answer of the server is checked "
          "against it before anything is written. An enrolment that waits for approval is kept in the output folder "
          "and goes on after a restart.",
      .common_options = {{.name = "url",
                          .value_name = "URL",
                          .help = "The SCEP server; a bare host gets /cgi-bin/pkiclient.exe",
                          .default_text = "where the folder's certificate came from"},
                         {.name = "fingerprint",
                          .value_name = "HEX",
                          .help = "SHA-256 of the CA certificate to trust, with or without colons",
                          .default_text = "that of the folder's certificate"},
                         {.name = "allow-sha1-fingerprint", .help = "Take a SHA-1 fingerprint", .flag = true},
                         {.name = "insecure-trust-first-use",
                          .help = "Without a fingerprint, trust whatever CA answers; whoever sits on the way can be it",
                          .flag = true},
                         {.name = "ca-file",
                          .value_name = "FILE",
                          .help = "PEM file of the CAs to trust for https",
                          .default_text = "the system's"},
                         {.name = "timeout",
                          .value_name = "DURATION",
                          .help = "The longest that one exchange with the server may take",
                          .default_text = "30s"},
                         {.name = "require-standard",
                          .help = "Stop when the server does not say SCEPStandard, which it should",
                          .flag = true},
                         {.name = "allow-weak-algorithms",
                          .help = "Take SHA-1 and 3DES from servers that have nothing better",
                          .flag = true},
                         {.name = "insecure-allow-single-des-and-md5",
                          .help = "Take also single DES and MD5, which anybody can read and forge",
                          .flag = true},
                         {.name = "out", .value_name = "FOLDER", .help = "The folder of keys and certificates"},
                         {.name = "json", .help = "Print the result as JSON", .flag = true}},
      .commands = {},
      .man_sections =
          {{"EXIT STATUS OF ENROLMENTS",
            "6: the request waits for approval; 'poll', or the same command again, continues it. 7: the CA rejected "
            "the request; its reason is printed. Key and request are kept, because somebody on the way can provoke a "
            "rejection: the same command tries them again, and --start-over drops them."},
           {"FILES",
            "In the output folder: key.pem (readable by its owner only), cert.pem, chain.pem (from the issuing CA "
            "upwards, without the root), fullchain.pem (both) and ca.pem (all CA certificates). They are links into "
            "live, which leads to the version in use, so that key and certificate change together. pending holds an "
            "enrolment that waits for its certificate, or was rejected."}},
      .groups = {{"config", "The running agent's files"},
                 {"trust", "Authorities that are trusted beside those of the slots"},
                 {"docs", "Man page and completions"}}};
  for (std::vector<cli::Command> commands : {authority_commands(), enrolment_commands(outcome),
                                             renewal_commands(outcome), daemon_commands(), document_commands()})
    std::ranges::move(commands, std::back_inserter(program.commands));
  return program;
}

}  // namespace chancery::agent_program
