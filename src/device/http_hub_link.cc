#include "device/http_hub_link.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <climits>
#include <cstdlib>

#include "base/utf8.h"
#include "device/kept_key.h"
#include "files/file.h"
#include "pki/key_elsewhere.h"
#include "wire/check_in.h"
#include "wire/refusal.h"

namespace chancery::device {
namespace {

// For the network, above the time for which the hub may hold the request.
constexpr Seconds margin{30};

// A node that was blocked asks so often whether it still is.
constexpr Seconds pause_when_blocked = std::chrono::minutes(30);

// What is in {"error": {"code": …, "text": …}}, as far as it can be shown.
struct Problem {
  std::string code, text;
};

Problem problem_in(const http::Response& response) {
  Problem problem{.code = {}, .text = fmt::format("HTTP status {}", response.status)};
  boost::system::error_code failed;
  const boost::json::value body = boost::json::parse(as_text(response.body), failed);
  if (failed || !body.is_object()) return problem;
  const auto* error = body.get_object().if_contains("error");
  if (error == nullptr || !error->is_object()) return problem;
  const auto take = [&](std::string_view name, std::string& into) {
    if (const auto* text = error->get_object().if_contains(name); text != nullptr && text->is_string())
      into = utf8::cut({text->get_string().data(), text->get_string().size()}, 500);
  };
  take("code", problem.code);
  take("text", problem.text);
  return problem;
}

Result<wire::CheckInAnswer> answer_in(const http::Response& response) {
  if (response.status == 200) {
    auto answer = wire::check_in_answer_from_json(as_text(response.body));
    // One of a version that this program does not know says nothing about the certificate.
    if (!answer) return invalid("the hub's answer: " + answer.error().text());
    return answer;
  }
  const auto [code, reason] = problem_in(response);
  if (response.status == 403 && code == wire::blocked_code)
    return wire::CheckInAnswer{.state = wire::NodeState::blocked, .check_in_again_seconds = pause_when_blocked.count()};
  if (response.status == 403) return refused("the hub refuses this certificate: " + reason);
  if (response.status >= 500 || response.status == 429) return unavailable("the hub answers: " + reason);
  return invalid("the hub answers: " + reason);
}

// The folder of the pair that is in use now; one that stays as it is, whatever `live` leads to later.
Result<std::string> live_folder(const std::string& slot_folder) {
  char resolved[PATH_MAX];
  if (realpath((slot_folder + "/live").c_str(), resolved) == nullptr)
    return unavailable(fmt::format("{} has no certificate in use", slot_folder));
  return std::string(resolved);
}

}  // namespace

Result<http::Client*> HttpHubLink::client_for(const agent::ShownCertificate& shown, Seconds hold) {
  TRY(std::string version, live_folder(fmt::format("{}/{}", options_.slots_folder, shown.slot)));
  if (connection_ && connection_->version == version && connection_->hold == hold) return &connection_->client;
  connection_.reset();
  TRY(const Bytes certificate_pem, files::read_file(version + "/cert.pem"));
  TRY_IN(version + "/cert.pem", const auto certificate, pki::Certificate::from_pem_or_der(certificate_pem));
  if (!equal(certificate.der(), shown.certificate.der()))
    return unavailable("the certificate of the slot has changed just now");
  TRY(const Bytes trusted_pem, files::read_file(version + "/ca.pem"));
  // Nothing there does not mean that anything goes.
  if (trusted_pem.empty())
    return unavailable(version + "/ca.pem is empty: the slot trusts no authority, nor does the link");
  TRY(const pki::PrivateKey key, read_kept_key(version, options_.tokens));
  if (key.elsewhere() != nullptr) TRY_STATUS(key.elsewhere()->fit_for_tls());
  connection_.emplace(
      Connection{.version = std::move(version),
                 .hold = hold,
                 .client = http::Client({.timeout = hold + margin,
                                         .response_limit = wire::most_message_bytes,
                                         .ca_text = std::string(as_text(trusted_pem)),
                                         // Without its chain: the hub looks it up, and would have it to take apart.
                                         .identity = http::TlsIdentity(certificate.to_pem(), key.native()),
                                         .user_agent = options_.user_agent})});
  return &connection_->client;
}

Result<wire::CheckInAnswer> HttpHubLink::check_in(const wire::CheckIn& message, const agent::ShownCertificate& shown) {
  std::stop_token stop;
  {
    const std::scoped_lock lock(mutex_);
    stop = under_way_.emplace().get_token();
  }
  const auto send = [&]() -> Result<wire::CheckInAnswer> {
    TRY(http::Client * client, client_for(shown, Seconds(message.hold_seconds)));
    const std::string body = wire::to_json(message);
    const auto response = client->send("POST", options_.url + std::string(wire::check_in_path),
                                       {{"Content-Type", "application/json"}}, as_bytes(body), stop);
    if (response) return answer_in(*response);
    const Error error = response.error().in("asking the hub");
    // It was not the hub who said so: this device's clock may be wrong, or somebody may sit on the path.
    if (error.code() == ErrorCode::refused) return unavailable(error.text());
    return std::unexpected(error);
  };
  auto answer = send();
  // What went wrong may be the connection's fault: the next call makes a new one.
  if (!answer) connection_.reset();
  const std::scoped_lock lock(mutex_);
  under_way_.reset();
  return answer;
}

void HttpHubLink::cancel() {
  const std::scoped_lock lock(mutex_);
  if (under_way_) under_way_->request_stop();
}

}  // namespace chancery::device
