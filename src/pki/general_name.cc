#include "pki/general_name.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "pki/name.h"
#include "pki/string_types.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;
using Kind = GeneralName::Kind;

struct KindRow {
  Kind kind;
  std::uint8_t tag;
  std::string_view word;
};

constexpr std::array<KindRow, 9> kinds = {{
    {Kind::other_name, tag::context_constructed(0), "othername"},
    {Kind::email, tag::context(1), "email"},
    {Kind::dns, tag::context(2), "dns"},
    {Kind::x400_address, tag::context_constructed(3), "x400"},
    {Kind::directory_name, tag::context_constructed(4), "dirname"},
    {Kind::edi_party_name, tag::context_constructed(5), "ediparty"},
    {Kind::uri, tag::context(6), "uri"},
    {Kind::ip, tag::context(7), "ip"},
    {Kind::registered_id, tag::context(8), "rid"},
}};

const KindRow& row_of(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }

constexpr std::size_t max_names = 256;

// The text of an IA5String. A NUL inside would end the name early for readers written in C.
Result<std::string> ia5_text(ByteView content, std::string_view what) {
  const std::string_view text = as_text(content);
  if (!is_ascii(text)) return invalid(fmt::format("{}: an octet above 0x7f", what));
  if (text.contains('\0')) return invalid(fmt::format("{}: a NUL octet", what));
  return std::string(text);
}

Result<std::string> ip_text(ByteView content) {
  char text[INET6_ADDRSTRLEN] = {};
  if (content.size() != 4 && content.size() != 16)
    return invalid(fmt::format("ip: an address of {} octets", content.size()));
  inet_ntop(content.size() == 4 ? AF_INET : AF_INET6, content.data(), text, sizeof text);
  return std::string(text);
}

Result<Bytes> ip_octets(const std::string& text) {
  Bytes octets(16);
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return octets;
  octets.resize(4);
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) return octets;
  return invalid(fmt::format("'{}' is not an IP address", text));
}

// OtherName (RFC 5280 section 4.2.1.6): an OID, and a value that is explicitly [0].
Result<std::string> other_name_text(ByteView content) {
  der::Reader reader(content);
  TRY(const Oid type, reader.oid("othername"));
  TRY(const der::Element wrapped, reader.expect(tag::context_constructed(0), "othername"));
  TRY_STATUS(reader.end("othername"));
  if (type == oids::microsoft_upn) {
    der::Reader inner(wrapped.content);
    TRY(const der::Element value, inner.expect(tag::utf8_string, "upn"));
    TRY_STATUS(inner.end("upn"));
    std::string text = "upn:";
    TRY_STATUS_IN("upn", append_utf8(text, value.tag, value.content));
    if (has_control_characters(text)) return invalid("upn: a control character");
    return text;
  }
  return type.dotted() + ":" + to_hex(wrapped.content);
}

Bytes other_name_content(const Oid& type, ByteView value) {
  der::Writer out;
  out.oid(type).constructed(tag::context_constructed(0), [&] { out.raw(value); });
  return out.take();
}

Result<Bytes> value_from_text(Kind kind, std::string_view text) {
  switch (kind) {
    case Kind::email:
    case Kind::dns:
    case Kind::uri:
      if (text.empty()) return invalid("an empty name");
      return to_bytes(as_bytes(text));
    case Kind::ip: return ip_octets(std::string(text));
    case Kind::directory_name: {
      TRY(const Name name, Name::from_text(text));
      return name.to_der();
    }
    case Kind::registered_id: {
      TRY(const Oid oid, Oid::from_dotted(text));
      return to_bytes(oid.der_content());
    }
    case Kind::other_name: {
      const std::size_t colon = text.find(':');
      if (colon == std::string_view::npos) return invalid("expected an object identifier, a colon and hexadecimal");
      TRY(const Oid type, Oid::from_dotted(text.substr(0, colon)));
      TRY(const Bytes value, from_hex(text.substr(colon + 1)));
      return other_name_content(type, value);
    }
    default: return invalid("a kind of name that has no text form");
  }
}

}  // namespace

