#include "device/credential_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/check.h"
#include "device/kept_key.h"
#include "device/source_file.h"
#include "files/file.h"
#include "pki/bundle.h"

namespace chancery::device {
namespace {

// In the order in which they are linked. ca.pem comes last: 'get-ca' may have left a file there, which stays good until
// the new pair is in use.
constexpr std::array<std::string_view, 5> pair_files = {key_file, key_uri_file, "cert.pem", "chain.pem",
                                                        "fullchain.pem"};
constexpr unsigned public_mode = 0644;
constexpr unsigned private_mode = 0600;
constexpr unsigned folder_mode = 0755;
constexpr std::string_view versions_folder = "versions", live_link = "live", before_folder = "before";
constexpr std::string_view unfinished = ".new";

bool is_key(std::string_view name) { return name == key_file || name == key_uri_file; }

std::optional<unsigned> version_number(std::string_view name) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

std::string pem_of(const std::vector<pki::Certificate>& certificates) {
  std::string text;
  for (const pki::Certificate& certificate : certificates) text += certificate.to_pem();
  return text;
}

// Programs that read only one certificate of a file, such as strongSwan's swanctl, are to find what all trust begins
// with.
std::vector<pki::Certificate> roots_first(std::vector<pki::Certificate> certificates) {
  std::ranges::stable_partition(certificates, [](const pki::Certificate& one) { return one.self_issued(); });
  return certificates;
}

Result<std::vector<pki::Certificate>> read_list(const std::string& path) {
  TRY(const Bytes content, files::read_file(path));
  if (content.empty()) return std::vector<pki::Certificate>{};
  TRY_IN(path, auto certificates, pki::read_certificates(content));
  return certificates;
}

}  // namespace

CredentialFiles::CredentialFiles(std::string folder, Disk& disk, FolderLock lock, CredentialForm form)
    : folder_(std::move(folder)),
      disk_(disk),
      lock_(std::move(lock)),
      form_(form),
      pending_(folder_, disk, form.tokens) {}

std::string CredentialFiles::at(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }

std::string CredentialFiles::folder_of_version(unsigned version) const {
  return fmt::format("{}/{}/{}", folder_, versions_folder, version);
}

Result<std::unique_ptr<CredentialFiles>> CredentialFiles::open(std::string folder, Disk& disk, CredentialForm form) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  TRY_STATUS(disk.make_folder(folder, folder_mode));
  TRY(FolderLock lock, FolderLock::take(folder));
  std::unique_ptr<CredentialFiles> files(new CredentialFiles(std::move(folder), disk, std::move(lock), form));
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
  TRY(const auto links, files::list_folder(folder_));
  for (const std::string& name : links)
    if (name.ends_with(unfinished)) TRY_STATUS(disk_.remove(at(name)));
  if (!files::exists(at(versions_folder))) return {};
  TRY(const auto names, files::list_folder(at(versions_folder)));
  for (const std::string& name : names)
    if (name.ends_with(unfinished)) TRY_STATUS(disk_.remove(fmt::format("{}/{}", at(versions_folder), name)));
  return {};
}

std::vector<unsigned> CredentialFiles::versions() const {
  std::vector<unsigned> numbers;
  const auto names = files::list_folder(at(versions_folder));
  if (!names) return numbers;
  for (const std::string& name : *names)
    if (const auto number = version_number(name)) numbers.push_back(*number);
  std::ranges::sort(numbers);
  return numbers;
}

unsigned CredentialFiles::live_version() const {
  const std::string target = link_target(at(live_link));
  if (!target.starts_with("versions/")) return 0;
  return version_number(std::string_view(target).substr(versions_folder.size() + 1)).value_or(0);
}

Result<agent::Credential> CredentialFiles::read_version(unsigned version) const {
  const std::string folder = folder_of_version(version);
  TRY(pki::PrivateKey key, read_kept_key(folder, form_.tokens));
  TRY(pki::Certificate certificate, certificate_of(version));
  if (!equal(certificate.spki(), key.public_key().spki()))
    return invalid(fmt::format("the key and the certificate in {} do not belong together", folder));
  TRY(auto chain, read_list(folder + "/chain.pem"));
  TRY(auto authorities, read_list(folder + "/ca.pem"));
  TRY(agent::Source source, read_source(folder + "/source.json"));
  return agent::Credential{.key = std::move(key),
                           .certificate = std::move(certificate),
                           .chain = std::move(chain),
                           .authorities = std::move(authorities),
                           .source = std::move(source)};
}

