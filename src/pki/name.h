#pragma once

// Distinguished names (RFC 5280 section 4.1.2.4) and their text form (RFC 4514).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "pki/der.h"
#include "pki/oid.h"

namespace chancery::pki {

struct NameAttribute {
  // For values that are no string: `value` is then the whole encoded element, and its text form is "#" and hexadecimal.
  static constexpr std::uint8_t raw = 0;

  Oid type;
  std::string value;                              // UTF-8
  std::uint8_t encoding = der::tag::utf8_string;  // the string type it was sent in, or is to be written in
};

// A sequence of relative names, most general first, as encoded. Usually each has one attribute.
class Name {
 public:
  using RelativeName = std::vector<NameAttribute>;
  // A larger name is an error from from_der() and from_text().
  static constexpr std::size_t max_relative_names = 64;
  static constexpr std::size_t max_attributes = 16;  // of one relative name

  Name() = default;
  explicit Name(std::vector<RelativeName> relative_names) : relative_names_(std::move(relative_names)) {}

  // Reads one encoded Name. Takes every directory string type; invalid UTF-8 and control characters are errors.
  static Result<Name> from_der(ByteView der);
  // "CN=printer-7,O=Example, C=DE": RFC 4514 with a few freedoms people use (spaces after commas, lower-case keywords,
  // "/C=DE/O=Example/CN=x" as OpenSSL prints it). The order of the text is reversed into the encoding, as RFC 4514
  // says; a text that starts with C or DC and ends with something else is taken as already most general first (so a
  // name whose last part is a country does not survive the way through text). Values get PrintableString where RFC 5280
  // demands it (country, serialNumber, dnQualifier), IA5String for DC and e-mail, UTF8String otherwise.
  static Result<Name> from_text(std::string_view text);

  [[nodiscard]] Bytes to_der() const;
  // RFC 4514: most specific first, escaped: "CN=printer-7,O=Example\, Inc.".
  [[nodiscard]] std::string to_text() const;

  [[nodiscard]] bool empty() const { return relative_names_.empty(); }
  [[nodiscard]] const std::vector<RelativeName>& relative_names() const { return relative_names_; }
  // The last (most specific) value of that type.
  [[nodiscard]] std::optional<std::string> value_of(const Oid& type) const;
  [[nodiscard]] std::vector<std::string> values_of(const Oid& type) const;
  void add(const Oid& type, std::string value);

  // Equal as RFC 5280 section 7.1 compares: case-insensitive, inner white space folded, string types aside.
  [[nodiscard]] bool matches(const Name& other) const;

 private:
  std::vector<RelativeName> relative_names_;
};

// "CN", "O", … for a type that has a keyword, else its dotted form.
[[nodiscard]] std::string keyword_of(const Oid& type);
[[nodiscard]] std::optional<Oid> type_of_keyword(std::string_view keyword);
// The string type that RFC 5280 appendix A has for an attribute: its tag.
[[nodiscard]] std::uint8_t string_type_of(const Oid& type);

}  // namespace chancery::pki
