#include "pki/content_info.h"

#include <fmt/format.h>

namespace chancery::pki {
namespace {

// What peers present may be longer than the 20 octets of RFC 5280.
constexpr std::size_t most_serial_octets = 64;

ByteView without_sign_octets(ByteView integer) {
  while (integer.size() > 1 && integer[0] == 0) integer = integer.subspan(1);
  return integer;
}

}  // namespace

Result<der::Reader> read_content_info(ByteView ber, const Oid& type, std::string_view what) {
  if (ber.size() > most_message_octets) return invalid(fmt::format("{}: more than 1 MiB", what));
  der::Reader outside(ber, der::Rules::ber);
  TRY_IN(what, der::Reader info, outside.enter(der::tag::sequence, "ContentInfo"));
  TRY_STATUS_IN(what, outside.end("the ContentInfo"));
  TRY_IN(what, const Oid found, info.oid("content type"));
  if (found != type) return invalid(fmt::format("{}: the message has the content type {}", what, found.dotted()));
  TRY_IN(what, der::Reader content, info.enter(der::tag::context_constructed(0), "content"));
  TRY_STATUS_IN(what, info.end("the content"));
  TRY_IN(what, der::Reader body, content.enter(der::tag::sequence, "content"));
  TRY_STATUS_IN(what, content.end("the content"));
  return body;
}

Result<Oid> read_content_type(ByteView ber) {
  der::Reader outside(ber, der::Rules::ber);
  TRY(der::Reader info, outside.enter(der::tag::sequence, "ContentInfo"));
  return info.oid("content type");
}

Result<Bytes> read_octets(der::Reader& reader, std::string_view what, std::uint8_t primitive_tag) {
  if (reader.at_end()) return invalid(fmt::format("{}: missing", what));
  TRY_IN(what, const der::Element element, reader.any());
  TRY_IN(what, Bytes octets, der::string_content(element, primitive_tag, reader.rules()));
  return octets;
}

Result<IssuerAndSerial> read_issuer_and_serial(der::Reader& reader) {
  TRY(der::Reader inner, reader.enter(der::tag::sequence, "issuer and serial number"));
  TRY(const der::Element issuer, inner.expect(der::tag::sequence, "issuer"));
  TRY(const ByteView serial, inner.integer("serial number", most_serial_octets));
  TRY_STATUS(inner.end("the serial number"));
  return IssuerAndSerial{.issuer_der = to_bytes(issuer.whole), .serial = {to_bytes(serial)}};
}

Result<IssuerAndSerial> read_issuer_and_serial(ByteView der) {
  der::Reader reader(der, der::Rules::ber);
  TRY(IssuerAndSerial value, read_issuer_and_serial(reader));
  TRY_STATUS(reader.end("the issuer and serial number"));
  return value;
}

Bytes write_issuer_and_serial(const IssuerAndSerial& value) {
  der::Writer out;
  out.sequence([&] {
    out.raw(value.issuer_der);
    out.primitive(der::tag::integer, value.serial.octets);
  });
  return out.take();
}

bool identifies(const IssuerAndSerial& name, const Certificate& certificate) {
  if (!equal(without_sign_octets(name.serial.octets), without_sign_octets(certificate.serial().octets))) return false;
  if (equal(name.issuer_der, certificate.issuer_der())) return true;
  const auto issuer = Name::from_der(name.issuer_der);
  return issuer && issuer->matches(certificate.issuer());
}

bool identifies(ByteView subject_key_identifier, const Certificate& certificate) {
  const Extension* extension = certificate.extension(oids::subject_key_identifier);
  if (extension == nullptr) return false;
  const auto value = der::only_element(extension->value, der::tag::octet_string, "subjectKeyIdentifier");
  return value && equal(value->content, subject_key_identifier);
}

}  // namespace chancery::pki
