#include "device/pending_files.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "device/json_file.h"
#include "files/file.h"

namespace chancery::device {
namespace {

constexpr unsigned private_mode = 0600;
constexpr unsigned private_folder_mode = 0700;
constexpr std::string_view renewal = "renewal", enrolment = "enrolment";

struct State {
  scep::MessageType type = scep::MessageType::pkcs_request;
  std::string transaction_id;
  agent::Source source;
  Timestamp started;
  bool server_has_it = false;
};

std::string to_text(const State& state) {
  const boost::json::object fields = {
      {"message", state.type == scep::MessageType::renewal_request ? renewal : enrolment},
      {"transaction_id", state.transaction_id},
      {"url", state.source.url},
      {"fingerprint", to_hex(state.source.fingerprint)},
      {"started", to_rfc3339(state.started)},
      {"server_has_it", state.server_has_it}};
  return boost::json::serialize(fields) + "\n";
}

Result<State> read_state(const std::string& path) {
  TRY(const JsonFile file, JsonFile::read(path));
  State state;
  TRY(const std::string message, file.text("message"));
  if (message != renewal && message != enrolment) return invalid(fmt::format("{}: unknown message", path));
  if (message == renewal) state.type = scep::MessageType::renewal_request;
  TRY(state.transaction_id, file.text("transaction_id"));
  if (state.transaction_id.empty() || state.transaction_id.size() > 255)
    return invalid(fmt::format("{}: the transactionID is empty or too long", path));
  TRY(state.source.url, file.text("url"));
  TRY(const std::string fingerprint, file.text("fingerprint"));
  TRY_IN(path, state.source.fingerprint, from_hex(fingerprint));
  TRY(const std::string started, file.text("started"));
  TRY_IN(path, state.started, from_rfc3339(started));
  TRY(state.server_has_it, file.flag("server_has_it"));
  return state;
}

}  // namespace

Result<std::optional<agent::PendingEnrolment>> PendingFiles::read() const {
  if (!files::exists(pending())) return std::nullopt;
  TRY(State state, read_state(pending() + "/state.json"));
  TRY(const SecretBytes pem, files::read_secret_file(pending() + "/key.pem", files::Privacy::owner_only));
  TRY_IN(pending() + "/key.pem", pki::PrivateKey key, pki::PrivateKey::from_pem(as_text(pem.view())));
  TRY(const Bytes certificate, files::read_file(pending() + "/signer.pem"));
  TRY_IN(pending() + "/signer.pem", pki::Certificate signer, pki::Certificate::from_pem_or_der(certificate));
  TRY(Bytes request, files::read_file(pending() + "/request.der"));
  return agent::PendingEnrolment{.type = state.type,
                                 .transaction_id = scep::TransactionId::from_text(state.transaction_id),
                                 .key = std::move(key),
                                 .signer = std::move(signer),
                                 .request = SecretBytes(std::move(request)),
                                 .source = std::move(state.source),
                                 .started = state.started,
                                 .server_has_it = state.server_has_it};
}

Status PendingFiles::write(const agent::PendingEnrolment& pending) {
  const std::string folder = this->pending() + ".new";
  TRY_STATUS(disk_.remove(folder));
  TRY_STATUS(disk_.make_folder(folder, private_folder_mode));
  TRY(const SecretBytes key, pending.key.to_plain_pem());
  TRY_STATUS(disk_.write_file(folder + "/key.pem", key.view(), private_mode));
  TRY_STATUS(disk_.write_file(folder + "/signer.pem", as_bytes(pending.signer.to_pem()), private_mode));
  TRY_STATUS(disk_.write_file(folder + "/request.der", pending.request.view(), private_mode));
  const State state{.type = pending.type,
                    .transaction_id = std::string(as_text(pending.transaction_id.octets)),
                    .source = pending.source,
                    .started = pending.started,
                    .server_has_it = pending.server_has_it};
  TRY_STATUS(disk_.write_file(folder + "/state.json", as_bytes(to_text(state)), private_mode));
  TRY_STATUS(disk_.rename(folder, this->pending()));
  return disk_.sync_folder(folder_);
}

Status PendingFiles::mark_received() {
  const std::string path = pending() + "/state.json";
  TRY(State state, read_state(path));
  state.server_has_it = true;
  return disk_.write_file(path, as_bytes(to_text(state)), private_mode);
}

Status PendingFiles::remove() {
  if (!files::exists(pending())) return {};
  const std::string going = pending() + ".old";
  TRY_STATUS(disk_.remove(going));
  TRY_STATUS(disk_.rename(pending(), going));
  TRY_STATUS(disk_.sync_folder(folder_));
  return disk_.remove(going);
}

Status PendingFiles::remove_leftovers() {
  TRY_STATUS(disk_.remove(pending() + ".new"));
  return disk_.remove(pending() + ".old");
}

}  // namespace chancery::device
