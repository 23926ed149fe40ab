#include "agent/scep_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "scep/get_message.h"

namespace chancery::agent {
namespace {

constexpr unsigned http_ok = 200;
constexpr std::size_t nonce_size = 16;

// The first line of a body that is meant for people; nothing when it is none.
std::string line_for_people(ByteView body) {
  std::string line;
  for (const std::uint8_t octet : body) {
    if (octet == '\r' || octet == '\n' || line.size() == 200) break;
    if (octet < 0x20 || octet > 0x7e) return {};
    line.push_back(static_cast<char>(octet));
  }
  return line.starts_with('<') ? std::string() : line;
}

bool looks_like_web_page(ByteView body) {
  const auto first = std::ranges::find_if(body, [](std::uint8_t octet) { return octet > ' '; });
  return first != body.end() && *first == '<';
}

Error status_error(std::string_view operation, const TransportReply& reply) {
  const ErrorCode code = reply.status == 404 || reply.status == 410       ? ErrorCode::not_found
                         : reply.status == 429 || reply.status / 100 == 5 ? ErrorCode::unavailable
                                                                          : ErrorCode::refused;
  std::string text = fmt::format("{}: the server answered with HTTP status {}", operation, reply.status);
  if (const std::string line = line_for_people(reply.body); !line.empty()) text += fmt::format(" ('{}')", line);
  if (reply.status / 100 == 3) text += ": redirects are not followed, give the URL where it leads";
  if (reply.status == 404) text += ": check the URL";
  return {code, std::move(text)};
}

bool is_dislike(const TransportReply& reply) {
  if (reply.retry_after) return false;
  if (reply.status == 408 || reply.status == 429) return false;
  return reply.status / 100 == 4 || reply.status == 500 || reply.status == 501;
}

}  // namespace

Result<scep::Capabilities> ScepClient::capabilities() {
  if (capabilities_) return *capabilities_;
  TRY_IN("GetCACaps", const TransportReply reply, transport_.get("GetCACaps", {}));
  // A server in trouble is not taken for one that can do nothing: that would choose weaker algorithms.
  if (reply.status == 429 || (reply.status / 100 == 5 && reply.status != 501))
    return std::unexpected(status_error("GetCACaps", reply));
  const scep::Capabilities read =
      reply.status == http_ok ? scep::parse_capabilities(as_text(reply.body)) : scep::Capabilities{};
  if (options_.require_standard && !read.scep_standard)
    return refused(
        "the server does not say SCEPStandard, and --require-standard asks for it: somebody on the way may have "
        "shortened its list of capabilities");
  capabilities_ = read;
  return read;
}

Result<std::vector<pki::Certificate>> ScepClient::ca_certificates() {
  TRY_IN("GetCACert", const TransportReply reply, transport_.get("GetCACert", {}));
  if (reply.status != http_ok) return std::unexpected(status_error("GetCACert", reply));
  if (looks_like_web_page(reply.body)) return invalid("GetCACert: the server sent a web page: check the URL");
  TRY_IN("reading the CA certificates", auto certificates, scep::read_ca_certificates(reply.body));
  return certificates;
}

Result<std::vector<pki::Certificate>> ScepClient::next_ca_certificates(const std::vector<pki::Certificate>& current) {
  TRY_IN("GetNextCACert", const TransportReply reply, transport_.get("GetNextCACert", {}));
  if (reply.status != http_ok) return std::unexpected(status_error("GetNextCACert", reply));
  TRY_IN("reading the next CA certificates", auto certificates,
         scep::read_next_ca_certificates(reply.body, current, options_.floor.digest));
  return certificates;
}

Result<scep::ChosenAlgorithms> ScepClient::choose(const scep::Capabilities& capabilities) const {
  const scep::ChosenAlgorithms chosen = scep::choose_algorithms(capabilities);
  if (chosen.digest < options_.floor.digest || chosen.cipher < options_.floor.cipher)
    return refused(
        fmt::format("the server offers only {} and {}: have AES and SHA-256 switched on there, or say "
                    "--allow-weak-algorithms",
                    pki::to_string(chosen.cipher), pki::to_string(chosen.digest)));
  return chosen;
}

Result<TransportReply> ScepClient::send(ByteView message, bool post) {
  if (post) {
    TRY(TransportReply reply, transport_.post(message));
    // Windows Server 2012 says that it takes POST, and answers it with nothing.
    if (reply.status != http_ok || !reply.body.empty()) return reply;
  }
  return transport_.get("PKIOperation", scep::encode_get_message(message));
}

Result<scep::Reply> ScepClient::exchange(const Exchange& exchange) {
  disliked_ = answered_ = false;
  TRY(const scep::Capabilities offered, capabilities());
  TRY(const scep::ChosenAlgorithms algorithms, choose(offered));
  const scep::Nonce nonce{random_.bytes(nonce_size)};
  TRY_IN("making the request", const Bytes message,
         scep::make_request_message({.type = exchange.type,
                                     .transaction_id = exchange.transaction_id,
                                     .sender_nonce = nonce,
                                     .content = exchange.content,
                                     .recipient = exchange.authority.all[exchange.authority.encryption],
                                     .cipher = algorithms.cipher,
                                     .digest = algorithms.digest},
                                    exchange.requester, random_));
  const std::string_view name = scep::to_string(exchange.type);
  TRY_IN(name, const TransportReply reply, send(message, offered.post));
  disliked_ = is_dislike(reply);
  if (reply.status != http_ok) return std::unexpected(status_error(name, reply));
  if (reply.body.empty()) return invalid(fmt::format("{}: the server's answer is empty", name));
  TRY(scep::Reply answer, scep::read_reply(reply.body,
                                           {.transaction_id = exchange.transaction_id,
                                            .sender_nonce = nonce,
                                            .authority = exchange.authority.all,
                                            .requester = exchange.requester,
                                            .password = exchange.password,
                                            .least_digest = options_.floor.digest,
                                            .least_cipher = options_.floor.cipher,
                                            .weak_advice = advice_for(pki::Digest::sha1),
                                            .broken_advice = advice_for(pki::Digest::md5)},
                                           random_));
  answered_ = true;
  return answer;
}

}  // namespace chancery::agent
