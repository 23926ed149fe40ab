// What one enrolment costs the server beside its private keys, without HTTP: enrolment_cost <directory> [enrolments]
// [threads]
//
// Messages of RSA-2048 devices go through hub::ScepService over a ledger in <directory>, with RSA-2048 for RA and CA.
// Prints the microseconds of CPU that an enrolment takes, those of its three private-key operations alone, and how
// often a thread went to sleep. Under callgrind, `--toggle-collect='*pki_operation*'` and `*commit_batch*` count only
// these.

#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/check.h"
#include "bench/scep_messages.h"
#include "ca/authority.h"
#include "hub/endpoint_editor.h"
#include "hub/scep_service.h"
#include "store/hub/ledger.h"

namespace chancery::bench {
namespace {

constexpr std::size_t device_count = 16;
constexpr std::string_view challenge = "only for measuring";

struct Usage {
  double cpu_us = 0;
  double sleeps = 0;
};

Usage usage() {
  rusage now{};
  getrusage(RUSAGE_SELF, &now);
  const auto microseconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return {microseconds(now.ru_utime) + microseconds(now.ru_stime), static_cast<double>(now.ru_nvcsw)};
}

template <class Work>
Usage measure(std::size_t times, const Work& work) {
  const Usage before = usage();
  work();
  const Usage after = usage();
  const auto count = static_cast<double>(times);
  return {(after.cpu_us - before.cpu_us) / count, (after.sleeps - before.sleeps) / count};
}

class NoWebHook final : public hub::WebHook {
 public:
  Result<hub::WebHookAnswer> ask(const hub::WebHookQuestion&) override { return unavailable("there is none"); }
};

Result<std::unique_ptr<hub::Keyring>> make_keyring(const Clock& clock, Random& random) {
  const ca::AuthorityPlan plan{.names = {.organization = "Example", .common_name = ""},
                               .root_key = {pki::KeyFamily::rsa, 2048}};
  TRY(const ca::Root root, ca::make_root(plan, clock.now(), random));
  TRY(ca::Generation generation, ca::make_generation(plan, root, 1, clock.now(), random));
  std::vector<ca::Generation> generations;
  generations.push_back(std::move(generation));
  const ca::PublicationUris publication{.crl = {"http://127.0.0.1/crl/{generation}.crl"}, .ca_issuers = {}, .ocsp = {}};
  return std::make_unique<hub::Keyring>(root.certificate, std::move(generations), publication, random);
}

Result<std::vector<Message>> make_requests(std::size_t count, const pki::Certificate& recipient, const Clock& clock,
                                           Random& random) {
  const MessagesOrder order{.url = {}, .challenges = {std::string(challenge)}, .domain = "example.com"};
  std::vector<Device> devices;
  for (std::size_t i = 0; i < device_count; ++i) {
    TRY(Device device, make_device(i, clock.now(), random));
    devices.push_back(std::move(device));
  }
  std::vector<Message> messages(count);
  TRY_STATUS(in_parallel(count, [&](std::size_t i) -> Status {
    TRY(messages[i], make_message(order, i, devices[i % device_count], recipient, random));
    return {};
  }));
  return messages;
}

// The limit: nothing but the three operations, with keys as warm as they get.
Status use_private_keys(const ca::Generation& keys, std::size_t times, Random& random) {
  const Bytes text(500, 7);
  TRY(const Bytes encrypted, keys.ra_key.public_key().encrypt_pkcs1(Bytes(32, 7), random));
  for (std::size_t i = 0; i < times; ++i) {
    const SecretBytes opened = keys.ra_key.decrypt_pkcs1_or_random(encrypted, 32, random);
    TRY([[maybe_unused]] const Bytes certificate, keys.issuing_key.sign(keys.issuing_key.default_algorithm(), text));
    TRY([[maybe_unused]] const Bytes reply, keys.ra_key.sign(keys.ra_key.default_algorithm(), text));
  }
  return {};
}

Status enrol_all(hub::ScepService& service, std::span<const Message> messages, std::size_t thread_count) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < thread_count; ++thread)
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < messages.size(); i = next++)
        CHECK(service.pki_operation("bench", messages[i].der, "127.0.0.1"));
    });
  for (std::thread& thread : threads) thread.join();
  if (service.counters().granted == 0) return internal("nothing was granted");
  return {};
}

Status run(const std::string& directory, std::size_t count, std::size_t threads) {
  SystemClock clock;
  SystemRandom random;
  StderrLog log(LogLevel::info);
  const std::string path = directory + "/enrolment_cost.db";
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  TRY(const auto ledger, store::SqlLedger::open(path, {}, clock, log));
  TRY(const std::unique_ptr<hub::Keyring> keyring, make_keyring(clock, random));
  hub::EndpointDirectory endpoints;
  NoWebHook web_hook;
  hub::Context context{*ledger, *keyring, endpoints, web_hook, clock, random, log};
  hub::EndpointEditor editor(context,
                             [](const std::string&) -> Result<SecretBytes> { return SecretBytes::copy_of(challenge); });
  TRY_STATUS(editor.add(
      "bench",
      {{"authorisers", "shared-challenge"}, {"shared_challenge_file", "/of/no/matter"}, {"alternative_names", "dns"}},
      {"bench"}));
  hub::ScepService service(context);
  const ca::Generation& keys = keyring->current().keys();
  const std::size_t warm_up = count / 10 + 1;
  TRY(const std::vector<Message> messages, make_requests(warm_up + count, keys.ra, clock, random));
  TRY_STATUS(enrol_all(service, std::span(messages).first(warm_up), threads));

  Status done;
  const Usage before = measure(count, [&] { done = use_private_keys(keys, count, random); });
  TRY_STATUS(done);
  const Usage all = measure(count, [&] { done = enrol_all(service, std::span(messages).subspan(warm_up), threads); });
  TRY_STATUS(done);
  const Usage after = measure(count, [&] { done = use_private_keys(keys, count, random); });
  TRY_STATUS(done);
  if (service.counters().granted != messages.size()) return internal("not every request was granted");
  const double limit = (before.cpu_us + after.cpu_us) / 2;
  fmt::print("{:.0f} us of CPU each, {:.0f} us of them private keys, {:.2f} sleeps each\n", all.cpu_us, limit,
             all.sleeps);
  return {};
}

}  // namespace
}  // namespace chancery::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, std::size_t otherwise) {
    return count > at ? static_cast<std::size_t>(std::strtoull(arguments[at], nullptr, 10)) : otherwise;
  };
  if (count < 2) {
    fmt::print(stderr, "enrolment_cost <directory> [enrolments] [threads]\n");
    return 2;
  }
  const auto done = chancery::bench::run(arguments[1], number(2, 2000), number(3, 64));
  if (!done) fmt::print(stderr, "{}\n", done.error().text());
  return done ? 0 : 1;
}
