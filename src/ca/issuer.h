#pragma once

// From what was asked to what is signed. docs/issuance-cycle.md tells the whole way: policy, lint, intent on disk,
// signature, result on disk, reply. This file is the part that knows the issuing key.

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ca/policy.h"
#include "pki/certificate.h"
#include "pki/key.h"

namespace chancery::ca {

// A certificate that passed policy and lint, but is not signed yet. Only Issuer::prepare() and Issuer::resume() make
// one, and Issuer::sign() takes it by value: what was linted is what is signed, at most once.
class Approved {
 public:
  Approved(Approved&&) = default;
  Approved& operator=(Approved&&) = default;
  Approved(const Approved&) = delete;
  Approved& operator=(const Approved&) = delete;

  [[nodiscard]] const pki::Serial& serial() const { return serial_; }
  [[nodiscard]] ByteView tbs() const { return tbs_; }
  [[nodiscard]] const pki::Validity& validity() const { return validity_; }
  [[nodiscard]] const std::string& subject_text() const { return subject_text_; }
  [[nodiscard]] const std::vector<std::string>& alternative_name_texts() const { return alternative_name_texts_; }
  [[nodiscard]] const Bytes& key_fingerprint() const { return key_fingerprint_; }
  [[nodiscard]] int generation() const { return generation_; }

 private:
  friend class Issuer;
  Approved() = default;

  pki::Serial serial_;
  Bytes tbs_;
  pki::Validity validity_;
  std::string subject_text_;
  std::vector<std::string> alternative_name_texts_;
  Bytes key_fingerprint_;
  int generation_ = 0;
};

// Where relying parties find what they need, written into certificates. Empty: the extension is left out.
struct PublicationUris {
  std::vector<std::string> crl;
  std::vector<std::string> ca_issuers;
  std::vector<std::string> ocsp;
};

// One generation's issuing key at work. Thread-safe. The references must outlive it.
class Issuer {
 public:
  struct Options {
    int generation = 1;
    const pki::Certificate& certificate;
    const pki::PrivateKey& key;
    PublicationUris publication;
    // SHA-256 of the SubjectPublicKeyInfo of the authority's other keys; lint's ca-key-reuse refuses them.
    std::vector<Bytes> authority_keys;
    // The CAs above this one, as far as they are held: lint holds what is issued to their constraints, too.
    std::vector<pki::Certificate> above = {};
  };
  // REQUIRES: the key is the certificate's (check_pair() in authority.h).
  Issuer(Options options, Random& random);

  // Applies `policy`, gives a 128-bit random serial, sets validity (back-dated, never before the issuer's notBefore or
  // after its notAfter: there lint refuses), SKI, AKI, KU, EKU, CRL and AIA pointers, and lints. A broken rule is
  // ErrorCode::refused.
  Result<Approved> prepare(const Policy& policy, const IssuanceRequest& request, Timestamp now) const;
  // Takes up an intent found on disk after a crash: `tbs` was approved then.
  Result<Approved> resume(Bytes tbs) const;
  // The only place where a device's certificate is signed.
  Result<pki::Certificate> sign(Approved approved) const;

  [[nodiscard]] const pki::Certificate& certificate() const { return options_.certificate; }
  [[nodiscard]] const std::vector<pki::Certificate>& above() const { return options_.above; }
  [[nodiscard]] int generation() const { return options_.generation; }

 private:
  [[nodiscard]] std::vector<pki::Extension> extensions_for(const Policy& policy, const IssuanceRequest& request,
                                                           bool empty_subject) const;

  Options options_;
  Random& random_;
  pki::SignatureAlgorithm algorithm_;
  // Encoded once: they are the same in every certificate of this generation, or of a kind of key.
  pki::Extension basic_constraints_;
  pki::Extension rsa_key_usage_;
  pki::Extension signing_key_usage_;
  std::vector<pki::Extension> issuer_pointers_;  // AKI, and CRL and AIA where there are URIs
};

// What certificates and CRLs of that CA say in their AKI: its subjectKeyIdentifier, so that both always match, or the
// hash of its key where it has none.
Result<Bytes> authority_key_identifier(const pki::Certificate& issuer);

// 128 random bits behind a fixed first octet 0x01: 17 octets, so positive, never shortened by leading zeros, within the
// 20 that RFC 5280 section 4.1.2.2 allows, and without giving a bit of entropy for the sign.
[[nodiscard]] pki::Serial make_serial(Random& random);

}  // namespace chancery::ca
