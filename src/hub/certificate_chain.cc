#include "hub/certificate_chain.h"

namespace chancery::hub {
namespace {

using State = ca::CertificateRecord::State;

// An intent that was never signed is in nobody's hands: to revoke it says nothing of the device.
bool shuts_out(const ca::CertificateRecord& later) {
  const bool is_signed = !later.fingerprint.empty();
  return later.state == State::revoked && is_signed && later.reason != pki::RevocationReason::superseded;
}

}  // namespace

Result<std::optional<std::string>> shut_out_by_later(Books& books, const pki::Serial& serial) {
  std::vector<pki::Serial> chain = {serial};
  for (std::size_t i = 0; i < chain.size(); ++i) {
    TRY(const std::vector<ca::CertificateRecord> renewals, books.certificates().renewals_of(chain[i]));
    for (const ca::CertificateRecord& later : renewals) {
      if (shuts_out(later))
        return std::string(later.suspended() ? "a later certificate of this device is suspended"
                                             : "a later certificate of this device is revoked");
      // Rather turned away than let in by what nobody looked at.
      if (chain.size() > longest_chain) return std::string("too many certificates came after this one");
      chain.push_back(later.serial);
    }
  }
  return std::nullopt;
}

Result<std::vector<ca::CertificateRecord>> earlier_of(Books& books, const ca::CertificateRecord& record) {
  std::vector<ca::CertificateRecord> earlier;
  std::string serial = record.replaces;
  while (!serial.empty() && earlier.size() < longest_chain) {
    TRY(const pki::Serial number, pki::Serial::from_hex(serial));
    TRY(auto found, books.certificates().find(number));
    if (!found) break;
    serial = found->replaces;
    earlier.push_back(*std::move(found));
  }
  return earlier;
}

Result<std::vector<ca::CertificateRecord>> open_earlier_of(Books& books, const ca::CertificateRecord& record,
                                                           Timestamp now) {
  TRY(std::vector<ca::CertificateRecord> earlier, earlier_of(books, record));
  std::erase_if(earlier, [&](const ca::CertificateRecord& each) {
    return each.validity.not_after < now || (each.state == State::revoked && !each.suspended());
  });
  return earlier;
}

void end_links(Ledger& ledger, Presence& presence, const std::string& revoked_serial) {
  std::vector<std::string> serials = {revoked_serial};
  // If it cannot be read, the earlier ones' links end with their next call.
  [[maybe_unused]] const Status read = ledger.read([&](Books& books) -> Status {
    TRY(const pki::Serial serial, pki::Serial::from_hex(revoked_serial));
    TRY(const auto record, books.certificates().find(serial));
    if (!record || !shuts_out(*record)) return {};
    TRY(const std::vector<ca::CertificateRecord> earlier, earlier_of(books, *record));
    for (const ca::CertificateRecord& each : earlier) serials.push_back(each.serial.hex());
    return {};
  });
  for (const std::string& serial : serials) presence.end(serial);
}

}  // namespace chancery::hub
