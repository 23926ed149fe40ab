#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/ascii.h"
#include "pki/name.h"
#include "pki/string_types.h"

// The text form of names: RFC 4514, and the one with slashes that OpenSSL prints.

namespace chancery::pki {
namespace {

namespace tag = der::tag;

struct Keyword {
  std::string_view text;
  Oid type;
};

// The first keyword of a type is the one that is written.
constexpr Keyword keywords[] = {
    {"CN", oids::common_name},
    {"C", oids::country},
    {"O", oids::organization},
    {"OU", oids::organizational_unit},
    {"L", oids::locality},
    {"ST", oids::state},
    {"STREET", oids::street},
    {"DC", oids::domain_component},
    {"UID", oids::user_id},
    {"serialNumber", oids::serial_number},
    {"emailAddress", oids::email_address},
    {"SN", oids::surname},
    {"GN", oids::given_name},
    {"title", oids::title},
    {"dnQualifier", oids::dn_qualifier},
    {"unstructuredName", oids::unstructured_name},
    {"unstructuredAddress", oids::unstructured_address},
    {"commonName", oids::common_name},
    {"countryName", oids::country},
    {"organizationName", oids::organization},
    {"organizationalUnitName", oids::organizational_unit},
    {"localityName", oids::locality},
    {"stateOrProvinceName", oids::state},
    {"S", oids::state},
    {"streetAddress", oids::street},
    {"domainComponent", oids::domain_component},
    {"userId", oids::user_id},
    {"E", oids::email_address},
    {"email", oids::email_address},
    {"surname", oids::surname},
    {"givenName", oids::given_name},
    {"G", oids::given_name},
};

constexpr std::size_t max_text = 32768;

std::string_view trim(std::string_view text) { return ascii::trimmed(text, " "); }

std::optional<Oid> type_from_text(std::string_view text) {
  if (text.size() > 4 && ascii::equal_ignoring_case(text.substr(0, 4), "OID.")) text.remove_prefix(4);
  if (text.empty()) return std::nullopt;
  if (text[0] < '0' || text[0] > '9') return type_of_keyword(text);
  const auto oid = Oid::from_dotted(text);
  return oid ? std::optional(*oid) : std::nullopt;
}

// Reads one text, from front to back.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text), slashes_(text.starts_with('/')) {
    if (slashes_) ++position_;
  }

  Result<std::vector<Name::RelativeName>> read() {
    std::vector<Name::RelativeName> names;
    while (names.empty() || !at_end()) {
      if (names.size() == Name::max_relative_names) return invalid("a name of more than 64 parts");
      TRY(names.emplace_back(), relative_name());
      if (at_end()) break;
      ++position_;
      if (at_end() && !slashes_) return invalid("the name ends with a comma");
    }
    const auto is_general = [](const Name::RelativeName& relative) {
      return relative[0].type == oids::country || relative[0].type == oids::domain_component;
    };
    const bool general_first = slashes_ || (is_general(names.front()) && !is_general(names.back()));
    if (!general_first) std::ranges::reverse(names);
    return names;
  }