Result<pki::Certificate> CredentialFiles::certificate_of(unsigned version) const {
  const std::string path = folder_of_version(version) + "/cert.pem";
  TRY(const Bytes content, files::read_file(path));
  TRY_IN(path, pki::Certificate certificate, pki::Certificate::from_pem_or_der(content));
  return certificate;
}

Result<std::optional<agent::Credential>> CredentialFiles::active() {
  // Resolved once, so that all files come from one version.
  const unsigned version = live_version();
  if (version == 0) return std::nullopt;
  const std::string key_path = kept_key_path(folder_of_version(version));
  struct stat status{};
  if (::stat(key_path.c_str(), &status) == 0 && (status.st_mode & 077 & ~form_.key_mode) != 0)
    return refused(fmt::format("{} may be read by others: chmod {:o} it", key_path, form_.key_mode));
  TRY(agent::Credential credential, read_version(version));
  return std::optional(std::move(credential));
}

bool CredentialFiles::has_form(unsigned version) const {
  const std::string folder = folder_of_version(version);
  // Without another owner they are like the certificate, which is never given away.
  struct stat ours{};
  if (::stat((folder + "/cert.pem").c_str(), &ours) != 0) return false;
  const Owner owner = form_.owner.value_or(Owner{.user = ours.st_uid, .group = ours.st_gid});
  const auto is_so = [&](const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return false;
    return owner == Owner{.user = status.st_uid, .group = status.st_gid} && (status.st_mode & 07777) == form_.key_mode;
  };
  return is_so(kept_key_path(folder)) && (!form_.combined || is_so(folder + "/combined.pem"));
}

Result<bool> CredentialFiles::narrow(unsigned version) {
  const std::string folder = folder_of_version(version);
  bool narrowed = false;
  for (const std::string& path : {kept_key_path(folder), folder + "/combined.pem"}) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & 077 & ~form_.key_mode) == 0) continue;
    TRY_STATUS(disk_.give_file(path, {.user = status.st_uid, .group = status.st_gid}, status.st_mode & form_.key_mode));
    narrowed = true;
  }
  return narrowed;
}

Status CredentialFiles::write_key(const std::string& path, ByteView content) {
  TRY_STATUS(disk_.write_file(path, content, private_mode));
  if (!form_.owner && form_.key_mode == private_mode) return {};
  Owner owner{};
  if (form_.owner) {
    owner = *form_.owner;
  } else {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return files::failed_call("looking at", path, errno);
    owner = {.user = status.st_uid, .group = status.st_gid};
  }
  return disk_.give_file(path, owner, form_.key_mode);
}

Result<unsigned> CredentialFiles::write_version(const agent::NewCredential& credential) {
  TRY_STATUS(disk_.make_folder(at(versions_folder), folder_mode));
  const std::vector<unsigned> others = versions();
  const unsigned number = others.empty() ? 1 : others.back() + 1;
  const std::string finished = folder_of_version(number);
  const std::string folder = finished + std::string(unfinished);
  TRY_STATUS(disk_.remove(folder));
  TRY_STATUS(disk_.make_folder(folder, folder_mode));
  TRY(const KeptKey kept, to_keep(credential.key));
  const SecretBytes& key = kept.content;
  if (form_.combined && kept.file != key_file)
    return refused("combined_path: the key is in a PKCS#11 token, and no file can hold it");
  TRY_STATUS(write_key(fmt::format("{}/{}", folder, kept.file), key.view()));
  const std::string certificate = credential.certificate.to_pem();
  const std::string chain = pem_of(credential.chain);
  TRY_STATUS(disk_.write_file(folder + "/cert.pem", as_bytes(certificate), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/chain.pem", as_bytes(chain), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/fullchain.pem", as_bytes(certificate + chain), public_mode));
  const std::string authorities = pem_of(roots_first(credential.authorities));
  TRY_STATUS(disk_.write_file(folder + "/ca.pem", as_bytes(authorities), public_mode));
  TRY_STATUS(disk_.write_file(folder + "/source.json", as_bytes(source_text(credential.source)), public_mode));
  if (form_.combined) {
    SecretBytes combined(key.size() + certificate.size() + chain.size());
    auto end = std::ranges::copy(key.view(), combined.mutable_view().begin()).out;
    end = std::ranges::copy(as_bytes(certificate), end).out;
    std::ranges::copy(as_bytes(chain), end);
    TRY_STATUS(write_key(folder + "/combined.pem", combined.view()));
  }
  TRY_STATUS(disk_.rename(folder, finished));
  TRY_STATUS(disk_.sync_folder(at(versions_folder)));
  return number;
}