bool GeneralName::matches(const GeneralName& other) const {
  if (kind != other.kind) return false;
  if (kind == Kind::dns) return ascii::equal_ignoring_case(text, other.text);
  if (kind == Kind::email) {
    const std::size_t at = text.rfind('@');
    if (at == std::string::npos || other.text.rfind('@') != at) return value == other.value;
    const std::string_view mine = text, theirs = other.text;
    return mine.substr(0, at) == theirs.substr(0, at) && ascii::equal_ignoring_case(mine.substr(at), theirs.substr(at));
  }
  return value == other.value;
}

bool holds(const std::vector<GeneralName>& names, const GeneralName& wanted) {
  return std::ranges::any_of(names, [&](const GeneralName& name) { return name.matches(wanted); });
}

bool same_names(const std::vector<GeneralName>& a, const std::vector<GeneralName>& b) {
  return std::ranges::all_of(a, [&](const GeneralName& name) { return holds(b, name); }) &&
         std::ranges::all_of(b, [&](const GeneralName& name) { return holds(a, name); });
}

Result<GeneralName> read_general_name(const der::Element& element) {
  const auto row = std::ranges::find(kinds, element.tag, &KindRow::tag);
  if (row == kinds.end()) return invalid(fmt::format("a general name with tag 0x{:02x}", element.tag));
  GeneralName name{.kind = row->kind, .value = to_bytes(element.content)};
  switch (name.kind) {
    case Kind::email:
    case Kind::dns:
    case Kind::uri: {
      TRY(name.text, ia5_text(element.content, row->word));
      break;
    }
    case Kind::ip: {
      TRY(name.text, ip_text(element.content));
      break;
    }
    case Kind::directory_name: {
      TRY_IN("dirname", const Name directory, Name::from_der(element.content));
      name.text = directory.to_text();
      break;
    }
    case Kind::registered_id: {
      TRY_IN("rid", const Oid oid, Oid::from_der_content(element.content));
      name.text = oid.dotted();
      break;
    }
    case Kind::other_name: {
      TRY(name.text, other_name_text(element.content));
      break;
    }
    case Kind::x400_address:
    case Kind::edi_party_name: name.text = to_hex(element.content); break;
  }
  return name;
}

Result<GeneralName> general_name_from_text(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  GeneralName name;
  if (word == "upn") {
    if (rest.empty() || !is_utf8(rest) || has_control_characters(rest)) return invalid("upn: expected user@host");
    der::Writer value;
    value.text(tag::utf8_string, rest);
    name.kind = Kind::other_name;
    name.value = other_name_content(oids::microsoft_upn, value.view());
  } else {
    const auto row = std::ranges::find(kinds, word, &KindRow::word);
    if (row == kinds.end() || colon == std::string_view::npos)
      return invalid(fmt::format("'{}' is not a name: expected dns:, ip:, email:, uri:, dirname:, rid: or upn:", text));
    name.kind = row->kind;
    TRY_IN(word, name.value, value_from_text(name.kind, rest));
  }
  // Reading back what will be written fills in the text and refuses what no reader would take.
  return read_general_name({.tag = row_of(name.kind).tag, .content = name.value});
}

std::string to_string(const GeneralName& name) {
  if (name.kind == Kind::other_name && name.text.starts_with("upn:")) return name.text;
  return fmt::format("{}:{}", to_string(name.kind), name.text);
}

std::string_view to_string(Kind kind) { return row_of(kind).word; }

Result<std::vector<GeneralName>> read_general_names(ByteView der, std::uint8_t tag) {
  TRY(const der::Element sequence, der::only_element(der, tag, "general names"));
  std::vector<GeneralName> names;
  der::Reader reader(sequence.content);
  if (reader.at_end()) return invalid("general names: none");
  while (!reader.at_end()) {
    if (names.size() == max_names) return invalid("general names: more than 256");
    TRY(const der::Element element, reader.any());
    auto name = read_general_name(element);
    if (!name) return std::unexpected(std::move(name).error());
    names.push_back(*std::move(name));
  }
  return names;
}

void write_general_names(der::Writer& out, const std::vector<GeneralName>& names, std::uint8_t tag) {
  out.constructed(tag, [&] {
    for (const GeneralName& name : names) write_general_name(out, name);
  });
}

void write_general_name(der::Writer& out, const GeneralName& name) { out.primitive(row_of(name.kind).tag, name.value); }

}  // namespace chancery::pki
