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
  };
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
  [[nodiscard]] int generation() const { return options_.generation; }

 private:
  Options options_;
  Random& random_;
  Bytes key_identifier_;
  pki::SignatureAlgorithm algorithm_;
  Bytes authority_key_extension_;
};

}  // namespace chancery::ca
