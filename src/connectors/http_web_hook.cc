#include "connectors/http_web_hook.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.h"
#include "http/client.h"
#include "pki/string_types.h"

namespace chancery::connectors {
namespace {

namespace json = boost::json;
using Verdict = hub::WebHookAnswer::Verdict;

constexpr std::size_t most_answer_bytes = 64 * 1024;
constexpr std::size_t most_answer_depth = 4;
constexpr std::size_t most_reason_bytes = 200;
constexpr std::size_t most_token_bytes = 4096;

// A JSON object written into memory that is wiped: the challenge is in it.
class QuestionText {
 public:
  explicit QuestionText(std::size_t size) { text_.reserve(size); }
  ~QuestionText() { wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }
  QuestionText(const QuestionText&) = delete;
  QuestionText& operator=(const QuestionText&) = delete;

  void member(std::string_view name, std::string_view value) {
    begin(name);
    quote(value);
  }
  void member(std::string_view name, const std::vector<std::string>& values) {
    begin(name);
    text_ += '[';
    for (const std::string& value : values) {
      if (&value != &values.front()) text_ += ',';
      quote(value);
    }
    text_ += ']';
  }
  // REQUIRES: nothing is added afterwards.
  [[nodiscard]] std::string_view finished() {
    text_ += '}';
    return text_;
  }

 private:
  void begin(std::string_view name) {
    text_ += text_.empty() ? '{' : ',';
    quote(name);
    text_ += ':';
  }
  void quote(std::string_view value) {
    std::string quoted = json::serialize(json::string_view(value.data(), value.size()));
    text_ += quoted;
    wipe({reinterpret_cast<std::uint8_t*>(quoted.data()), quoted.size()});
  }

  std::string text_;
};

// Enough that the text never moves and leaves a copy behind: an octet takes at most six characters.
std::size_t size_of(const hub::WebHookQuestion& question) {
  std::size_t octets = 512 + question.endpoint.size() + question.source.size() + question.transaction_id.size() +
                       question.subject.size() + question.key_type.size() + question.key_fingerprint.size() +
                       question.challenge.size() + question.request_der.size();
  for (const std::string& name : question.alternative_names) octets += name.size() + 3;
  return octets * 6;
}

// The header with the bearer token, wiped when it goes. REQUIRES: `headers` outlives it and is not changed meanwhile.
class Authorization {
 public:
  explicit Authorization(std::vector<http::Header>& headers) : headers_(headers) {}
  ~Authorization() {
    if (!added_) return;
    std::string& value = headers_.back().value;
    wipe({reinterpret_cast<std::uint8_t*>(value.data()), value.size()});
  }
  Authorization(const Authorization&) = delete;
  Authorization& operator=(const Authorization&) = delete;

  Status add(Result<SecretBytes> read) {
    TRY_IN("the web hook's token", const SecretBytes token, std::move(read));
    const std::string_view text = as_text(token.view());
    const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
    if (text.empty() || text.size() > most_token_bytes || !printable)
      return invalid("the web hook's token: the file does not hold one line of printable characters without blanks");
    std::string& value = headers_.emplace_back(http::Header{.name = "Authorization", .value = {}}).value;
    added_ = true;
    value.reserve(7 + text.size());
    value.append("Bearer ").append(text);
    return {};
  }

 private:
  std::vector<http::Header>& headers_;
  bool added_ = false;
};

Result<Verdict> verdict_of(const json::value& decision) {
  const json::string* text = decision.if_string();
  if (text != nullptr && *text == "allow") return Verdict::allow;
  if (text != nullptr && *text == "refuse") return Verdict::refuse;
  if (text != nullptr && *text == "ask") return Verdict::ask_a_person;
  return invalid("'decision' is none of allow, refuse and ask");
}

Result<hub::WebHookAnswer> read_answer(const http::Response& response) {
  if (response.status != 200) return invalid(fmt::format("HTTP status {}", response.status));
  json::error_code error;
  json::parse_options options;
  options.max_depth = most_answer_depth;
  const std::string_view text = as_text(response.body);
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return invalid("not JSON: " + error.message());
  const json::object* object = value.if_object();
  if (object == nullptr) return invalid("not a JSON object");
  for (const auto& [name, member] : *object)
    if (name != "decision" && name != "reason") return invalid("a member that is neither 'decision' nor 'reason'");
  const json::value* decision = object->if_contains("decision");
  if (decision == nullptr) return invalid("'decision' is missing");
  hub::WebHookAnswer answer;
  TRY(answer.verdict, verdict_of(*decision));
  if (const json::value* reason = object->if_contains("reason")) {
    const json::string* words = reason->if_string();
    if (words == nullptr) return invalid("'reason' is not a text");
    answer.reason = utf8::cut({words->data(), words->size()}, most_reason_bytes);
    // The reason goes to the device and into lists.
    if (pki::has_control_characters(answer.reason)) return invalid("'reason' holds a control character");
  }
  return answer;
}

Result<hub::WebHookAnswer> send_and_read(const hub::WebHookQuestion& question, const hub::SecretReader& read_secret) {
  QuestionText text(size_of(question));
  text.member("endpoint", question.endpoint);
  text.member("source", question.source);
  text.member("transaction_id", question.transaction_id);
  text.member("subject", question.subject);
  text.member("alternative_names", question.alternative_names);
  text.member("key_type", question.key_type);
  text.member("key_fingerprint", question.key_fingerprint);
  // A challenge that no JSON text can hold is still in the request.
  const std::string_view challenge = as_text(question.challenge.view());
  if (pki::is_utf8(challenge)) text.member("challenge", challenge);
  std::string request = to_base64(question.request_der);
  text.member("request", request);
  wipe({reinterpret_cast<std::uint8_t*>(request.data()), request.size()});

  std::vector<http::Header> headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  Authorization authorization(headers);
  if (!question.token_file.empty()) TRY_STATUS(authorization.add(read_secret(question.token_file)));
  http::Client client({.connect_timeout = std::chrono::seconds(5),
                       .timeout = std::chrono::seconds(10),
                       .response_limit = most_answer_bytes,
                       .user_agent = "chancery"});
  const auto response = client.send("POST", question.url, headers, as_bytes(text.finished()));
  if (!response) return std::unexpected(response.error());
  auto answer = read_answer(*response);
  if (!answer) return std::unexpected(answer.error().in("its answer"));
  return answer;
}

}  // namespace

Result<hub::WebHookAnswer> HttpWebHook::ask(const hub::WebHookQuestion& question) {
  if (!free_.try_acquire()) return unavailable("the web hook is slow: enough questions wait for its answer");
  auto answer = send_and_read(question, read_secret_);
  free_.release();
  // Whatever is wrong can be put right there, and the device's request is still good then.
  if (!answer) return unavailable(answer.error().text());
  return answer;
}

}  // namespace chancery::connectors
