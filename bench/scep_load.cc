// A fleet that enrols all at once: `scep_load make` prepares requests, `scep_load run` sends them and reports, in JSON,
// how many replies came a second, how long they took, and what was wrong. Also used by tests that kill the server.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <map>

#include "bench/http_load.h"
#include "bench/scep_messages.h"
#include "cli/command_table.h"
#include "scep/reply.h"

namespace chancery::bench {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

Result<std::size_t> number(const cli::Arguments& arguments, std::string_view name, std::size_t otherwise) {
  const std::string text = arguments.text(name);
  if (text.empty()) return otherwise;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return invalid(fmt::format("--{}: not a number", name));
  return value;
}

Result<std::vector<std::string>> challenges_from(const cli::Arguments& arguments) {
  std::vector<std::string> challenges;
  if (arguments.has("challenge-file")) {
    TRY(const SecretBytes secret, files::read_secret_file(arguments.text("challenge-file")));
    challenges.emplace_back(as_text(secret.view()));
  }
  if (arguments.has("challenges")) {
    std::ifstream file(arguments.text("challenges"));
    for (std::string line; std::getline(file, line);) challenges.push_back(line);
    if (challenges.empty()) return not_found("--challenges: there is no challenge in the file");
  }
  return challenges;
}

Status run_make(const cli::Arguments& arguments, cli::Terminal& terminal) {
  MessagesOrder order{.url = arguments.text("url"), .domain = arguments.text("domain")};
  TRY(order.challenges, challenges_from(arguments));
  TRY(order.count, number(arguments, "count", arguments.has("challenges") ? order.challenges.size() : 1000));
  if (arguments.has("challenges") && order.count > order.challenges.size())
    return invalid("--count: there are fewer challenges");
  TRY(order.devices, number(arguments, "keys", order.devices));
  SystemClock clock;
  SystemRandom random;
  TRY(const Messages messages, make_messages(order, clock, random));
  TRY_STATUS(MessageFile::write(arguments.text("messages"), messages));
  terminal.err << fmt::format("{} messages\n", messages.messages.size());
  return {};
}

// What came back, judged and counted.
class Judge {
 public:
  Judge(const Messages& messages, std::size_t first, std::size_t open_every, std::ostream* received)
      : messages_(messages), first_(first), open_every_(open_every), received_(received) {}

  void judge(const Reply& reply) {
    latencies_.push_back(reply.latency);
    const Message& message = messages_.messages[first_ + reply.request];
    if (reply.status != 200) return fail(fmt::format("HTTP status {}", reply.status));
    if (!holds(reply.body, message.transaction_id)) return fail("another transactionID");
    if (!holds(reply.body, success)) return fail("not SUCCESS");
    if (open_every_ > 0 && reply.request % open_every_ == 0)
      if (const Status opened = open(reply.body, message); !opened) return fail(opened.error().text());
    ++granted_;
  }
  void lost(std::size_t) { fail("connection lost"); }

  [[nodiscard]] json::object report(std::chrono::duration<double> time) {
    std::ranges::sort(latencies_);
    json::object errors;
    for (const auto& [what, count] : errors_) errors[what] = count;
    return {{"replies", latencies_.size()},
            {"granted", granted_},
            {"opened", opened_},
            {"seconds", time.count()},
            {"replies_per_second", static_cast<double>(granted_) / time.count()},
            {"latency_ms", {{"p50", quantile(0.5)}, {"p99", quantile(0.99)}, {"p99.9", quantile(0.999)}}},
            {"errors", errors}};
  }
  [[nodiscard]] bool has_errors() const { return !errors_.empty(); }

 private:
  // The attribute pkiStatus with the value SUCCESS.
  static constexpr std::uint8_t success[] = {0x06, 0x0a, 0x60, 0x86, 0x48, 0x01, 0x86, 0xf8, 0x45,
                                             0x01, 0x09, 0x03, 0x31, 0x03, 0x13, 0x01, '0'};

  static bool holds(ByteView body, ByteView part) {
    return memmem(body.data(), body.size(), part.data(), part.size()) != nullptr;
  }
  void fail(const std::string& what) { ++errors_[what]; }

  // Everything a careful client checks: signature, nonce, decryption, the certificate's key and issuer.
  Status open(ByteView body, const Message& message) {
    const Device& device = messages_.devices[message.device];
    TRY(const scep::Reply reply, scep::read_reply(body,
                                                  {.transaction_id = {message.transaction_id},
                                                   .sender_nonce = {message.nonce},
                                                   .authority = messages_.authority,
                                                   .requester = device.identity()},
                                                  random_));
    const auto* granted = std::get_if<scep::Granted>(&reply);
    if (granted == nullptr) return invalid("the reply is not SUCCESS");
    TRY(const pki::Certificate certificate, scep::find_issued(granted->bundle, device.key.public_key()));
    bool signed_by_authority = false;
    for (const pki::Certificate& issuer : messages_.authority)
      if (const auto key = issuer.public_key(); key && equal(issuer.subject_der(), certificate.issuer_der()))
        signed_by_authority = signed_by_authority || certificate.signed_by(*key);
    if (!signed_by_authority) return invalid("the certificate is not signed by the authority");
    ++opened_;
    if (received_ != nullptr)
      *received_ << as_text(message.transaction_id) << ' ' << certificate.serial().hex() << ' '
                 << to_hex(certificate.fingerprint()) << std::endl;
    return {};
  }

