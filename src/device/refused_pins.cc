#include "device/refused_pins.h"

#include <fmt/format.h>

#include <filesystem>

#include "files/file.h"
#include "pki/algorithms.h"

namespace chancery::device {
namespace {

constexpr std::size_t salt_size = 16;
// PINs are short: each guess of who reads the file shall cost him some milliseconds.
constexpr int rounds = 20'000;

Bytes hash_of(const Bytes& salt, ByteView pin) {
  SecretBytes start(salt.size() + pin.size());
  std::ranges::copy(pin, std::ranges::copy(salt, start.mutable_view().begin()).out);
  Bytes hash = pki::hash(pki::Digest::sha256, start.view());
  for (int round = 1; round < rounds; ++round) {
    hash.insert(hash.end(), salt.begin(), salt.end());
    hash = pki::hash(pki::Digest::sha256, hash);
  }
  return hash;
}

}  // namespace

std::string RefusedPins::file_of(const std::string& token) const {
  if (folder_.empty() || in_memory_.contains(token)) return {};
  constexpr std::size_t letters = 32;
  return fmt::format("{}/{}", folder_, to_hex(pki::hash(pki::Digest::sha256, as_bytes(token))).substr(0, letters));
}

std::optional<RefusedPins::Record> RefusedPins::find(const std::string& token) const {
  if (const auto found = in_memory_.find(token); found != in_memory_.end()) return found->second;
  const std::string path = file_of(token);
  if (path.empty() || !files::exists(path)) return std::nullopt;
  const auto content = files::read_file(path);
  if (!content) return std::nullopt;
  const std::string_view text = as_text(*content);
  const std::size_t space = text.find(' '), end = text.find('\n');
  if (space == std::string_view::npos || end == std::string_view::npos || end < space) return std::nullopt;
  auto salt = from_hex(text.substr(0, space)), hash = from_hex(text.substr(space + 1, end - space - 1));
  if (!salt || !hash) return std::nullopt;
  return Record{.salt = *std::move(salt), .hash = *std::move(hash)};
}

bool RefusedPins::contains(const std::string& token, ByteView pin) const {
  const auto record = find(token);
  return record && equal_constant_time(record->hash, hash_of(record->salt, pin));
}

Status RefusedPins::write(const std::string& token, const Record& record) const {
  constexpr unsigned folder_mode = 0700, file_mode = 0600;
  TRY_STATUS(files::make_folder(folder_, folder_mode));
  const std::string text = fmt::format("{} {}\n", to_hex(record.salt), to_hex(record.hash));
  return files::write_file_atomically(file_of(token), as_bytes(text), file_mode);
}

void RefusedPins::keep(const std::string& token, ByteView pin) {
  const Bytes salt = random_ == nullptr ? Bytes() : random_->bytes(salt_size);
  Record record{.salt = salt, .hash = hash_of(salt, pin)};
  in_memory_.erase(token);
  if (folder_.empty() || !write(token, record)) in_memory_[token] = std::move(record);
}

void RefusedPins::forget(const std::string& token) {
  in_memory_.erase(token);
  const std::string path = file_of(token);
  std::error_code ignored;
  if (!path.empty()) std::filesystem::remove(path, ignored);
}

}  // namespace chancery::device