 private:
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }

  // True when "TYPE=" stands at `position`: with slashes, only there does a slash or plus sign separate.
  [[nodiscard]] bool attribute_at(std::size_t position) const {
    const std::string_view rest = text_.substr(position);
    const std::size_t equals = rest.find('=');
    return equals != std::string_view::npos && type_from_text(trim(rest.substr(0, equals))).has_value();
  }
  [[nodiscard]] bool separator_here(char separator) const {
    if (at_end() || text_[position_] != separator) return false;
    return !slashes_ || attribute_at(position_ + 1) || (separator == '/' && position_ + 1 == text_.size());
  }
  [[nodiscard]] bool value_ends() const {
    return at_end() || separator_here('+') || separator_here(slashes_ ? '/' : ',');
  }

  Result<Name::RelativeName> relative_name() {
    Name::RelativeName relative;
    for (;;) {
      if (relative.size() == Name::max_attributes) return invalid("a relative name of more than 16 attributes");
      TRY(relative.emplace_back(), attribute());
      if (!separator_here('+')) return relative;
      ++position_;
    }
  }

  Result<NameAttribute> attribute() {
    const std::string_view rest = text_.substr(position_);
    const std::size_t equals = rest.find_first_of("=,");
    if (equals == std::string_view::npos || rest[equals] != '=')
      return invalid(fmt::format("expected TYPE=value, found '{}'", trim(rest.substr(0, equals))));
    const std::string_view word = trim(rest.substr(0, equals));
    const auto type = type_from_text(word);
    if (!type) return invalid(fmt::format("unknown name attribute '{}'", word));
    position_ += equals + 1;
    while (!at_end() && text_[position_] == ' ') ++position_;

    NameAttribute attribute{.type = *type, .encoding = string_type_of(*type)};
    if (!slashes_ && !at_end() && text_[position_] == '#') {
      TRY_STATUS_IN(word, encoded_value(attribute));
      return attribute;
    }
    if (!slashes_ && !at_end() && text_[position_] == '"') {
      TRY_STATUS_IN(word, quoted_value(attribute.value));
    } else {
      TRY_STATUS_IN(word, plain_value(attribute.value));
    }
    TRY_STATUS_IN(word, check_value(attribute));
    return attribute;
  }

  static Status check_value(const NameAttribute& attribute) {
    if (!is_utf8(attribute.value)) return invalid("the value is not UTF-8");
    if (has_control_characters(attribute.value)) return invalid("a control character");
    if (attribute.encoding == tag::printable_string && !is_printable_string(attribute.value))
      return invalid("only letters, digits, space and '()+,-./:=? can stand here");
    if (attribute.encoding == tag::ia5_string && !is_ascii(attribute.value))
      return invalid("only ASCII characters can stand here");
    return {};
  }

  // `#` and the hexadecimal form of an encoded element (RFC 4514 section 2.4).
  Status encoded_value(NameAttribute& attribute) {
    const std::size_t start = ++position_;
    while (!value_ends()) ++position_;
    auto bytes = from_hex(trim(text_.substr(start, position_ - start)));
    if (!bytes) return invalid("expected hexadecimal digits after '#'");
    der::Reader reader(*bytes);
    TRY(const der::Element element, reader.any());
    TRY_STATUS(reader.end("the value after '#'"));
    if (!is_string_type(element.tag)) {
      attribute.encoding = NameAttribute::raw;
      attribute.value = as_text(*bytes);
      return {};
    }
    attribute.encoding = element.tag;
    TRY_STATUS(append_utf8(attribute.value, element.tag, element.content));
    if (has_control_characters(attribute.value)) return invalid("a control character");
    return {};
  }

  // A value in quotation marks, as RFC 2253 still had it.
  Status quoted_value(std::string& value) {
    ++position_;
    for (;;) {
      if (at_end()) return invalid("the quotation mark does not close");
      const char c = text_[position_++];
      if (c == '"') break;
      if (c == '\\') {
        TRY_STATUS(escape(value));
      } else {
        value.push_back(c);
      }
    }
    while (!at_end() && text_[position_] == ' ') ++position_;
    if (!value_ends()) return invalid("unexpected text after the quotation mark");
    return {};
  }

  Status plain_value(std::string& value) {
    std::size_t keep = 0;  // what follows is spaces that nobody escaped
    while (!value_ends()) {
      const char c = text_[position_++];
      if (c == '\\') {
        TRY_STATUS(escape(value));
      } else {
        if (!slashes_ && std::string_view("\";<>").contains(c))
          return invalid(fmt::format("'{}' must be written as '\\{}'", c, c));
        value.push_back(c);
        if (c == ' ') continue;
      }
      keep = value.size();
    }
    value.resize(keep);
    return {};
  }

  // What follows a backslash: a special character, or two hexadecimal digits (RFC 4514 section 3).
  Status escape(std::string& value) {
    if (at_end()) return invalid("the text ends with a backslash");
    const char c = text_[position_];
    if (std::string_view(" \"#+,;<=>\\/").contains(c)) {
      value.push_back(c);
      ++position_;
      return {};
    }
    const int high = ascii::hex_value(c);
    const int low = position_ + 1 < text_.size() ? ascii::hex_value(text_[position_ + 1]) : -1;
    if (high < 0 || low < 0)
      return invalid("a backslash must stand before a special character or two hexadecimal digits");
    value.push_back(static_cast<char>(high * 16 + low));
    position_ += 2;
    return {};
  }

  std::string_view text_;
  std::size_t position_ = 0;
  bool slashes_;
};

void append_escaped(std::string& out, std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool leading = i == 0 && (c == ' ' || c == '#');
    const bool trailing = i + 1 == value.size() && c == ' ';
    if (leading || trailing || std::string_view("\"+,;<>\\").contains(c)) out.push_back('\\');
    // RFC 4514 section 2.4: the null character as its octet.
    out.append(c == '\0' ? std::string_view("\\00") : std::string_view(&c, 1));
  }
}

void append_attribute(std::string& out, const NameAttribute& attribute) {
  const auto keyword = std::ranges::find(keywords, attribute.type, &Keyword::type);
  const bool known = keyword != std::end(keywords);
  out.append(known ? std::string(keyword->text) : attribute.type.dotted());
  out.push_back('=');
  if (attribute.encoding == NameAttribute::raw) {
    out.append("#" + to_hex(as_bytes(attribute.value)));
  } else if (known) {
    append_escaped(out, attribute.value);
  } else {
    // RFC 4514 section 2.4: a type without keyword has its value as octets.
    der::Writer element;
    const auto content = encode_string(attribute.encoding, attribute.value);
    if (content)
      element.primitive(attribute.encoding, *content);
    else
      element.text(tag::utf8_string, attribute.value);
    out.append("#" + to_hex(element.view()));
  }
}

}  // namespace

Result<Name> Name::from_text(std::string_view text) {
  if (text.size() > max_text) return invalid("a name of more than 32 KiB");
  while (text.starts_with(' ')) text.remove_prefix(1);  // a space at the end may be an escaped one
  if (text.empty() || trim(text) == "/") return Name();
  TRY(auto names, TextReader(text).read());
  return Name(std::move(names));
}

std::string Name::to_text() const {
  std::string out;
  for (const RelativeName& relative : std::views::reverse(relative_names_)) {
    if (!out.empty()) out.push_back(',');
    for (std::size_t i = 0; i < relative.size(); ++i) {
      if (i != 0) out.push_back('+');
      append_attribute(out, relative[i]);
    }
  }
  return out;
}

std::string keyword_of(const Oid& type) {
  const auto keyword = std::ranges::find(keywords, type, &Keyword::type);
  return keyword != std::end(keywords) ? std::string(keyword->text) : type.dotted();
}

std::optional<Oid> type_of_keyword(std::string_view keyword) {
  const auto found = std::ranges::find_if(
      keywords, [&](const Keyword& known) { return ascii::equal_ignoring_case(known.text, keyword); });
  return found != std::end(keywords) ? std::optional(found->type) : std::nullopt;
}

std::uint8_t string_type_of(const Oid& type) {
  if (type == oids::country || type == oids::serial_number || type == oids::dn_qualifier) return tag::printable_string;
  if (type == oids::domain_component || type == oids::email_address) return tag::ia5_string;
  return tag::utf8_string;
}

}  // namespace chancery::pki
