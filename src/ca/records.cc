#include "ca/records.h"

namespace chancery::ca {

CertificateStatus status_of(const CertificateRecord& record, Timestamp now) {
  if (record.state == CertificateRecord::State::intended) return CertificateStatus::pending;
  if (record.suspended()) return CertificateStatus::suspended;
  if (record.state == CertificateRecord::State::revoked) return CertificateStatus::revoked;
  if (record.superseded) return CertificateStatus::superseded;
  const auto [begin, end] = record.validity;
  if (end < now) return CertificateStatus::expired;
  // Certificates that live for minutes are renewed when minutes are left: not each of them needs a person.
  if (end < now + expiring_window && (now - begin) * 5 >= (end - begin) * 4) return CertificateStatus::expiring;
  return CertificateStatus::valid;
}

}  // namespace chancery::ca
