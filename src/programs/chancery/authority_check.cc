#include "programs/chancery/authority_check.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/file.h"
#include "programs/chancery/private_file.h"
#include "store/hub/authority_files.h"
#include "store/hub/ledger_file.h"

namespace chancery::program {
namespace {

using Findings = std::vector<Finding>;

// LoadCredential= of packaging/chancery/chancery.service.
constexpr const char* file_of_the_package = "/etc/chancery/passphrase";

constexpr const char* restore = "restore the authority folder and ledger.db together from one backup (docs/backup.md)";

void add(Findings& findings, std::string severity, std::string what, std::string fix) {
  findings.push_back({.severity = std::move(severity), .what = std::move(what), .fix = std::move(fix)});
}

// Where the passphrase is, or nothing.
std::string passphrase_source(const ServerOptions& options, const std::string& passphrase_file) {
  if (!passphrase_file.empty()) return passphrase_file;
  if (!options.passphrase_file.empty()) return options.passphrase_file;
  std::string credential = systemd_credential("passphrase");
  if (credential.empty() && files::exists(file_of_the_package)) credential = file_of_the_package;
  return credential;
}

// An empty one when it cannot be had; then that is a finding, here or in check_files().
SecretBytes passphrase_of(const ServerOptions& options, const std::string& passphrase_file, Findings& findings) {
  const std::string source = passphrase_source(options, passphrase_file);
  if (source.empty()) {
    add(findings, "warning",
        "no passphrase_file is named, so the authority's keys were not tried: 'chancery serve' asks for the "
        "passphrase, and does not start where there is no terminal",
        fmt::format("name a file in passphrase_file, or with --passphrase-file; the packaged service takes it from {}",
                    file_of_the_package));
    return {};
  }
  auto passphrase = read_private_file(source);
  if (passphrase && !passphrase->empty()) return *std::move(passphrase);
  if (source == options.passphrase_file) return {};  // check_files() says why
  if (passphrase)
    add(findings, "error", fmt::format("the passphrase: {} is empty", source), "write it into the file, on one line");
  else
    add(findings, "error", fmt::format("the passphrase: {}", passphrase.error().text()),
        passphrase.error().code() == ErrorCode::refused ? as_the_server : "put it there, or name another file");
  return {};
}

// False when one may not be read by who asks.
bool check_key_files(const store::AuthorityFiles& authority, Findings& findings) {
  bool readable = true;
  for (const std::string& file : authority.key_files()) {
    struct stat status{};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
      add(findings, "warning", fmt::format("{} may be read by others (mode {:04o})", file, status.st_mode & 07777),
          "chmod 600 " + file);
    if (::access(file.c_str(), R_OK) == 0) continue;
    add(findings, "error", fmt::format("the key {} may not be read by you", file), as_the_server);
    readable = false;
  }
  return readable;
}

void check_keys(const ServerOptions& options, const std::string& folder, const std::string& passphrase_file,
                Findings& findings) {
  const SecretBytes passphrase = passphrase_of(options, passphrase_file, findings);
  if (passphrase.empty()) return;
  const auto loaded = store::AuthorityFiles(folder, passphrase.clone()).load();
  if (loaded) return;
  std::string fix = restore;
  if (loaded.error().code() == ErrorCode::refused)
    fix = fmt::format("{} must hold the passphrase that 'chancery init' was given",
                      passphrase_source(options, passphrase_file));
  add(findings, "error", "loading the authority: " + loaded.error().text(), std::move(fix));
}

void check_ledger_file(const std::string& file, Findings& findings) {
  const Status found = store::check_ledger_file(file);
  if (found) return;
  std::string fix = restore;
  if (files::exists(file) && ::access(file.c_str(), R_OK) != 0)
    fix = as_the_server;
  else if (found.error().code() == ErrorCode::refused)
    fix = "run the version of chancery that wrote it, or a newer one";
  add(findings, "error", "opening the ledger: " + found.error().text(), std::move(fix));
}

bool may_enter(const std::string& folder) {
  return !files::exists(folder) || ::access(folder.c_str(), R_OK | X_OK) == 0;
}

}  // namespace

Findings check_authority(const ServerOptions& options, const std::string& passphrase_file) {
  Findings findings;
  const std::string folder = options.data + "/authority";
  const store::AuthorityFiles authority(folder, {});
  if (!may_enter(options.data)) {
    add(findings, "error", fmt::format("the data folder {} may not be read by you", options.data), as_the_server);
    return findings;
  }
  if (!may_enter(folder)) {
    add(findings, "error", fmt::format("the authority's folder {} may not be read by you", folder), as_the_server);
    return findings;
  }
  if (!authority.exist()) {
    add(findings, "error", fmt::format("there is no authority in {} yet", folder), "make one with 'chancery init'");
    return findings;
  }
  const bool readable = check_key_files(authority, findings);
  if (const Status whole = authority.check(); !whole)
    add(findings, "error", "loading the authority: " + whole.error().text(), restore);
  else if (readable)
    check_keys(options, folder, passphrase_file, findings);
  check_ledger_file(options.data + "/ledger.db", findings);
  return findings;
}

}  // namespace chancery::program
