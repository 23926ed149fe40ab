#pragma once

// The outermost frame of every CMS message (RFC 5652 section 3), and what messages read and write alike.

#include <string_view>

#include "base/bytes.h"
#include "pki/der.h"
#include "pki/oid.h"
#include "pki/signed_data.h"

namespace chancery::pki {

// No message of SCEP comes near.
inline constexpr std::size_t most_message_octets = std::size_t{1} << 20;

// A reader, under BER, of the content of the SEQUENCE that a ContentInfo of type `type` holds. `what` names it in
// errors: "SignedData".
Result<der::Reader> read_content_info(ByteView ber, const Oid& type, std::string_view what);

// The type of the content that a ContentInfo holds, whatever is in it.
Result<Oid> read_content_type(ByteView ber);

// ContentInfo { type, [0] SEQUENCE { body } }.
template <class Body>
Bytes write_content_info(const Oid& type, Body&& body) {
  der::Writer out;
  out.sequence([&] {
    out.oid(type);
    out.constructed(der::tag::context_constructed(0), [&] { out.sequence([&] { body(out); }); });
  });
  return out.take();
}

// The next element, which is an OCTET STRING in one piece or in several. `primitive_tag` is another one for [n]
// IMPLICIT.
Result<Bytes> read_octets(der::Reader& reader, std::string_view what,
                          std::uint8_t primitive_tag = der::tag::octet_string);

// IssuerAndSerialNumber as the next element.
Result<IssuerAndSerial> read_issuer_and_serial(der::Reader& reader);

// True when `name` is the certificate's issuer and serial number. Lenient in how the issuer's strings are encoded and
// in a sign octet too many, since some clients write both anew instead of copying them.
[[nodiscard]] bool identifies(const IssuerAndSerial& name, const Certificate& certificate);
// True when the certificate's subjectKeyIdentifier extension has this value.
[[nodiscard]] bool identifies(ByteView subject_key_identifier, const Certificate& certificate);

}  // namespace chancery::pki
