#include "hub/link_identity.h"

#include <fmt/format.h>

#include "hub/certificate_chain.h"

namespace chancery::hub {
namespace {

Status check_good(const Context& context, Books& books, const ca::CertificateRecord& record) {
  if (record.suspended()) return refused("the certificate is suspended");
  if (record.state == ca::CertificateRecord::State::revoked) return refused("the certificate is revoked");
  if (record.state != ca::CertificateRecord::State::issued) return refused("the certificate was not issued here");
  const Timestamp now = context.clock.now();
  if (now < record.validity.not_before) return refused("the certificate is not valid yet");
  TRY(auto shut_out, shut_out_by_later(books, record.serial));
  if (shut_out) return refused(*std::move(shut_out));
  if (now <= record.validity.not_after) return {};
  const Endpoint* endpoint = context.endpoints.find(record.endpoint);
  const Seconds grace = endpoint != nullptr ? endpoint->renewal_grace : Seconds(0);
  if (now - record.validity.not_after > grace)
    return refused(fmt::format("the certificate expired at {}", to_rfc3339(record.validity.not_after)));
  return {};
}

}  // namespace

Result<ca::CertificateRecord> link_certificate(Context& context, ByteView der) {
  const auto certificate = pki::Certificate::from_der(der);
  if (!certificate) return refused("the certificate cannot be read");
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS(context.ledger.read([&](Books& books) -> Status {
    TRY(record, books.certificates().find(certificate->serial()));
    if (!record || !equal(record->der, der)) return refused("the certificate was not issued here");
    return check_good(context, books, *record);
  }));
  return *std::move(record);
}

Status still_good(Context& context, Books& books, std::string_view serial) {
  TRY(const pki::Serial number, pki::Serial::from_hex(serial));
  TRY(const auto record, books.certificates().find(number));
  if (!record) return refused("the certificate was not issued here");
  return check_good(context, books, *record);
}

Result<std::optional<fleet::Place>> resolve_place(Books& books, const ca::CertificateRecord& record) {
  std::string serial = record.serial.hex();
  std::string replaces = record.replaces;
  for (std::size_t step = 0; step < longest_chain; ++step) {
    TRY(auto place, books.nodes().place_of(serial));
    if (!place) {
      TRY(place, books.nodes().place_by_challenge(serial));
    }
    if (place) return place;
    if (replaces.empty()) break;
    TRY(const pki::Serial number, pki::Serial::from_hex(replaces));
    TRY(const auto earlier, books.certificates().find(number));
    if (!earlier) break;
    serial = replaces;
    replaces = earlier->replaces;
  }
  return std::optional<fleet::Place>();
}

}  // namespace chancery::hub
