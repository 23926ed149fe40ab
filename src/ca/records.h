#pragma once

// What the authority keeps, and the narrow interfaces by which it reaches it. They are granted by store/hub; each
// object is a view inside one database transaction and must not outlive it.

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ca/challenge.h"
#include "pki/certificate.h"
#include "pki/crl.h"

namespace chancery::ca {

struct CertificateRecord {
  enum class State : std::uint8_t { intended, issued, revoked };
  pki::Serial serial;
  int generation = 1;
  std::string endpoint;
  State state = State::intended;
  std::string subject;                         // RFC 4514
  std::vector<std::string> alternative_names;  // "dns:…"
  pki::Validity validity;
  Bytes key_fingerprint;  // SHA-256 of the SubjectPublicKeyInfo
  Bytes tbs;              // what was approved, from the moment of the intent
  Bytes der;              // empty until issued
  Bytes fingerprint;      // SHA-256 of der
  std::optional<Timestamp> revoked_at;
  pki::RevocationReason reason = pki::RevocationReason::unspecified;
  std::string replaces;  // the serial (hex) of the certificate that this one renews
  Timestamp created;
  bool superseded = false;  // one that replaces it was issued, and is not revoked

  // Revoked with the reason certificateHold: the only one that can be undone (RFC 5280 section 5.3.1).
  [[nodiscard]] bool suspended() const {
    return state == State::revoked && reason == pki::RevocationReason::certificate_hold;
  }
};

// What a certificate is at a time, told in one word; each is exactly one of these.
enum class CertificateStatus : std::uint8_t {
  pending,     // an intent
  revoked,     // for good
  suspended,   // on hold, and on the CRL
  superseded,  // replaced by a newer one
  expired,     //
  expiring,    // ends within 30 days, and is in the last fifth of its life: it should have been renewed
  valid,       //
  current,     // in filters only: valid or expiring
};
inline constexpr Seconds expiring_window = std::chrono::days(30);
[[nodiscard]] CertificateStatus status_of(const CertificateRecord& record, Timestamp now);

// A page of a list.
struct CertificateFilter {
  enum class Sort : std::uint8_t { created, not_after, subject };
  std::optional<std::string> endpoint;
  std::optional<CertificateRecord::State> state;
  std::optional<CertificateStatus> status;  // at `now`
  std::string text;                         // as search_of() reads it (search_words.h); empty: any
  std::optional<Timestamp> expires_before;
  std::optional<Timestamp> expires_after;
  std::int64_t node = 0;  // only those that were issued for it (fleet::NodeId); 0: any
  std::string slot;       // of that node; empty: any
  // Only those that slots of its nodes use now; 0: those that no node of any cluster uses.
  std::optional<std::int64_t> cluster;
  std::int64_t after = 0;  // a row id from the page before; 0: first page
  int limit = 100;
  int most_visited = 20'000;  // what a page looks at, at most; a page that ends there may have fewer rows, or none
  Timestamp now = {};
  Sort sort = Sort::created;
  bool ascending = false;  // else newest, latest or last first
};
struct CertificatePage {
  std::vector<CertificateRecord> rows;  // without tbs and der
  std::int64_t next = 0;                // 0: no more
};

class Certificates {
 public:
  virtual ~Certificates() = default;
  // A serial that exists already is ErrorCode::conflict.
  virtual Status add_intent(const CertificateRecord& record) = 0;
  // Only from `intended`.
  virtual Status record_issued(const pki::Serial& serial, ByteView der, ByteView fingerprint) = 0;
  virtual Result<std::optional<CertificateRecord>> find(const pki::Serial& serial) = 0;
  // By the SHA-256 of its DER.
  virtual Result<std::optional<CertificateRecord>> find_by_fingerprint(ByteView fingerprint) = 0;
  // Whether find_by_fingerprint() would find one: for who need not read it.
  virtual Result<bool> knows(ByteView fingerprint) = 0;
  virtual Result<CertificatePage> list(const CertificateFilter& filter) = 0;
  // Only where not revoked yet, or on hold: else ErrorCode::conflict. An intent can be revoked, too: its signature may
  // exist. From now on the CRL of its generation is due (Crls::changes), as it is after a release.
  virtual Status revoke(const pki::Serial& serial, Timestamp at, pki::RevocationReason reason) = 0;
  // Only where on hold: else ErrorCode::conflict. It is again what it was before: an intent, or a certificate.
  virtual Status release(const pki::Serial& serial) = 0;
  // Without those that expired before then; with all that were revoked before the CA was taken over.
  virtual Result<std::vector<pki::RevokedEntry>> revoked(int generation, Timestamp expired_before) = 0;
  // What the CA of that generation had revoked before it was taken over: certificates that this ledger does not have,
  // and whose end is not known. ErrorCode::conflict when one was added already.
  virtual Status add_revoked_before(int generation, const std::vector<pki::RevokedEntry>& entries) = 0;
  // Valid certificates issued to that key.
  virtual Result<int> count_valid_for_key(ByteView key_fingerprint, Timestamp now) = 0;
  virtual Result<std::vector<CertificateRecord>> intents_before(Timestamp time) = 0;  // left by a crash
  // Those that renew that one directly, the oldest first, without tbs and der.
  virtual Result<std::vector<CertificateRecord>> renewals_of(const pki::Serial& serial) = 0;

