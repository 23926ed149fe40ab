#include "pki/extensions.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t max_extensions = 64;
constexpr std::size_t max_purposes = 64;

template <class Body>
Extension encode(const Oid& oid, bool critical, Body&& body) {
  der::Writer out;
  body(out);
  return {.oid = oid, .critical = critical, .value = out.take()};
}

// In the order of their bit numbers.
constexpr bool KeyUsage::* usage_bits[] = {
    &KeyUsage::digital_signature, &KeyUsage::content_commitment, &KeyUsage::key_encipherment,
    &KeyUsage::data_encipherment, &KeyUsage::key_agreement,      &KeyUsage::key_cert_sign,
    &KeyUsage::crl_sign,          &KeyUsage::encipher_only,      &KeyUsage::decipher_only,
};

struct Purpose {
  std::string_view text;
  Oid oid;
};

constexpr Purpose known_purposes[] = {
    {"serverAuth", oids::server_auth},
    {"clientAuth", oids::client_auth},
    {"codeSigning", oids::code_signing},
    {"emailProtection", oids::email_protection},
    {"timeStamping", Oid::of("1.3.6.1.5.5.7.3.8")},
    {"OCSPSigning", oids::ocsp_signing},
    {"eapOverLAN", oids::eap_over_lan},
    {"ipsecEndSystem", Oid::of("1.3.6.1.5.5.7.3.5")},
    {"ipsecTunnel", Oid::of("1.3.6.1.5.5.7.3.6")},
    {"ipsecUser", Oid::of("1.3.6.1.5.5.7.3.7")},
    {"ipsecIKE", oids::ipsec_ike},
    {"sipDomain", oids::sip_domain},
    {"smartcardLogon", Oid::of("1.3.6.1.4.1.311.20.2.2")},
    {"anyExtendedKeyUsage", Oid::of("2.5.29.37.0")},
};

}  // namespace

Result<std::vector<Extension>> read_extensions(ByteView der) {
  TRY(const der::Element sequence, der::only_element(der, tag::sequence, "extensions"));
  std::vector<Extension> extensions;
  extensions.reserve(8);
  der::Reader reader(sequence.content);
  while (!reader.at_end()) {
    if (extensions.size() == max_extensions) return invalid("extensions: more than 64");
    TRY(der::Reader inner, reader.enter(tag::sequence, "extension"));
    TRY(const Oid oid, inner.oid("extension"));
    if (find_extension(extensions, oid) != nullptr) return invalid(fmt::format("extension {} twice", oid.dotted()));
    bool critical = false;
    // DER leaves FALSE out because it is the default; some write it all the same.
    if (inner.peek() == tag::boolean) {
      TRY(critical, inner.boolean("extension"));
    }
    TRY(const ByteView value, inner.octet_string("extension"));
    TRY_STATUS(inner.end("extension"));
    extensions.push_back({.oid = oid, .critical = critical, .value = to_bytes(value)});
  }
  return extensions;
}

void write_extensions(der::Writer& out, const std::vector<Extension>& extensions) {
  out.sequence([&] {
    for (const Extension& extension : extensions) {
      out.sequence([&] {
        out.oid(extension.oid);
        if (extension.critical) out.boolean(true);
        out.octet_string(extension.value);
      });
    }
  });
}

const Extension* find_extension(const std::vector<Extension>& extensions, const Oid& oid) {
  const auto found = std::ranges::find(extensions, oid, &Extension::oid);
  return found == extensions.end() ? nullptr : &*found;
}

Result<KeyUsage> read_key_usage(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::bit_string, "keyUsage"));
  const ByteView content = element.content;
  // The first octet counts the unused bits of the last one (X.690 section 8.6.2).
  if (content.empty() || content[0] > 7 || (content.size() == 1 && content[0] != 0))
    return invalid("keyUsage: not a bit string");
  KeyUsage usage;
  for (std::size_t bit = 0; bit < std::size(usage_bits); ++bit) {
    const std::size_t octet = 1 + bit / 8;
    if (octet < content.size()) usage.*usage_bits[bit] = (content[octet] & (0x80 >> (bit % 8))) != 0;
  }
  return usage;
}

Extension make_key_usage(const KeyUsage& usage) {
  // A named bit list has no trailing zero bits in DER (X.690 section 11.2.2).
  Bytes content{0};
  for (std::size_t bit = 0; bit < std::size(usage_bits); ++bit) {
    if (!(usage.*usage_bits[bit])) continue;
    content.resize(2 + bit / 8);
    content.back() = static_cast<std::uint8_t>(content.back() | 0x80 >> (bit % 8));
    content[0] = static_cast<std::uint8_t>(7 - bit % 8);
  }
  return encode(oids::key_usage, true, [&](der::Writer& out) { out.primitive(tag::bit_string, content); });
}

Result<BasicConstraints> read_basic_constraints(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::sequence, "basicConstraints"));
  der::Reader reader(element.content);
  BasicConstraints constraints;
  if (reader.peek() == tag::boolean) {
    TRY(constraints.ca, reader.boolean("basicConstraints"));
  }
  if (reader.peek() == tag::integer) {
    TRY(constraints.path_length, reader.small_integer("basicConstraints"));
  }
  TRY_STATUS(reader.end("basicConstraints"));
  return constraints;
}

Extension make_basic_constraints(const BasicConstraints& constraints) {
  return encode(oids::basic_constraints, true, [&](der::Writer& out) {
    out.sequence([&] {
      if (constraints.ca) out.boolean(true);
      if (constraints.path_length) out.small_integer(*constraints.path_length);
    });
  });
}

Result<std::vector<Oid>> read_extended_key_usage(ByteView value) {
  TRY(const der::Element element, der::only_element(value, tag::sequence, "extKeyUsage"));
  std::vector<Oid> found;
  der::Reader reader(element.content);
  if (reader.at_end()) return invalid("extKeyUsage: no purpose");
  while (!reader.at_end()) {
    if (found.size() == max_purposes) return invalid("extKeyUsage: more than 64 purposes");
    TRY(found.emplace_back(), reader.oid("extKeyUsage"));
  }
  return found;
}

Extension make_extended_key_usage(const std::vector<Oid>& purposes) {
  return encode(oids::extended_key_usage, false, [&](der::Writer& out) {
    out.sequence([&] {
      for (const Oid& purpose : purposes) out.oid(purpose);
    });
  });
}

Result<Oid> extended_key_usage_from_text(std::string_view text) {
  const auto found = std::ranges::find(known_purposes, text, &Purpose::text);
  if (found != std::end(known_purposes)) return found->oid;
  if (auto oid = Oid::from_dotted(text)) return *oid;
  return invalid(
      fmt::format("'{}' is not an extended key usage: expected serverAuth, clientAuth, … or dotted numbers", text));
}

std::string extended_key_usage_text(const Oid& purpose) {
  const auto found = std::ranges::find(known_purposes, purpose, &Purpose::oid);
  return found != std::end(known_purposes) ? std::string(found->text) : purpose.dotted();
}

Extension make_subject_alternative_name(const std::vector<GeneralName>& names, bool critical) {
  return encode(oids::subject_alternative_name, critical, [&](der::Writer& out) { write_general_names(out, names); });
}

}  // namespace chancery::pki
