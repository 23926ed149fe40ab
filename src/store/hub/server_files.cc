#include "store/hub/server_files.h"

#include <algorithm>

#include "files/file.h"

namespace chancery::store {
namespace {

constexpr std::string_view first_certificate = "-----BEGIN CERTIFICATE-----";

}  // namespace

Result<std::optional<hub::ServerIdentity>> ServerFiles::load() {
  auto content = files::read_secret_file(path(), files::Privacy::owner_only);
  if (!content && content.error().code() == ErrorCode::not_found) return std::nullopt;
  if (!content) return std::unexpected(content.error());
  const std::string_view text = as_text(content->view());
  const std::size_t end_of_key = text.find(first_certificate);
  // The file is written whole: something else is not ours.
  if (end_of_key == std::string_view::npos) return invalid(path() + " holds no certificate");
  return hub::ServerIdentity{.certificates = std::string(text.substr(end_of_key)) + "\n",
                             .key = SecretBytes::copy_of(text.substr(0, end_of_key))};
}

Status ServerFiles::save(const hub::ServerIdentity& identity) {
  TRY_STATUS(files::make_folder(folder_, 0700));
  SecretBytes content(identity.key.size() + identity.certificates.size());
  std::ranges::copy(identity.key.view(), content.mutable_view().begin());
  std::ranges::copy(as_bytes(identity.certificates),
                    content.mutable_view().begin() + static_cast<std::ptrdiff_t>(identity.key.size()));
  return files::write_file_atomically(path(), content.view(), 0600);
}

}  // namespace chancery::store