  // Of the issued certificates that are neither revoked nor superseded: those that end in [from, before) …
  virtual Result<std::int64_t> count_current(Timestamp from, Timestamp before) = 0;
  // … and those of them that are `expiring` at `now` and end before then.
  virtual Result<std::int64_t> count_expiring(Timestamp now, Timestamp before) = 0;
};

// A page of a list, newest first.
struct ChallengeFilter {
  std::string endpoint;    // empty: any
  std::int64_t after = 0;  // `next` of the page before; 0: first page
  int limit = 100;
};
struct ChallengePage {
  std::vector<ChallengeRecord> rows;
  std::int64_t next = 0;  // 0: no more
};

class Challenges {
 public:
  virtual ~Challenges() = default;
  virtual Status add(const ChallengeRecord& record) = 0;
  virtual Result<std::optional<ChallengeRecord>> find(std::string_view id) = 0;
  // Marks it used if it is neither used nor expired: true when this call did. The rule is in the WHERE clause.
  virtual Result<bool> use(std::string_view id, Timestamp now, std::string_view serial_hex) = 0;
  // The id of the one that `used_by` used up: a serial, or "request 7".
  virtual Result<std::optional<std::string>> id_used_by(std::string_view used_by) = 0;
  // What `from` had used, `to` has: a request that takes another's place keeps what let that one in.
  virtual Status hand_over(std::string_view from, std::string_view to) = 0;
  virtual Result<ChallengePage> list(const ChallengeFilter& filter) = 0;
  virtual Result<bool> remove(std::string_view id) = 0;
  // But one of a node's whose request waits still. Where one led from a certificate to a node, the certificate leads
  // there by itself then.
  virtual Status remove_expired(Timestamp before) = 0;
};

struct CrlRecord {
  int generation = 1;
  std::uint64_t number = 0;
  Timestamp this_update, next_update;
  Bytes der;
};

// How often certificates of a generation were revoked or released, and how many of these changes its latest CRL has.
struct CrlChanges {
  std::int64_t made = 0;
  std::int64_t listed = 0;
  [[nodiscard]] bool due() const { return made != listed; }
};

class Crls {
 public:
  virtual ~Crls() = default;
  virtual Result<std::optional<CrlRecord>> latest(int generation) = 0;
  virtual Status add(const CrlRecord& record) = 0;
  virtual Result<CrlChanges> changes(int generation) = 0;
  // The CRL that is added in the same transaction has so many changes: as many as were made when its entries were read.
  virtual Status note_listed(int generation, std::int64_t changes) = 0;
};

}  // namespace chancery::ca
