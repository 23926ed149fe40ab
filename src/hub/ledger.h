#pragma once

// What the hub keeps, and the transactions in which it does. Granted by store/hub.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "ca/records.h"
#include "config/option_table.h"
#include "fleet/registry.h"
#include "hub/user_records.h"

namespace chancery::hub {

// A SCEP transaction is known by endpoint, signer key and transactionID, so that no client can squat on or probe
// another's.
struct TransactionKey {
  std::string endpoint;
  Bytes signer_key;      // SHA-256 of the signer's SubjectPublicKeyInfo; in a renewal, of its certificate
  Bytes transaction_id;  // as sent
};

// As what a request that waited used up its challenge.
[[nodiscard]] inline std::string used_by_request(std::int64_t id) { return "request " + std::to_string(id); }

struct TransactionRecord {
  enum class State : std::uint8_t { pending, issued, rejected };
  std::int64_t id = 0;  // given by the store; what `chancery request approve 17` names
  TransactionKey key;
  State state = State::pending;
  bool renewal = false;
  Bytes request_hash;   // SHA-256 of the PKCS#10
  Bytes request;        // the PKCS#10, sealed to the RA key (CMS EnvelopedData): it may hold a challengePassword
  std::string subject;  // RFC 4514, for lists
  std::vector<std::string> alternative_names;
  std::string key_type;  // "rsa:2048"
  std::string source;    // the peer's address
  std::string serial;    // hex: the certificate, from the intent on
  std::string replaces;  // hex: the certificate that a renewal renews
  std::string reason;    // why it waits, or was rejected
  int fail_info = 2;     // failInfo of a rejected one
  Timestamp created, updated;
};

class Transactions {
 public:
  virtual ~Transactions() = default;
  virtual Result<std::optional<TransactionRecord>> find(const TransactionKey& key) = 0;
  virtual Result<std::optional<TransactionRecord>> find(std::int64_t id) = 0;
  // The newest transaction of that key at that endpoint, whatever its transactionID.
  virtual Result<std::optional<TransactionRecord>> latest_for_key(std::string_view endpoint, ByteView signer_key) = 0;
  // How many certificates that are valid at `now` and not revoked came of transactions of that key, or of that
  // certificate, at that endpoint. Those that are about to be signed count.
  virtual Result<int> count_valid_issued(std::string_view endpoint, ByteView signer_key, Timestamp now) = 0;
  // Gives the id. A key that exists is ErrorCode::conflict.
  virtual Result<std::int64_t> add(const TransactionRecord& record) = 0;
  // From pending to issued: sets serial. Elsewhere ErrorCode::conflict.
  virtual Status approve(std::int64_t id, std::string_view serial, Timestamp at) = 0;
  virtual Status reject(std::int64_t id, int fail_info, std::string_view reason, Timestamp at) = 0;
  // Newest first; `state` nothing: all. `after` as in CertificateFilter.
  virtual Result<std::vector<TransactionRecord>> list(std::optional<TransactionRecord::State> state, std::int64_t after,
                                                      int limit) = 0;
  virtual Result<std::int64_t> count(TransactionRecord::State state) = 0;
  // Removes rejected transactions whose `updated` is before that time. Looks at no more than the 10,000 lowest ids
  // among the rejected, so that a call is short; the next call goes on. The highest id of all stays: no id is given
  // twice.
  virtual Status forget(Timestamp rejected_before) = 0;
};

// An endpoint as stored: what its settings mean is endpoint_options.h's business.
struct StoredEndpoint {
  std::string name;
  std::vector<config::Setting> settings;
};

class Endpoints {
 public:
  virtual ~Endpoints() = default;
  virtual Result<std::vector<StoredEndpoint>> all() = 0;  // by name
  virtual Status put(const StoredEndpoint& endpoint) = 0;
  virtual Result<bool> remove(std::string_view name) = 0;
};

// One line of the audit trail. Its hash covers the line before: hash = SHA-256(previous hash || canonical JSON).
struct AuditEvent {
  std::int64_t sequence = 0;  // given by the store, without gaps, from 1
  Timestamp at;
  std::string actor;    // "scep 10.0.0.7", "admin root"
  std::string action;   // "certificate.issued"
  std::string subject;  // what it was done to: a serial, an endpoint, a request's number
  std::vector<std::pair<std::string, std::string>> details;
  Bytes hash;
};

// How far a check of the trail has come.
struct AuditProof {
  std::int64_t events = 0;  // so many fit together
  Bytes hash;               // of the last of them
  bool whole = false;       // and it is the last that was written
};

// A page of a search in the audit trail, in the order of time and sequence. What is set must hold.
struct AuditFilter {
  std::string action, actor, subject;  // exactly this one
  std::string text;  // the subject is this, or the actor, with or without the door: "anna", "user anna"
  std::optional<Timestamp> since, until;  // from the one on, before the other
  bool newest_first = false;
  std::int64_t after = 0;  // the sequence that the page before ended with; 0: the first page
  int limit = 100;

