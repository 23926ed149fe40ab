#pragma once

// The certificates table.

#include "ca/records.h"
#include "store/hub/session.h"

namespace chancery::store {

class Certificates final : public ca::Certificates {
 public:
  explicit Certificates(Session& session) : session_(session) {}

  Status add_intent(const ca::CertificateRecord& record) override;
  Status record_issued(const pki::Serial& serial, ByteView der, ByteView fingerprint) override;
  Result<std::optional<ca::CertificateRecord>> find(const pki::Serial& serial) override;
  Result<ca::CertificatePage> list(const ca::CertificateFilter& filter) override;
  Status revoke(const pki::Serial& serial, Timestamp at, pki::RevocationReason reason) override;
  Status release(const pki::Serial& serial) override;
  Result<std::vector<pki::RevokedEntry>> revoked(int generation, Timestamp expired_before) override;
  Status add_revoked_before(int generation, const std::vector<pki::RevokedEntry>& entries) override;
  Result<int> count_valid_for_key(ByteView key_fingerprint, Timestamp now) override;
  Result<std::vector<ca::CertificateRecord>> intents_before(Timestamp time) override;
  Result<std::vector<ca::CertificateRecord>> renewals_of(const pki::Serial& serial) override;
  Result<std::optional<ca::CertificateRecord>> find_by_fingerprint(ByteView fingerprint) override;
  Result<bool> knows(ByteView fingerprint) override;
  Result<std::int64_t> count_current(Timestamp from, Timestamp before) override;
  Result<std::int64_t> count_expiring(Timestamp now, Timestamp before) override;

 private:
  // From now on it counts among those that end on its day, if it is one of these; after it is changed.
  Status count(const std::string& serial);
  // It does not count among those that end on its day any more, if it did; before it is changed.
  Status uncount(const std::string& serial);
  // The one that `serial` renews is superseded as long as one that renews it is good; after these are changed.
  Status weigh_replaced(const std::string& serial);
  // The CRL of its generation is due.
  Status note_change(const std::string& serial);
  // Why a change of that certificate changed nothing.
  Status why_unchanged(const std::string& serial, std::string_view refusal);

  Session& session_;
};

// Gives words to certificates that were written by a version that had none, in transactions of its own.
Status write_missing_words(sql::Connection& connection);

}  // namespace chancery::store
