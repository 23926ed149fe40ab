#pragma once

// A whole hub in memory, and devices that talk to it in SCEP messages.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hub/crl_publisher.h"
#include "hub/endpoint_editor.h"
#include "hub/scep_service.h"
#include "pki/request.h"
#include "scep/ca_certificates.h"
#include "scep/reply.h"
#include "scep/request.h"
#include "testing/fakes.h"
#include "testing/memory_ledger.h"

namespace chancery::hub {

// Answers what the test says.
class FakeWebHook final : public WebHook {
 public:
  Result<WebHookAnswer> answer = WebHookAnswer{.verdict = WebHookAnswer::Verdict::allow};
  std::vector<std::string> asked_for;  // subjects
  Result<WebHookAnswer> ask(const WebHookQuestion& question) override {
    asked_for.push_back(question.subject);
    return answer;
  }
};

// Keeps what it is given in memory; its root has a key when the test gave it one.
class FakeGenerationStore final : public GenerationStore {
 public:
  Result<ca::Root> root() override { return unavailable("the root's key is in the safe"); }
  Status save(const ca::Generation& generation) override {
    saved.push_back(generation.number);
    return {};
  }
  Status make_current(int number) override {
    current = number;
    return {};
  }
  Result<std::uint64_t> highest_crl_number(int generation) override { return crl_numbers[generation]; }
  Status keep_crl_number(int generation, std::uint64_t number) override {
    if (!keeps_numbers) return unavailable("the disk is full");
    crl_numbers[generation] = number;
    return {};
  }
  std::vector<int> saved;
  int current = 1;
  std::map<int, std::uint64_t> crl_numbers;
  bool keeps_numbers = true;
};

// RSA keys take a moment to make: they are made once for the test program, and shared by reference.
const pki::PrivateKey& test_key(int number);

class TestHub {
 public:
  TestHub();

  testing::FakeClock clock;
  testing::FakeRandom random;
  testing::RecordingLog log;
  testing::MemoryLedger ledger;
  Keyring keyring;
  EndpointDirectory endpoints;
  FakeWebHook web_hook;
  FakeGenerationStore store;
  Context context;
  ScepService scep;
  CrlPublisher crls;
  EndpointEditor editor;

  void add_endpoint(std::string_view name, const std::vector<config::Setting>& settings);
  // The text of a fresh challenge bound to `binding`.
  SecretBytes mint(std::string_view endpoint, ca::ChallengeBinding binding = {});
  [[nodiscard]] std::vector<std::string> audit_actions();
  [[nodiscard]] std::vector<ca::CertificateRecord> certificates();
};

// What a device wants to say.
struct Say {
  scep::MessageType type = scep::MessageType::pkcs_request;
  std::string subject = "CN=device";
  std::vector<std::string> alternative_names = {};
  std::string challenge = {};
  std::string transaction_id = "t1";
  const pki::PrivateKey* request_key = nullptr;  // nothing: the device's own
  const pki::Certificate* issuer = nullptr;      // that GetCert and GetCRL name; nothing: the issuing CA
  pki::Cipher cipher = pki::Cipher::aes128;
  pki::Digest digest = pki::Digest::sha256;
};

class TestDevice {
 public:
  TestDevice(TestHub& hub, const pki::PrivateKey& key);

  // One message, and what came back. Keeps the certificate when one was granted to a PKCSReq, RenewalReq or CertPoll.
  Result<scep::Reply> say(std::string_view endpoint, const Say& say);
  [[nodiscard]] Bytes request_message(const Say& say);
  [[nodiscard]] const std::optional<pki::Certificate>& certificate() const { return certificate_; }
  // From now on it signs with `certificate`, or with its self-signed one.
  void sign_with(std::optional<pki::Certificate> certificate) { signer_ = std::move(certificate); }

 private:
  [[nodiscard]] const pki::Certificate& signer() const { return signer_ ? *signer_ : self_signed_; }
  Bytes content_of(const Say& say);

  TestHub& hub_;
  const pki::PrivateKey& key_;
  pki::Certificate self_signed_;
  std::optional<pki::Certificate> signer_;
  std::optional<pki::Certificate> certificate_;
};

// "granted", "pending" or "badRequest: text".
[[nodiscard]] std::string to_text(const Result<scep::Reply>& reply);

}  // namespace chancery::hub