  [[nodiscard]] bool is_set() const {
    return !action.empty() || !actor.empty() || !subject.empty() || !text.empty() || since || until;
  }
};
struct AuditPage {
  std::vector<AuditEvent> events;  // fewer than `limit`, or none, where many were looked at in vain
  std::int64_t next = 0;           // `after` of the next page; 0: there is none
};
// Who it may be that is called `name`: an actor is called by the door that was used, and a name.
[[nodiscard]] std::vector<std::string> actors_called(std::string_view name);

class AuditTrail {
 public:
  virtual ~AuditTrail() = default;
  virtual Status append(const AuditEvent& event) = 0;
  virtual Result<std::vector<AuditEvent>> list(std::int64_t after,
                                               int limit) = 0;  // oldest first, after a sequence number
  // Newest first, before that sequence number; 0: the newest.
  virtual Result<std::vector<AuditEvent>> newest(std::int64_t before, int limit) = 0;
  // Looks at no more than some thousand events.
  virtual Result<AuditPage> find(const AuditFilter& filter) = 0;
  // Walks on over some thousand events. `conflict` names the first that does not fit.
  virtual Result<AuditProof> verify(const AuditProof& so_far) = 0;
  // All of them; gives their number.
  Result<std::int64_t> verify() {
    AuditProof proof;
    while (!proof.whole) {
      TRY(proof, verify(proof));
    }
    return proof.events;
  }
};

// Everything that one transaction can reach.
class Books {
 public:
  virtual ~Books() = default;
  virtual ca::Certificates& certificates() = 0;
  virtual ca::Challenges& challenges() = 0;
  virtual ca::Crls& crls() = 0;
  virtual Transactions& transactions() = 0;
  virtual Endpoints& endpoints() = 0;
  virtual AuditTrail& audit() = 0;
  virtual Users& users() = 0;
  virtual Sessions& sessions() = 0;
  virtual fleet::Nodes& nodes() = 0;
  virtual fleet::Inventories& inventories() = 0;
  virtual fleet::Clusters& clusters() = 0;
  virtual fleet::Orders& orders() = 0;
};

class Ledger {
 public:
  virtual ~Ledger() = default;
  // Runs `work` in a transaction and returns when it is durable. An error from `work` undoes all that it did.
  // ErrorCode::unavailable: the disk is full, the database locked: nothing was written, trying again may help. Blocks
  // the calling thread; transactions of several threads share a commit. `work` may be run more than once, each time
  // with what it did before undone: it must set what it captured anew, and move nothing out of it.
  virtual Status write(const std::function<Status(Books&)>& work) = 0;
  // Runs `work` on a consistent snapshot. What `work` writes is an error.
  virtual Status read(const std::function<Status(Books&)>& work) = 0;
};

}  // namespace chancery::hub
