#include "programs/chancery/machine_check.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "api/doctor.h"
#include "files/file.h"
#include "http/listen_probe.h"
#include "http/tls_check.h"
#include "programs/chancery/address_rules.h"
#include "programs/chancery/authority_check.h"
#include "programs/chancery/ledger_check.h"

namespace chancery::program {
namespace {

using Findings = std::vector<Finding>;

void add_error(Findings& findings, std::string what, std::string fix) {
  findings.push_back({.severity = "error", .what = std::move(what), .fix = std::move(fix)});
}

// What to do about a file that cannot be read.
std::string file_fix(const std::string& key, ErrorCode code) {
  return code == ErrorCode::refused ? as_the_server : fmt::format("put it there, or name another file in {}", key);
}

bool is_read(const std::string& key, const std::string& file, Findings& findings) {
  const auto content = files::read_file(file, 1024 * 1024);
  if (!content)
    add_error(findings, fmt::format("{}: {}", key, content.error().text()), file_fix(key, content.error().code()));
  return content.has_value();
}

void check_https(const ServerOptions& options, Findings& findings) {
  if (options.https_listen.empty()) return;
  const bool has_certificate = is_read("https.certificate_file", options.https_certificate_file, findings);
  const bool has_key = is_read("https.key_file", options.https_key_file, findings);
  if (!has_certificate || !has_key) return;
  const Status fits = http::check_tls(
      http::TlsFiles{.certificate_file = options.https_certificate_file, .key_file = options.https_key_file});
  if (!fits)
    add_error(findings, "https: " + fits.error().text(),
              "https.certificate_file needs the server's certificate and its intermediates, https.key_file the key of "
              "the first, all in PEM and not encrypted");
}

void check_passphrase(const ServerOptions& options, Findings& findings) {
  const std::string& file = options.passphrase_file;
  if (file.empty()) return;
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
    add_error(findings,
              fmt::format("passphrase_file: {} may be read by others (mode {:04o})", file, status.st_mode & 07777),
              "chmod 600 " + file);
    return;
  }
  const auto passphrase = files::read_secret_file(file, files::Privacy::owner_only);
  if (!passphrase)
    add_error(findings, "passphrase_file: " + passphrase.error().text(),
              file_fix("passphrase_file", passphrase.error().code()));
  else if (passphrase->empty())
    add_error(findings, fmt::format("passphrase_file: {} is empty", file), "write the passphrase into it, on one line");
}

std::string parent_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

void check_data_folder(const ServerOptions& options, Findings& findings) {
  std::string place = options.data;
  while (place.size() > 1 && place.ends_with('/')) place.pop_back();
  const std::string wanted = place;
  struct stat status{};
  while (::stat(place.c_str(), &status) != 0) {
    if (errno != ENOENT) {
      add_error(findings, fmt::format("data: looking at {}: {}", place, std::strerror(errno)), as_the_server);
      return;
    }
    const std::string parent = parent_of(place);
    if (parent == place) return;
    place = parent;
  }
  if (!S_ISDIR(status.st_mode))
    add_error(findings, fmt::format("data: {} is not a folder", place), "name another folder in data");
  else if (place != wanted && ::access(place.c_str(), W_OK | X_OK) != 0)
    add_error(findings, fmt::format("data: {} cannot be made in {}: {}", options.data, place, std::strerror(errno)),
              as_the_server);
}

// `chancery serve` refuses what is found here.
void check_ledger(const ServerOptions& options, Findings& findings) {
  const store::AuthorityFiles authority(options.data + "/authority", {});
  Status good = check_ledger_belongs(options.data, authority);
  if (good) good = check_ledger_age(options.data, authority);
  if (good) return;
  add_error(findings, good.error().text(),
            good.error().code() == ErrorCode::refused
                ? as_the_server
                : "make nothing new: bring back ledger.db and the authority folder of one time (docs/backup.md)");
}

void check_addresses(const ServerOptions& options, Findings& findings) {
  for (const auto& [key, address] : listen_addresses(options)) {
    const Status free = http::probe_listen(address);
    if (free) continue;
    std::string fix = fmt::format("this machine needs such an address, or {} another", key);
    if (free.error().code() == ErrorCode::conflict)
      fix = fmt::format("another program has this port, and 'ss -ltnp' names it: end it, or choose another in {}", key);
    else if (free.error().code() == ErrorCode::refused)
      fix = fmt::format("this port is root's: try again as the user that the server runs as, or choose another in {}",
                        key);
    add_error(findings, fmt::format("{}: {}", key, free.error().text()), std::move(fix));
  }
}

void check_disk(const ServerOptions& options, Findings& findings) {
  std::string folder = options.data;
  while (!files::exists(folder) && folder.size() > 1) folder = parent_of(folder);
  for (const api::Finding& finding : api::examine_disk(folder))
    findings.push_back({.severity = std::string(api::to_string(finding.severity)),
                        .what = finding.what(),
                        .fix = std::string(finding.fix())});
}

}  // namespace

Findings check_files(const ServerOptions& options) {
  Findings findings;
  check_https(options, findings);
  check_passphrase(options, findings);
  check_data_folder(options, findings);
  return findings;
}

Findings check_start(const ServerOptions& options, const std::string& passphrase_file) {
  Findings findings = check_authority(options, passphrase_file);
  if (std::ranges::none_of(findings, [](const Finding& finding) { return finding.severity == "error"; }))
    check_ledger(options, findings);
  check_addresses(options, findings);
  check_disk(options, findings);
  return findings;
}

}  // namespace chancery::program
