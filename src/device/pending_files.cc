#include "device/pending_files.h"

#include <fmt/format.h>

#include <array>
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
  agent::LastAnswer last_answer = agent::LastAnswer::none;
};

constexpr std::array<std::string_view, 3> answers = {"none", "pending", "rejected"};

std::string_view to_string(agent::LastAnswer answer) { return answers.at(static_cast<std::size_t>(answer)); }

Result<agent::LastAnswer> read_last_answer(const JsonFile& file) {
  if (!file.has("last_answer")) {
    // As version 0.1.0 writes it.
    TRY(const bool server_has_it, file.flag("server_has_it"));
    return server_has_it ? agent::LastAnswer::pending : agent::LastAnswer::none;
  }
  TRY(const std::string text, file.text("last_answer"));
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (text == answers.at(i)) return static_cast<agent::LastAnswer>(i);
  return invalid("unknown last_answer");
}

std::string to_text(const State& state) {
  const boost::json::object fields = {
      {"message", state.type == scep::MessageType::renewal_request ? renewal : enrolment},
      {"transaction_id", state.transaction_id},
      {"url", state.source.url},
      {"fingerprint", to_hex(state.source.fingerprint)},
      {"started", to_rfc3339(state.started)},
      {"last_answer", to_string(state.last_answer)}};
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
  TRY_IN(path, state.last_answer, read_last_answer(file));
  return state;
}

}  // namespace

Result<std::optional<agent::PendingEnrolment>> PendingFiles::read() const {
  if (!files::exists(pending())) return std::nullopt;
  TRY(State state, read_state(pending() + "/state.json"));
  TRY(pki::PrivateKey key, read_kept_key(pending(), tokens_, files::Privacy::owner_only));
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
                                 .last_answer = state.last_answer};
}

Status PendingFiles::write(const agent::PendingEnrolment& pending) {
  const std::string folder = this->pending() + ".new";
  TRY_STATUS(disk_.remove(folder));
  TRY_STATUS(disk_.make_folder(folder, private_folder_mode));
  TRY(const KeptKey key, to_keep(pending.key));
  TRY_STATUS(disk_.write_file(fmt::format("{}/{}", folder, key.file), key.content.view(), private_mode));
  TRY_STATUS(disk_.write_file(folder + "/signer.pem", as_bytes(pending.signer.to_pem()), private_mode));
  TRY_STATUS(disk_.write_file(folder + "/request.der", pending.request.view(), private_mode));
  const State state{.type = pending.type,
                    .transaction_id = std::string(as_text(pending.transaction_id.octets)),
                    .source = pending.source,
                    .started = pending.started,
                    .last_answer = pending.last_answer};
  TRY_STATUS(disk_.write_file(folder + "/state.json", as_bytes(to_text(state)), private_mode));
  TRY_STATUS(disk_.rename(folder, this->pending()));
  return disk_.sync_folder(folder_);
}

Status PendingFiles::mark(agent::LastAnswer answer) {
  const std::string path = pending() + "/state.json";
  TRY(State state, read_state(path));
  state.last_answer = answer;
  return disk_.write_file(path, as_bytes(to_text(state)), private_mode);
}

Status PendingFiles::send_as(scep::MessageType type, const scep::TransactionId& transaction_id) {
  const std::string path = pending() + "/state.json";
  TRY(State state, read_state(path));
  state.type = type;
  state.transaction_id = as_text(transaction_id.octets);
  state.last_answer = agent::LastAnswer::none;
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
  for (const char* const end : {".new", ".old"})
    if (files::exists(pending() + end)) TRY_STATUS(disk_.remove(pending() + end));
  return {};
}

}  // namespace chancery::device
