#pragma once

// A service as the agent sees it: it reads its two files when it is told to, and shows what it has read.

#include <functional>
#include <string>
#include <vector>

#include "device/process_runner.h"
#include "device/service_description.h"
#include "device/tls_probe.h"
#include "files/file.h"
#include "pki/certificate.h"
#include "pki/key.h"

namespace chancery::device {

class FakeService final : public ProcessRunner, public TlsProbe {
 public:
  FakeService(std::string key_path, std::string full_chain_path)
      : key_path_(std::move(key_path)), full_chain_path_(std::move(full_chain_path)) {}

  [[nodiscard]] ServiceDescription description(const std::string& slot) const {
    return {.slot = slot,
            .name = "fake",
            .paths = {.certificate = {},
                      .key = key_path_,
                      .chain = {},
                      .full_chain = full_chain_path_,
                      .combined = {},
                      .authorities = {}},
            .reload = {"/bin/fake", "reload"},
            .restart = {"/bin/fake", "restart"},
            .health_check = TlsTarget{.host = "127.0.0.1", .port = 443, .server_name = {}}};
  }

  // What it does not take: a text for the subject of a certificate.
  std::string refuses_to_load;
  std::string refuses_to_show;
  // The subject of the certificate in its memory; "its own" is what it had before the agent came.
  std::string loaded = "nothing";
  std::vector<ProcessOrder> orders;

  // What is at its paths: a subject, "its own", "nothing", or what is wrong there.
  [[nodiscard]] std::string at_its_paths() const {
    const auto key = files::read_file(key_path_), chain = files::read_file(full_chain_path_);
    if (!key && !chain) return "nothing";
    if (!key || !chain) return "a part";
    if ((as_text(*key) == own_key) != (as_text(*chain) == own_certificate)) return "a mixture";
    if (as_text(*key) == own_key && as_text(*chain) == own_certificate) return "its own";
    const auto read = pki::Certificate::from_pem_or_der(*chain);
    const auto own = pki::PrivateKey::from_pem(as_text(*key));
    if (!read || !own) return "something unreadable";
    if (!equal(read->spki(), own->public_key().spki())) return "a mixture";
    return read->subject().to_text();
  }

  Result<ProcessOutcome> run(const ProcessOrder& order) override {
    orders.push_back(order);
    const std::string there = at_its_paths();
    if (there == "a part" || there == "a mixture" || there == "something unreadable" || there == refuses_to_load)
      return ProcessOutcome{.exit_status = 1, .output = "I cannot load " + there};
    loaded = there;
    shown_ = there == "nothing" || there == "its own"
                 ? Bytes()
                 : to_bytes(pki::Certificate::from_pem_or_der(files::read_file(full_chain_path_).value())->der());
    return ProcessOutcome{};
  }

  Result<Bytes> shown_certificate(const TlsTarget& target) override {
    if (shown_.empty() || loaded == refuses_to_show) return unavailable(to_text(target) + ": Connection refused");
    return shown_;
  }

  static constexpr std::string_view own_key = "its own key", own_certificate = "its own certificate";

 private:
  std::string key_path_;
  std::string full_chain_path_;
  Bytes shown_;
};

}  // namespace chancery::device
