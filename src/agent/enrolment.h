#pragma once

// From the wish for a certificate to the certificate in use, in steps that survive a restart: begin() keeps the key and
// the request, advance() does one exchange with the server and acts on its answer. Doing a step again does no harm: the
// same key and the same PKCS#10 go out under the same transactionID. So does a rejection, which somebody on the way can
// provoke: what was rejected stays pending until the same order brings a certificate, or another order takes its place.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/authority.h"
#include "agent/credential_folder.h"
#include "agent/key_maker.h"
#include "agent/scep_client.h"
#include "base/random.h"
#include "base/time.h"
#include "pki/general_name.h"
#include "pki/name.h"

namespace chancery::agent {

// What is wanted from the CA.
struct EnrolmentOrder {
  pki::Name subject;
  std::vector<pki::GeneralName> alternative_names;
  pki::KeySpec key;
  SecretBytes challenge;  // empty: none
  Source source;
};

// What became of it.
struct Installed {
  pki::Certificate certificate;
};
struct AwaitingApproval {};
using Outcome = std::variant<Installed, AwaitingApproval, scep::Rejected>;

struct EnrolmentOptions {
  bool accept_changed_names = false;
  AlgorithmFloor floor;
  KeyMaker* keys = nullptr;  // nothing: in memory
};

struct RenewalOrder {
  bool reuse_key = false;                // unless `key` is of another kind
  std::optional<pki::KeySpec> key = {};  // nothing: as the one in use
  bool server_offers_renewal = false;    // RenewalReq; else PKCSReq signed with the old certificate
  SecretBytes challenge = {};            // for servers that want one here, too (section 2.4)
  Source source;
  bool grace = false;  // also with a certificate that ended: the server's policy decides
};

class Enrolment {
 public:
  Enrolment(ScepClient& client, CredentialFolder& folder, Clock& clock, Random& random, EnrolmentOptions options)
      : client_(client), folder_(folder), clock_(clock), random_(random), options_(options) {}

  // The pending enrolment for this very order; nothing when none is pending. With another challenge than before, a new
  // request on the same key takes its place; without one, the challenge is not compared. What was pending for another
  // order is dropped if it was rejected, and else ErrorCode::conflict.
  Result<std::optional<PendingEnrolment>> resume(const EnrolmentOrder& order);
  // Makes a key and a request and keeps them. REQUIRES: none is pending.
  Result<PendingEnrolment> begin(const EnrolmentOrder& order);
  // The same for the next certificate in place of `active`, with its names. ErrorCode::refused when `active` ended,
  // unless the order asks for grace.
  Result<PendingEnrolment> begin_renewal(const Credential& active, const RenewalOrder& order);

  // A renewal that was asked for by RenewalReq, as a PKCSReq signed with the same certificate: what servers take that
  // are older than RFC 8894, some of which say they know Renewal. The key stays, the transaction is another one: the
  // same one each time, so that who provokes this on the way makes a device use up one renewal more, and no others.
  Status as_signed_request(PendingEnrolment& pending);
  // Back to what it was, in the transaction that it had, where that got no SCEP message for an answer: the server was
  // in trouble, and may well know RenewalReq.
  Status as_renewal_request(PendingEnrolment& pending, scep::TransactionId transaction_id);
  // Whether what advance() sent last was a RenewalReq that was answered by an HTTP error, as servers do that do not
  // know the message.
  [[nodiscard]] bool is_renewal_request_disliked(const PendingEnrolment& pending) const;
  // Whether no SCEP message came back for the request that advance() sent last, or for an earlier one of this type.
  [[nodiscard]] bool is_unanswered(const PendingEnrolment& pending) const;

  // One exchange. Installed: the certificate passed every check and is in use. Rejected, or an error: it stays pending,
  // to be tried again; after a rejection with the request itself, whoever was asked to approve it before.
  Result<Outcome> advance(PendingEnrolment& pending, const Authority& authority);

 private:
  Result<PendingEnrolment> keep(PendingEnrolment pending);
  Status send_as(PendingEnrolment& pending, scep::MessageType type, scep::TransactionId transaction_id);
  Result<PendingEnrolment> replace_request(PendingEnrolment pending, const EnrolmentOrder& order);
  Result<scep::Reply> ask(const PendingEnrolment& pending, const pki::CertificateRequest& request,
                          const pki::PrivateKey& signing_key, const Authority& authority);
  Result<Outcome> install(const PendingEnrolment& pending, const pki::CertificateRequest& request,
                          const pki::Bundle& bundle, const Authority& authority);

  ScepClient& client_;
  CredentialFolder& folder_;
  Clock& clock_;
  Random& random_;
  EnrolmentOptions options_;
};

// The pending renewal of `active`; nothing when none is pending. A rejected one is dropped after a day, or a tenth of
// the certificate's life, for a server may remember what it rejected; so is one with another challenge than the one
// given, and a rejected enrolment. ErrorCode::conflict when an enrolment is pending that was not rejected.
Result<std::optional<PendingEnrolment>> resume_renewal(CredentialFolder& folder, const Credential& active,
                                                       ByteView challenge, Timestamp now);

// Whether a pending enrolment is a renewal: signed by a certificate that a CA issued.
[[nodiscard]] bool is_renewal(const PendingEnrolment& pending);

// Whether the certificate that a pending enrolment asks for is in use: a crash came between that and finish().
[[nodiscard]] bool is_installed(const PendingEnrolment& pending, const Credential& active);

// The certificate a message is signed with when there is none yet (RFC 8894 section 2.3): self-signed, for a year.
Result<pki::Certificate> make_signer(const pki::PrivateKey& key, const pki::Name& subject, Timestamp now,
                                     Random& random);

}  // namespace chancery::agent
