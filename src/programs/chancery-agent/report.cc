#include "programs/chancery-agent/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "base/ascii.h"
#include "cli/words.h"
#include "programs/chancery-agent/commands.h"

namespace chancery::agent_program {
namespace {

namespace json = boost::json;

std::string_view role_of(const pki::Certificate& certificate) {
  if (!certificate.is_ca()) return certificate.self_issued() ? "CA without extensions" : "RA";
  return certificate.self_issued() ? "root CA" : "CA";
}

constexpr std::array<std::string_view, 4> kinds = {"dns", "ip", "email", "uri"};  // options of 'enroll'

json::array keywords(const scep::Capabilities& capabilities) {
  json::array list;
  const std::string text = scep::to_text(capabilities);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    list.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

json::object fields_of(const pki::Certificate& certificate) {
  return {{"subject", certificate.subject().to_text()},
          {"issuer", certificate.issuer().to_text()},
          {"serial", certificate.serial().hex()},
          {"not_before", to_rfc3339(certificate.validity().not_before)},
          {"not_after", to_rfc3339(certificate.validity().not_after)},
          {"sha256", to_hex(certificate.fingerprint())}};
}

void print(const json::object& fields, cli::Terminal& terminal) { terminal.out << json::serialize(fields) << "\n"; }

void print_authority_json(const AuthorityReport& report, cli::Terminal& terminal) {
  json::array certificates;
  for (const pki::Certificate& certificate : report.certificates) {
    json::object fields = fields_of(certificate);
    fields["role"] = role_of(certificate);
    certificates.push_back(std::move(fields));
  }
  json::array left_out;
  for (const auto& [subject, reason] : report.left_out)
    left_out.push_back(json::object{{"subject", subject}, {"reason", reason}});
  print({{"url", report.url},
         {"authenticated", report.authenticated},
         {"certificates", std::move(certificates)},
         {"left_out", std::move(left_out)},
         {"capabilities", keywords(report.capabilities)}},
        terminal);
}

int report_installed(const pki::Certificate& certificate, const OutcomeReport& report, bool as_json,
                     cli::Terminal& terminal) {
  if (as_json) {
    json::object fields = fields_of(certificate);
    fields["status"] = "issued";
    fields["folder"] = report.folder;
    print(fields, terminal);
    return 0;
  }
  terminal.out << fmt::format(
      "The certificate is in {}.\n\n  subject  {}\n  serial   {}\n  valid    {} to {}\n  SHA-256  {}\n", report.folder,
      certificate.subject().to_text(), certificate.serial().hex(), to_rfc3339(certificate.validity().not_before),
      to_rfc3339(certificate.validity().not_after), to_colon_hex(certificate.fingerprint()));
  return 0;
}

int report_pending(const OutcomeReport& report, bool as_json, cli::Terminal& terminal) {
  const std::string transaction = report.pending.transaction_id.to_text();
  if (as_json)
    print({{"status", "pending"}, {"transaction_id", transaction}, {"folder", report.folder}}, terminal);
  else
    terminal.out << fmt::format(
        "The request waits for approval.\n\n  transaction  {}\n\nContinue with: chancery-agent poll --out {}\n",
        transaction, report.folder);
  return exit_pending;
}

bool may_want_a_challenge(const scep::Rejected& rejected) {
  if (rejected.text.empty()) return rejected.info == scep::FailInfo::bad_request;
  const std::string text = ascii::lower(rejected.text);
  return text.find("challenge") != std::string::npos || text.find("password") != std::string::npos;
}

int report_rejected(const scep::Rejected& rejected, const OutcomeReport& report, bool as_json,
                    cli::Terminal& terminal) {
  const std::string_view info = scep::to_string(rejected.info);
  if (as_json) {
    print({{"status", "rejected"}, {"fail_info", info}, {"text", rejected.text}, {"folder", report.folder}}, terminal);
    return exit_rejected;
  }
  terminal.err << fmt::format("chancery-agent: the CA rejected the request: {}{}{}\n", info,
                              rejected.text.empty() ? "" : ": ", rejected.text);
  if (report.hint == RejectionHint::no_challenge && may_want_a_challenge(rejected))
    terminal.err << "No challenge was sent. If the CA's operator gave you one: --challenge-file FILE\n";
  if (report.hint == RejectionHint::enroll_again)
    terminal.err << fmt::format(
        "A certificate that was revoked, or that this CA does not know, cannot renew itself. Enroll again:\n  {}\n",
        enroll_again_command(report.pending.signer, report.pending.source, report.folder));
  terminal.err << fmt::format(
      "Key and request are kept in {0}, for somebody on the way can provoke such an answer: the same command "
      "tries them again, and so does chancery-agent poll --out {1}; --start-over drops them.\n",
      report.folder, cli::shell_word(report.folder));
  return exit_rejected;
}

}  // namespace

std::string enroll_again_command(const pki::Certificate& certificate, const agent::Source& source,
                                 std::string_view folder) {
  std::string command = fmt::format("chancery-agent enroll --url {} --fingerprint {} --out {} --subject {}",
                                    cli::shell_word(source.url), to_hex(source.fingerprint), cli::shell_word(folder),
                                    cli::shell_word(certificate.subject().to_text()));
  if (const auto key = certificate.public_key()) command += fmt::format(" --key {}", pki::to_string(key->spec()));
  for (const pki::GeneralName& name : certificate.subject_alternative_names()) {
    const std::string text = pki::to_string(name);
    const std::size_t colon = text.find(':');
    const std::string_view kind = std::string_view(text).substr(0, colon);
    if (std::ranges::find(kinds, kind) != kinds.end())
      command += fmt::format(" --{} {}", kind, cli::shell_word(std::string_view(text).substr(colon + 1)));
  }
  return command + " --challenge-file FILE";
}

void report_authority(const AuthorityReport& report, bool as_json, cli::Terminal& terminal) {
  if (as_json) return print_authority_json(report, terminal);
  terminal.out << fmt::format("{} has these certificates:\n", report.url);
  for (const pki::Certificate& certificate : report.certificates)
    terminal.out << fmt::format("\n  {}\n    {}\n    valid    {} to {}\n    SHA-256  {}\n", role_of(certificate),
                                certificate.subject().to_text(), to_rfc3339(certificate.validity().not_before),
                                to_rfc3339(certificate.validity().not_after), to_colon_hex(certificate.fingerprint()));
  terminal.out << "\nIt says that it can do:";
  const json::array can_do = keywords(report.capabilities);
  for (const json::value& keyword : can_do) terminal.out << " " << std::string_view(keyword.as_string());
  terminal.out << (can_do.empty() ? " nothing\n" : "\n");
}

int report_outcome(const OutcomeReport& report, bool as_json, cli::Terminal& terminal) {
  if (const auto* installed = std::get_if<agent::Installed>(&report.outcome))
    return report_installed(installed->certificate, report, as_json, terminal);
  if (const auto* rejected = std::get_if<scep::Rejected>(&report.outcome))
    return report_rejected(*rejected, report, as_json, terminal);
  return report_pending(report, as_json, terminal);
}

std::string stopwatch_text(Seconds duration) {
  const auto seconds = duration.count();
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
}

void TerminalProgress::waiting(Seconds waited, Seconds until_poll) {
  const bool new_poll = last_until_poll_ <= Seconds(1);
  last_until_poll_ = until_poll;
  if (!terminal_.interactive && !new_poll) return;
  terminal_.err << fmt::format("{}waiting for approval, {}, next poll in {}", terminal_.interactive ? "\r\x1b[K" : "",
                               stopwatch_text(waited), stopwatch_text(until_poll));
  line_is_open_ = true;
  if (!terminal_.interactive) end_line();
  terminal_.err << std::flush;
}

void TerminalProgress::poll_failed(const Error& error) {
  end_line();
  terminal_.err << "the poll failed, going on: " << error.text() << "\n" << std::flush;
}

void TerminalProgress::end_line() {
  if (line_is_open_) terminal_.err << "\n" << std::flush;
  line_is_open_ = false;
}

}  // namespace chancery::agent_program