  [[nodiscard]] double quantile(double part) const {
    if (latencies_.empty()) return 0;
    const auto index = static_cast<std::size_t>(part * static_cast<double>(latencies_.size()));
    return std::chrono::duration<double, std::milli>(latencies_[std::min(index, latencies_.size() - 1)]).count();
  }

  const Messages& messages_;
  std::size_t first_, open_every_;
  std::ostream* received_;
  SystemRandom random_;
  std::vector<std::chrono::nanoseconds> latencies_;
  std::size_t granted_ = 0, opened_ = 0;
  std::map<std::string, std::size_t> errors_;
};

Status run_load(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(Target target, Target::from_url(arguments.text("url")));
  TRY(const Messages messages, MessageFile::read(arguments.text("messages")));
  TRY(const std::size_t first, number(arguments, "first", 0));
  TRY(std::size_t count, number(arguments, "count", messages.messages.size()));
  TRY(const std::size_t connections, number(arguments, "connections", 32));
  TRY(const std::size_t seconds, number(arguments, "seconds", 3600));
  TRY(std::size_t open_every, number(arguments, "verify-every", 50));
  count = std::min(count, messages.messages.size() - std::min(first, messages.messages.size()));

  std::ofstream received;
  if (arguments.has("received")) {
    received.open(arguments.text("received"), std::ios::app);
    if (!received) return unavailable("--received: the file cannot be written");
    open_every = 1;
  }
  Judge judge(messages, first, open_every, received.is_open() ? &received : nullptr);
  const auto begin = steady_clock::now();
  std::size_t sent = 0;
  HttpLoad load(std::move(target),
                {.next = [&](std::size_t request) -> const Bytes* {
                   if (request >= count || steady_clock::now() - begin > std::chrono::seconds(seconds)) return nullptr;
                   sent = request + 1;
                   return &messages.messages[first + request].der;
                 },
                 .received = [&](const Reply& reply) { judge.judge(reply); },
                 .lost = [&](std::size_t request) { judge.lost(request); }});
  TRY_STATUS(load.run(connections, std::chrono::seconds(30)));
  json::object report = judge.report(steady_clock::now() - begin);
  report["sent"] = sent;
  report["exhausted"] = sent == count;
  terminal.out << json::serialize(report) << "\n";
  if (judge.has_errors()) return internal("not every request was granted; see errors");
  return {};
}

cli::Program scep_load_program() {
  const cli::Option url{.name = "url",
                        .value_name = "URL",
                        .help = "The endpoint: http://127.0.0.1:8080/scep/printers",
                        .required = true};
  const cli::Option messages{
      .name = "messages", .value_name = "FILE", .help = "The file with the requests", .required = true};
  return {
      .name = "scep_load",
      .version = "1",
      .summary = "load for a SCEP server",
      .description = "Many devices that enrol at once.",
      .common_options = {},
      .commands = {
          {.path = "make",
           .summary = "Make requests, each with its own transactionID and subject, for the authority that answers",
           .options = {url,
                       messages,
                       {.name = "count", .value_name = "N", .help = "How many", .default_text = "1000"},
                       {.name = "keys", .value_name = "N", .help = "RSA-2048 keys they share", .default_text = "64"},
                       {.name = "challenge-file", .value_name = "FILE", .help = "File with the challenge of all"},
                       {.name = "challenges", .value_name = "FILE", .help = "One challenge for each, one a line"},
                       {.name = "domain",
                        .value_name = "DOMAIN",
                        .help = "Each asks for a DNS name in it",
                        .default_text = "no alternative name"}},
           .examples = {"scep_load make --url http://127.0.0.1:8080/scep/printers --challenge-file challenge "
                        "--count 10000 --messages messages"},
           .run = run_make},
          {.path = "run",
           .summary = "Send them and report in JSON",
           .description = "Ends when all are answered, when the time is over, or when the server is gone. A broken "
                          "connection is made again as long as somebody listens. Exits with 1 when any request "
                          "was not granted.",
           .options = {url,
                       messages,
                       {.name = "connections", .value_name = "N", .help = "Kept busy at once", .default_text = "32"},
                       {.name = "seconds", .value_name = "S", .help = "No new request afterwards"},
                       {.name = "first", .value_name = "N", .help = "Requests of the file to leave out"},
                       {.name = "count", .value_name = "N", .help = "Requests to send", .default_text = "all"},
                       {.name = "verify-every",
                        .value_name = "N",
                        .help = "Open every Nth reply and check everything; 0: none",
                        .default_text = "50"},
                       {.name = "received",
                        .value_name = "FILE",
                        .help =
                            "Open all, and append transactionID, serial and SHA-256 of each certificate, one a line"}},
           .examples = {"scep_load run --url http://127.0.0.1:8080/scep/printers --messages messages --seconds 10"},
           .run = run_load},
      }};
}

}  // namespace
}  // namespace chancery::bench

int main(int argc, char** argv) {
  return chancery::cli::run(chancery::bench::scep_load_program(), argc, argv, {std::cout, std::cerr, false});
}
