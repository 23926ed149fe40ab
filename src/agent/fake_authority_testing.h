#pragma once

// A SCEP server in the same process, with the keys of vectors/scep, that can be made to answer wrongly; a folder in
// memory; and a fault that strikes at a chosen step. Implemented in fake_authority_test.cc.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/credential_folder.h"
#include "agent/enrolment.h"
#include "agent/transport.h"
#include "pki/crl.h"
#include "scep/reply.h"
#include "scep/request.h"
#include "testing/fakes.h"

namespace chancery::agent {

// Fails the step with this number (1: the first one from now), before or after it did its work: what a process sees of
// its own end, and what it leaves.
class Fault {
 public:
  void strike_at(int step, bool after) {
    left_ = step;
    after_ = after;
  }
  void never() { left_ = 0; }
  // True once, at the chosen step.
  [[nodiscard]] bool strikes_before() { return due(false); }
  [[nodiscard]] bool strikes_after() { return due(true); }
  [[nodiscard]] bool struck() const { return struck_; }

 private:
  bool due(bool after);

  int left_ = 0;
  bool after_ = false;
  bool struck_ = false;
};

struct TestParty {
  pki::PrivateKey key;
  pki::Certificate certificate;
  [[nodiscard]] scep::Identity identity() const { return {certificate, key}; }
};
[[nodiscard]] TestParty test_party(std::string_view name);  // root, ca, ra, client

class FakeAuthority final : public Transport {
 public:
  FakeAuthority(Clock& clock, Random& random);

  // What it says and does. A test changes what it wants to try.
  std::string capabilities = "AES\nPOSTPKIOperation\nRenewal\nSHA-256\nSCEPStandard\n";
  std::vector<Bytes> certificates;                                       // ra, ca, root
  std::optional<unsigned> status;                                        // of every answer
  std::function<std::optional<unsigned>(scep::MessageType)> status_for;  // of answers to such messages
  bool approved = true;                                                  // false: PENDING
  std::optional<scep::Rejected> reject;
  std::function<bool(scep::MessageType)> refuse;  // which requests, with badRequest
  bool refuse_signers = false;                    // and those that one of its certificates signed
  // Says FAILURE after it did what was asked: what a device sees when somebody on the way lets its request through and
  // then hands it the answer to garbage under the same transactionID and nonce.
  std::optional<scep::Rejected> provoked;
  std::optional<unsigned> provoked_status;  // the same, and the device sees an HTTP error
  std::function<void(scep::ReplyTo&)> change_reply;
  std::function<void(pki::CertificateContent&)> change_certificate;
  std::function<void(pki::Bundle&)> change_bundle;
  std::function<void(pki::CrlContent&)> change_crl;
  pki::Digest certificate_digest = pki::Digest::sha256;
  const TestParty* issuer = nullptr;  // of certificates and CRLs; the CA
  const TestParty* signer = nullptr;  // of replies; the RA
  Fault* fault = nullptr;             // an exchange is a step, too

  // What it saw: "GET GetCACaps", "POST PKCSReq" …
  std::vector<std::string> seen;
  std::vector<Bytes> issued;
  std::optional<pki::CertificateRequest> last_request;

  TestParty root, ca, ra;

  Result<TransportReply> get(std::string_view operation, std::string_view message) override;
  Result<TransportReply> post(ByteView message) override;

 private:
  struct Transaction {
    Bytes request;
    Bytes certificate;  // empty: waits for approval
  };

  Result<TransportReply> operate(std::string_view method, ByteView message);
  Result<Bytes> answer(const scep::PkiMessage& message, const scep::RequestContent& content);
  Result<Bytes> enrol(const scep::PkiMessage& message, const pki::CertificateRequest& request);
  Result<Bytes> conclude(const scep::PkiMessage& message, Transaction& transaction);
  Result<Bytes> give_crl(const scep::PkiMessage& message);
  Result<Bytes> grant(const scep::PkiMessage& message, pki::Bundle bundle, ByteView password);
  Result<Bytes> fail(const scep::PkiMessage& message, scep::FailInfo info, std::string_view text);
  [[nodiscard]] scep::ReplyTo reply_to(const scep::PkiMessage& message) const;
  [[nodiscard]] const TestParty& replier() const { return signer != nullptr ? *signer : ra; }

  Clock& clock_;
  Random& random_;
  std::map<std::string, Transaction> transactions_;
};

// Keeps what it is given, also across "restarts".
class MemoryFolder final : public CredentialFolder {
 public:
  Fault* fault = nullptr;

  Result<std::optional<Credential>> active() override;
  Status activate(const NewCredential& credential) override;
  Result<std::optional<PendingEnrolment>> pending() override;
  Status begin(const PendingEnrolment& pending) override;
  Status mark(LastAnswer answer) override;
  Status send_as(scep::MessageType type, const scep::TransactionId& transaction_id) override;
  Status finish() override;

 private:
  Status step(const std::function<void()>& work);

  std::function<Credential()> active_;
  std::function<PendingEnrolment()> pending_;
  LastAnswer last_answer_ = LastAnswer::none;
};

// A device that can be switched off at any time: what it keeps is in the folder.
class TestDevice {
 public:
  TestDevice();

  testing::FakeClock clock;
  testing::FakeRandom random;
  FakeAuthority server;
  MemoryFolder folder;
  ScepClientOptions client_options;
  EnrolmentOptions options;

  [[nodiscard]] EnrolmentOrder order(std::string_view key = "ec:p256") const;
  [[nodiscard]] Pin pin() const { return {.fingerprint = server.root.certificate.fingerprint()}; }
  // The whole of `enroll`, `poll` and `renew`, once.
  Result<Outcome> enroll(const EnrolmentOrder& order);
  Result<Outcome> poll();
  Result<Outcome> renew(bool reuse_key = false);

  std::string challenge = "test-challenge";
  std::string renewal_challenge;

 private:
  Result<Outcome> advance(ScepClient& client, Enrolment& enrolment, PendingEnrolment& pending);
};

// "installed", "awaiting approval", "rejected: badRequest: text" or "error: text".
[[nodiscard]] std::string to_text(const Result<Outcome>& outcome);

}  // namespace chancery::agent
