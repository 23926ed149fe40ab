#include "device/credential_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "device/source_file.h"
#include "files/file.h"
#include "pki/bundle.h"

namespace chancery::device {
namespace {

// In the order in which they are linked. ca.pem comes last: 'get-ca' may have left a file there, which stays good until
// the new pair is in use.
constexpr std::array<std::string_view, 4> pair_files = {"key.pem", "cert.pem", "chain.pem", "fullchain.pem"};
constexpr unsigned public_mode = 0644;
constexpr unsigned private_mode = 0600;
constexpr unsigned folder_mode = 0755;

std::optional<unsigned> version_number(std::string_view name) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

std::string pem_of(const std::vector<pki::Certificate>& certificates) {
  std::string text;
  for (const pki::Certificate& certificate : certificates) text += certificate.to_pem();
  return text;
}

Result<std::vector<pki::Certificate>> read_list(const std::string& path) {
  TRY(const Bytes content, files::read_file(path));
  if (content.empty()) return std::vector<pki::Certificate>{};
  TRY_IN(path, auto certificates, pki::read_certificates(content));
  return certificates;
}

}  // namespace

CredentialFiles::CredentialFiles(std::string folder, Disk& disk, FolderLock lock)
    : folder_(std::move(folder)), disk_(disk), lock_(std::move(lock)), pending_(folder_, disk) {}

std::string CredentialFiles::at(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }

Result<std::unique_ptr<CredentialFiles>> CredentialFiles::open(std::string folder, Disk& disk) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  TRY_STATUS(disk.make_folder(folder, folder_mode));
  TRY(FolderLock lock, FolderLock::take(folder));
  std::unique_ptr<CredentialFiles> files(new CredentialFiles(std::move(folder), disk, std::move(lock)));
  TRY_STATUS(files->refuse_foreign_files());
  TRY_STATUS(files->remove_leftovers());
  return files;
}

Status CredentialFiles::refuse_foreign_files() const {
  for (const std::string_view name : pair_files)
    if (files::exists(at(name)) && link_target(at(name)).empty())
      return conflict(
          fmt::format("{} is not one that chancery-agent made: choose another folder, or move it away", at(name)));
  return {};
}

Status CredentialFiles::remove_leftovers() {
  TRY_STATUS(pending_.remove_leftovers());
  if (!files::exists(at("versions"))) return {};
  TRY(const auto names, files::list_folder(at("versions")));
  for (const std::string& name : names)
    if (name.ends_with(".new")) TRY_STATUS(disk_.remove(at("versions/" + name)));
  return {};
}

Result<std::optional<agent::Credential>> CredentialFiles::active() {
  // Resolved once, so that all files come from one version.
  const std::string version = link_target(at("live"));
  if (version.empty()) return std::nullopt;
  TRY(const SecretBytes pem, files::read_secret_file(at(version + "/key.pem"), files::Privacy::owner_only));
  TRY_IN(at(version + "/key.pem"), pki::PrivateKey key, pki::PrivateKey::from_pem(as_text(pem.view())));
  TRY(const Bytes content, files::read_file(at(version + "/cert.pem")));
  TRY_IN(at(version + "/cert.pem"), pki::Certificate certificate, pki::Certificate::from_pem_or_der(content));
  if (!equal(certificate.spki(), key.public_key().spki()))
    return invalid(fmt::format("the key and the certificate in {} do not belong together", at(version)));
  TRY(auto chain, read_list(at(version + "/chain.pem")));
  TRY(auto authorities, read_list(at(version + "/ca.pem")));
  TRY(agent::Source source, read_source(at(version + "/source.json")));
  return agent::Credential{.key = std::move(key),
                           .certificate = std::move(certificate),
                           .chain = std::move(chain),
                           .authorities = std::move(authorities),
                           .source = std::move(source)};
}

Result<unsigned> CredentialFiles::write_version(const agent::NewCredential& credential) {
  TRY_STATUS(disk_.make_folder(at("versions"), folder_mode));
  TRY(const auto names, files::list_folder(at("versions")));
  unsigned number = 1;
  for (const std::string& name : names) number = std::max(number, version_number(name).value_or(0) + 1);
  const std::string finished = at(fmt::format("versions/{}", number));
  const std::string folder = finished + ".new";
  TRY_STATUS(disk_.make_folder(folder, folder_mode));
  TRY(const SecretBytes key, credential.key.to_plain_pem());
  TRY_STATUS(disk_.write_file(folder + "/key.pem", key.view(), private_mode));
  const std::string certificate = credential.certificate.to_pem();
  const std::string chain = pem_of(credential.chain);
  TRY_STATUS(disk_.write_file(folder + "/cert.pem", as_bytes(certificate), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/chain.pem", as_bytes(chain), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/fullchain.pem", as_bytes(certificate + chain), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/ca.pem", as_bytes(pem_of(credential.authorities)), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/source.json", as_bytes(source_text(credential.source)), public_mode));
  TRY_STATUS(disk_.rename(folder, finished));
  TRY_STATUS(disk_.sync_folder(at("versions")));
  return number;
}

// A link cannot be changed, but another one can be renamed over it.
Status CredentialFiles::link(std::string_view name, const std::string& target) {
  if (link_target(at(name)) == target) return {};
  const std::string beside = at(name) + ".new";
  TRY_STATUS(disk_.remove(beside));
  TRY_STATUS(disk_.make_link(target, beside));
  return disk_.rename(beside, at(name));
}

Status CredentialFiles::remove_old_versions(unsigned live, std::string_view previous) {
  TRY(const auto names, files::list_folder(at("versions")));
  for (const std::string& name : names)
    if (version_number(name) != live && "versions/" + name != previous)
      TRY_STATUS(disk_.remove(at("versions/" + name)));
  return {};
}

Status CredentialFiles::activate(const agent::NewCredential& credential) {
  TRY_STATUS(refuse_foreign_files());
  const std::string previous = link_target(at("live"));
  TRY(const unsigned number, write_version(credential));
  // The names outside lead nowhere until `live` does: before the first certificate there is none, and then all.
  for (const std::string_view name : pair_files) TRY_STATUS(link(name, fmt::format("live/{}", name)));
  TRY_STATUS(disk_.sync_folder(folder_));
  TRY_STATUS(link("live", fmt::format("versions/{}", number)));
  TRY_STATUS(disk_.sync_folder(folder_));
  TRY_STATUS(link("ca.pem", "live/ca.pem"));
  TRY_STATUS(disk_.sync_folder(folder_));
  return remove_old_versions(number, previous);
}

}  // namespace chancery::device
