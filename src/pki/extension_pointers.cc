// Extensions that lead to the issuer: key identifiers, CRL distribution points, authority information access.

#include "pki/extensions.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t max_pointers = 64;

void write_uri(der::Writer& out, std::string_view uri) { out.text(tag::context(6), uri); }

// One DistributionPoint: the URIs of its fullName. A name relative to the issuer, reasons and cRLIssuer are passed
// over.
Status append_distribution_point(std::vector<std::string>& uris, der::Reader point) {
  TRY(const auto name, point.optional(tag::context_constructed(0)));
  TRY_STATUS(point.skip_optional(tag::context(1)));
  TRY_STATUS(point.skip_optional(tag::context_constructed(2)));
  TRY_STATUS(point.end("distribution point"));
  if (!name) return {};
  der::Reader choice = point.inside(*name);
  if (choice.peek() != tag::context_constructed(0)) return {};
  TRY(const auto names, read_general_names(choice.rest(), tag::context_constructed(0)));
  for (const GeneralName& full_name : names) {
    if (full_name.kind == GeneralName::Kind::uri) uris.push_back(full_name.text);
  }
  return {};
}

}  // namespace

Result<Bytes> read_subject_key_identifier(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::octet_string, "subjectKeyIdentifier"));
  return to_bytes(element.content);
}

Extension make_subject_key_identifier(ByteView key_identifier) {
  der::Writer out;
  out.octet_string(key_identifier);
  return {.oid = oids::subject_key_identifier, .value = out.take()};
}

Result<Bytes> read_authority_key_identifier(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::sequence, "authorityKeyIdentifier"));
  der::Reader reader(element.content);
  TRY(const auto key_identifier, reader.optional(tag::context(0)));
  TRY_STATUS(reader.skip_optional(tag::context_constructed(1)));
  TRY_STATUS(reader.skip_optional(tag::context(2)));
  TRY_STATUS(reader.end("authorityKeyIdentifier"));
  return key_identifier ? to_bytes(key_identifier->content) : Bytes();
}

Extension make_authority_key_identifier(ByteView key_identifier) {
  der::Writer out;
  out.sequence([&] { out.primitive(tag::context(0), key_identifier); });
  return {.oid = oids::authority_key_identifier, .value = out.take()};
}

Result<std::vector<std::string>> read_crl_distribution_points(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::sequence, "cRLDistributionPoints"));
  std::vector<std::string> uris;
  der::Reader reader(element.content);
  for (std::size_t count = 0; !reader.at_end(); ++count) {
    if (count == max_pointers) return invalid("cRLDistributionPoints: more than 64");
    TRY(const der::Reader point, reader.enter(tag::sequence, "distribution point"));
    TRY_STATUS_IN("cRLDistributionPoints", append_distribution_point(uris, point));
  }
  return uris;
}

Extension make_crl_distribution_points(const std::vector<std::string>& uris) {
  der::Writer out;
  out.sequence([&] {
    for (const std::string& uri : uris) {
      out.sequence([&] {
        out.constructed(tag::context_constructed(0),
                        [&] { out.constructed(tag::context_constructed(0), [&] { write_uri(out, uri); }); });
      });
    }
  });
  return {.oid = oids::crl_distribution_points, .value = out.take()};
}

Result<AuthorityInformationAccess> read_authority_information_access(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::sequence, "authorityInfoAccess"));
  AuthorityInformationAccess access;
  der::Reader reader(element.content);
  for (std::size_t count = 0; !reader.at_end(); ++count) {
    if (count == max_pointers) return invalid("authorityInfoAccess: more than 64");
    TRY(der::Reader description, reader.enter(tag::sequence, "access description"));
    TRY(const Oid method, description.oid("access method"));
    TRY(const der::Element location, description.any());
    TRY_STATUS(description.end("access description"));
    TRY_IN("authorityInfoAccess", GeneralName name, read_general_name(location));
    if (name.kind != GeneralName::Kind::uri) continue;
    if (method == oids::ocsp) access.ocsp.push_back(std::move(name.text));
    if (method == oids::ca_issuers) access.ca_issuers.push_back(std::move(name.text));
  }
  return access;
}

Extension make_authority_information_access(const AuthorityInformationAccess& access) {
  der::Writer out;
  const auto write = [&](const Oid& method, const std::string& uri) {
    out.sequence([&] {
      out.oid(method);
      write_uri(out, uri);
    });
  };
  out.sequence([&] {
    for (const std::string& uri : access.ocsp) write(oids::ocsp, uri);
    for (const std::string& uri : access.ca_issuers) write(oids::ca_issuers, uri);
  });
  return {.oid = oids::authority_information_access, .value = out.take()};
}

}  // namespace chancery::pki
