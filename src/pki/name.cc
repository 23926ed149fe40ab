#include "pki/name.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "pki/string_types.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

Result<NameAttribute> read_attribute(der::Reader& set) {
  TRY(der::Reader pair, set.enter(tag::sequence, "name attribute"));
  NameAttribute attribute;
  TRY(attribute.type, pair.oid("name attribute type"));
  TRY(const der::Element value, pair.any());
  TRY_STATUS(pair.end("name attribute"));
  if (!is_string_type(value.tag)) {
    attribute.encoding = NameAttribute::raw;
    attribute.value = as_text(value.whole);
    return attribute;
  }
  attribute.encoding = value.tag;
  TRY_STATUS_IN(keyword_of(attribute.type), append_utf8(attribute.value, value.tag, value.content));
  if (has_control_characters(attribute.value))
    return std::unexpected(invalid("a control character").error().in(keyword_of(attribute.type)));
  return attribute;
}

void write_attribute(der::Writer& out, const NameAttribute& attribute) {
  out.sequence([&] {
    out.oid(attribute.type);
    if (attribute.encoding == NameAttribute::raw) {
      out.raw(as_bytes(attribute.value));
    } else if (const auto content = encode_string(attribute.encoding, attribute.value)) {
      out.primitive(attribute.encoding, *content);
    } else {
      out.text(tag::utf8_string, attribute.value);
    }
  });
}

// Steps through a value as RFC 5280 section 7.1 compares it: no outer white space, inner white space as one space.
class FoldedText {
 public:
  explicit FoldedText(std::string_view text) : text_(text) { skip_spaces(); }
  // The next character; 0 at the end, which no value contains.
  char next() {
    if (position_ == text_.size()) return 0;
    if (text_[position_] != ' ') return ascii::lower(text_[position_++]);
    skip_spaces();
    return position_ == text_.size() ? '\0' : ' ';
  }

 private:
  void skip_spaces() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  std::string_view text_;
  std::size_t position_ = 0;
};

bool same_attribute(const NameAttribute& a, const NameAttribute& b) {
  if (a.type != b.type) return false;
  if (a.encoding == NameAttribute::raw || b.encoding == NameAttribute::raw)
    return a.encoding == b.encoding && a.value == b.value;
  if (a.value == b.value) return true;
  FoldedText left(a.value), right(b.value);
  for (;;) {
    const char c = left.next();
    if (c != right.next()) return false;
    if (c == 0) return true;
  }
}

}  // namespace

Result<Name> Name::from_der(ByteView bytes) {
  TRY(const der::Element element, der::only_element(bytes, tag::sequence, "name"));
  Name name;
  name.relative_names_.reserve(4);
  der::Reader sets(element.content);
  while (!sets.at_end()) {
    if (name.relative_names_.size() == max_relative_names) return invalid("a name of more than 64 parts");
    TRY(der::Reader set, sets.enter(tag::set, "relative name"));
    if (set.at_end()) return invalid("a relative name without attributes");
    RelativeName& relative = name.relative_names_.emplace_back();
    while (!set.at_end()) {
      if (relative.size() == max_attributes) return invalid("a relative name of more than 16 attributes");
      auto attribute = read_attribute(set);
      if (!attribute) return std::unexpected(std::move(attribute).error());
      relative.push_back(*std::move(attribute));
    }
  }
  return name;
}

Bytes Name::to_der() const {
  der::Writer out;
  out.sequence([&] {
    for (const RelativeName& relative : relative_names_) {
      const auto body = [&] {
        for (const NameAttribute& attribute : relative) write_attribute(out, attribute);
      };
      if (relative.size() == 1)
        out.constructed(tag::set, body);
      else
        out.set_of(body);
    }
  });
  return out.take();
}

std::optional<std::string> Name::value_of(const Oid& type) const {
  auto values = values_of(type);
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

std::vector<std::string> Name::values_of(const Oid& type) const {
  std::vector<std::string> values;
  for (const RelativeName& relative : relative_names_) {
    for (const NameAttribute& attribute : relative) {
      if (attribute.type == type && attribute.encoding != NameAttribute::raw) values.push_back(attribute.value);
    }
  }
  return values;
}

void Name::add(const Oid& type, std::string value) {
  std::uint8_t encoding = string_type_of(type);
  const bool fits = encoding == tag::printable_string ? is_printable_string(value) : is_ascii(value);
  if (!fits) encoding = tag::utf8_string;
  relative_names_.push_back({NameAttribute{type, std::move(value), encoding}});
}

bool Name::matches(const Name& other) const {
  return std::ranges::equal(relative_names_, other.relative_names_, [](const RelativeName& a, const RelativeName& b) {
    if (a.size() == 1 && b.size() == 1) return same_attribute(a[0], b[0]);
    return std::ranges::is_permutation(a, b, same_attribute);
  });
}

}  // namespace chancery::pki