// A link cannot be changed, but another one can be renamed over it.
Status CredentialFiles::link(std::string_view name, const std::string& target) {
  if (link_target(at(name)) == target) return {};
  const std::string beside = at(name) + std::string(unfinished);
  TRY_STATUS(disk_.remove(beside));
  TRY_STATUS(disk_.make_link(target, beside));
  return disk_.rename(beside, at(name));
}

Status CredentialFiles::use_version(unsigned version) {
  if (version == 0) {
    TRY_STATUS(disk_.remove(at(live_link)));
  } else {
    TRY_STATUS(link(live_link, fmt::format("{}/{}", versions_folder, version)));
  }
  return disk_.sync_folder(folder_);
}

Status CredentialFiles::use_borrowed(const std::vector<Borrowed>& files) {
  CHECK(live_version() == 0);
  // It is in use, after an installation that failed: what it leads to is as it was.
  if (link_target(at(live_link)) == before_folder) return {};
  const std::string folder = at(before_folder) + std::string(unfinished);
  TRY_STATUS(disk_.remove(at(before_folder)));
  TRY_STATUS(disk_.remove(folder));
  TRY_STATUS(disk_.make_folder(folder, folder_mode));
  for (const Borrowed& file : files) TRY_STATUS(disk_.make_link(file.path, fmt::format("{}/{}", folder, file.name)));
  TRY_STATUS(disk_.sync_folder(folder));
  TRY_STATUS(disk_.rename(folder, at(before_folder)));
  return use_borrowed_again();
}

Status CredentialFiles::use_borrowed_again() {
  if (!is_there(at(before_folder))) return use_version(0);
  TRY_STATUS(link(live_link, std::string(before_folder)));
  return disk_.sync_folder(folder_);
}

Status CredentialFiles::remove_borrowed() {
  CHECK(link_target(at(live_link)) != before_folder);
  if (!is_there(at(before_folder))) return {};
  return disk_.remove(at(before_folder));
}

Status CredentialFiles::remove_version(unsigned version) {
  CHECK(version != live_version());
  return disk_.remove(folder_of_version(version));
}

Status CredentialFiles::remove_versions_except(unsigned live, unsigned before) {
  for (const unsigned version : versions())
    if (version != live && version != before) TRY_STATUS(remove_version(version));
  return {};
}

Status CredentialFiles::activate(const agent::NewCredential& credential) {
  TRY_STATUS(refuse_foreign_files());
  const unsigned before = live_version();
  TRY(const unsigned number, write_version(credential));
  // The names outside lead nowhere until `live` does: before the first certificate there is none, and then all.
  const std::string_view kept = to_keep(credential.key)->file;
  for (const std::string_view name : pair_files) {
    if (is_key(name) && name != kept) continue;
    TRY_STATUS(link(name, fmt::format("live/{}", name)));
  }
  TRY_STATUS(disk_.sync_folder(folder_));
  TRY_STATUS(use_version(number));
  for (const std::string_view name : pair_files)
    if (is_key(name) && name != kept) TRY_STATUS(disk_.remove(at(name)));
  TRY_STATUS(link("ca.pem", "live/ca.pem"));
  TRY_STATUS(disk_.sync_folder(folder_));
  return remove_versions_except(number, before);
}

}  // namespace chancery::device
