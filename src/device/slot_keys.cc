#include "device/slot_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "device/kept_key.h"
#include "files/file.h"
#include "pki/tpm_key.h"

namespace chancery::device {
namespace {

constexpr unsigned private_mode = 0600;
constexpr std::size_t id_size = 16;

std::string list_path(const std::string& folder) { return folder + "/token-keys"; }

std::string slot_of(const std::string& folder) { return folder.substr(folder.rfind('/') + 1); }

void add_lines(ByteView content, std::vector<std::string>& lines) {
  std::string_view text = as_text(content);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Every URI that a version or the pending enrolment has.
Result<std::vector<std::string>> uris_in_use(const std::string& folder) {
  std::vector<std::string> uris, folders = {folder + "/pending"};
  if (files::exists(folder + "/versions")) {
    TRY(const auto versions, files::list_folder(folder + "/versions"));
    for (const std::string& version : versions) folders.push_back(fmt::format("{}/versions/{}", folder, version));
  }
  for (const std::string& one : folders) {
    const auto content = files::read_file(fmt::format("{}/{}", one, key_uri_file));
    if (content) add_lines(*content, uris);
    // What cannot be read may be what must not be lost.
    if (!content && content.error().code() != ErrorCode::not_found) return std::unexpected(content.error());
  }
  return uris;
}

}  // namespace

Result<std::vector<std::string>> SlotKeys::written() const {
  std::vector<std::string> uris;
  const auto content = files::read_file(list_path(folder_));
  if (!content && content.error().code() == ErrorCode::not_found) return uris;
  if (!content) return std::unexpected(content.error());
  add_lines(*content, uris);
  return uris;
}

Status SlotKeys::write(const std::vector<std::string>& uris) {
  if (uris.empty()) return parts_.disk.remove(list_path(folder_));
  std::string text;
  for (const std::string& uri : uris) text += uri + "\n";
  return parts_.disk.write_file(list_path(folder_), as_bytes(text), private_mode);
}

Result<pki::PrivateKey> SlotKeys::make(const pki::KeySpec& spec) {
  tidy();
  if (place_.store == KeyStore::file) return pki::PrivateKey::generate(spec);
  if (place_.store == KeyStore::tpm) return pki::make_tpm_key(spec);
  TRY_STATUS(token_can_make(spec));
  const TokenUri uri{.place = place_.token,
                     .id = parts_.random.bytes(id_size),
                     .label = fmt::format("chancery-agent {}", slot_of(folder_))};
  TRY(std::vector<std::string> uris, written());
  uris.push_back(to_text(uri));
  TRY_STATUS_IN("writing down a key that is to be made", write(uris));
  return parts_.tokens.make(uri, spec);
}

void SlotKeys::tidy() {
  const auto complain = [&](const Error& error) {
    parts_.log.warning("keys in a token could not be tidied up", {{"slot", slot_of(folder_)}, {"error", error.text()}});
  };
  auto uris = written();
  if (!uris) return complain(uris.error());
  if (uris->empty()) return;
  const auto used = uris_in_use(folder_);
  if (!used) return complain(used.error());
  std::vector<std::string> left;
  for (const std::string& text : *uris) {
    if (std::ranges::find(*used, text) != used->end()) {
      left.push_back(text);
      continue;
    }
    const auto uri = token_uri_from_text(text);
    const Status done = uri ? parts_.tokens.destroy(*uri) : std::unexpected(uri.error());
    if (done) continue;
    complain(done.error());
    left.push_back(text);
  }
  if (left == *uris) return;
  if (const Status done = write(left); !done) complain(done.error());
}

}  // namespace chancery::device
