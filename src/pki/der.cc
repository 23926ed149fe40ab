#include "pki/der.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace chancery::pki::der {
namespace {

struct Header {
  std::uint8_t tag = 0;
  std::size_t header_size = 0;
  std::size_t content_size = 0;
  bool indefinite = false;
};

std::unexpected<Error> truncated() { return invalid("the encoding ends inside an element"); }

Result<Header> read_header(ByteView bytes, Rules rules) {
  if (bytes.size() < 2) return truncated();
  Header header{.tag = bytes[0], .header_size = 2};
  if ((bytes[0] & 0x1f) == 0x1f) return invalid("an element with a tag number above 30");
  const std::uint8_t first = bytes[1];
  if (first < 0x80) {
    header.content_size = first;
  } else if (first == 0x80) {
    if (rules == Rules::der) return invalid("an indefinite length, which DER does not allow");
    if ((bytes[0] & tag::constructed) == 0) return invalid("an indefinite length on a primitive element");
    header.indefinite = true;
    return header;
  } else {
    const std::size_t count = first & 0x7f;
    if (count > 4) return invalid("an element of more than 4 GiB");
    if (bytes.size() < 2 + count) return truncated();
    for (std::size_t i = 0; i < count; ++i) header.content_size = header.content_size << 8 | bytes[2 + i];
    header.header_size += count;
    const bool minimal = header.content_size >= 0x80 && bytes[2] != 0;
    if (rules == Rules::der && !minimal) return invalid("a length that is not minimal, which DER does not allow");
  }
  if (header.content_size > bytes.size() - header.header_size) return truncated();
  return header;
}

bool is_end_of_contents(ByteView bytes) { return bytes.size() >= 2 && bytes[0] == 0 && bytes[1] == 0; }

// The first element of `bytes`. An indefinite length is resolved by walking the content, at most max_depth levels down.
Result<Element> read_element(ByteView bytes, Rules rules, int depth) {
  if (depth > max_depth) return invalid("elements nested too deeply");
  TRY(const Header header, read_header(bytes, rules));
  if (!header.indefinite) {
    const std::size_t size = header.header_size + header.content_size;
    return Element{header.tag, bytes.subspan(header.header_size, header.content_size), bytes.first(size)};
  }
  std::size_t position = header.header_size;
  while (!is_end_of_contents(bytes.subspan(position))) {
    TRY(const Element inner, read_element(bytes.subspan(position), rules, depth + 1));
    position += inner.whole.size();
  }
  return Element{header.tag, bytes.subspan(header.header_size, position - header.header_size),
                 bytes.first(position + 2)};
}

Status append_string_pieces(Bytes& out, const Element& element, std::uint8_t primitive_tag, int depth) {
  if (depth > max_depth) return invalid("a string nested too deeply");
  if (element.tag == primitive_tag) {
    append(out, element.content);
    return {};
  }
  Reader pieces(element.content, Rules::ber, depth);
  while (!pieces.at_end()) {
    TRY(const Element piece, pieces.any());
    if (piece.tag != tag::octet_string && piece.tag != (tag::octet_string | tag::constructed))
      return invalid("a constructed string that holds something else than strings");
    TRY_STATUS(append_string_pieces(out, piece, tag::octet_string, depth + 1));
  }
  return {};
}

bool two_digits(ByteView text, std::size_t at, int& value) {
  const int high = text[at] - '0';
  const int low = text[at + 1] - '0';
  value = high * 10 + low;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9;
}

}  // namespace

Result<Element> Reader::any() {
  auto element = read_element(rest_, rules_, depth_);
  if (element) rest_ = rest_.subspan(element->whole.size());
  return element;
}

Result<Element> Reader::expect(std::uint8_t tag, std::string_view what) {
  if (rest_.empty()) return invalid(fmt::format("{}: missing", what));
  if (rest_[0] != tag) return invalid(fmt::format("{}: expected tag 0x{:02x}, found 0x{:02x}", what, tag, rest_[0]));
  auto element = any();
  if (!element) return std::unexpected(element.error().in(what));
  return element;
}

Result<std::optional<Element>> Reader::optional(std::uint8_t tag) {
  if (peek() != tag || rest_.empty()) return std::optional<Element>();
  TRY(Element element, any());
  return std::optional(element);
}

Status Reader::skip_optional(std::uint8_t tag) {
  if (peek() == tag && !rest_.empty()) TRY_STATUS(any());
  return {};
}

Result<Reader> Reader::enter(std::uint8_t tag, std::string_view what) {
  TRY(const Element element, expect(tag, what));
  return inside(element);
}

Status Reader::end(std::string_view what) const {
  if (!rest_.empty()) return invalid(fmt::format("unexpected data after {}", what));
  return {};
}

Result<Oid> Reader::oid(std::string_view what) {
  TRY(const Element element, expect(tag::oid, what));
  auto oid = Oid::from_der_content(element.content);
  if (!oid) return std::unexpected(oid.error().in(what));
  return oid;
}

Result<ByteView> Reader::integer(std::string_view what, std::size_t max_octets) {
  TRY(const Element element, expect(tag::integer, what));
  const ByteView octets = element.content;
  if (octets.empty() || octets.size() > max_octets)
    return invalid(fmt::format("{}: an integer of an unsupported size", what));
  const bool padded = octets.size() > 1 &&
                      ((octets[0] == 0 && (octets[1] & 0x80) == 0) || (octets[0] == 0xff && (octets[1] & 0x80) != 0));
  if (padded && rules_ == Rules::der) return invalid(fmt::format("{}: an integer that is not minimal", what));
  return octets;
}

Result<int> Reader::small_integer(std::string_view what) {
  TRY(const ByteView octets, integer(what, 5));
  std::int64_t value = (octets[0] & 0x80) != 0 ? -1 : 0;
  for (const std::uint8_t octet : octets) value = value * 256 + octet;
  if (value < 0 || value > INT32_MAX) return invalid(fmt::format("{}: an integer out of range", what));
  return static_cast<int>(value);
}

Result<bool> Reader::boolean(std::string_view what) {
  TRY(const Element element, expect(tag::boolean, what));
  if (element.content.size() != 1) return invalid(fmt::format("{}: a boolean of a wrong size", what));
  if (rules_ == Rules::der && element.content[0] != 0 && element.content[0] != 0xff)
    return invalid(fmt::format("{}: a boolean that is neither 0 nor 0xff", what));
  return element.content[0] != 0;
}

Result<ByteView> Reader::octet_string(std::string_view what) {
  TRY(const Element element, expect(tag::octet_string, what));
  return element.content;
}

Result<ByteView> Reader::bit_string(std::string_view what) {
  TRY(const Element element, expect(tag::bit_string, what));
  if (element.content.empty() || element.content[0] != 0)
    return invalid(fmt::format("{}: a bit string with unused bits", what));
  return element.content.subspan(1);
}

Result<Timestamp> Reader::time(std::string_view what) {
  const bool utc = peek() == tag::utc_time;
  TRY(const Element element, expect(utc ? tag::utc_time : tag::generalized_time, what));
  const ByteView text = element.content;
  const std::size_t year_digits = utc ? 2 : 4;
  int century = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool shape = text.size() == year_digits + 11 && text.back() == 'Z';
  if (!shape || (!utc && !two_digits(text, 0, century)) || !two_digits(text, year_digits - 2, year) ||
      !two_digits(text, year_digits, month) || !two_digits(text, year_digits + 2, day) ||
      !two_digits(text, year_digits + 4, hour) || !two_digits(text, year_digits + 6, minute) ||
      !two_digits(text, year_digits + 8, second))
    return invalid(fmt::format("{}: not a time with seconds and Z", what));
  if (utc) century = year >= 50 ? 19 : 20;
  const auto date = std::chrono::year(century * 100 + year) / month / day;
  if (!date.ok() || hour > 23 || minute > 59 || second > 59)
    return invalid(fmt::format("{}: no such date or time of day", what));
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second);
}

Result<Reader::Algorithm> Reader::algorithm(std::string_view what) {
  TRY(Reader inner, enter(tag::sequence, what));
  Algorithm algorithm;
  TRY(algorithm.oid, inner.oid(what));
  if (!inner.at_end()) {
    TRY(const Element parameters, inner.any());
    algorithm.parameters = parameters.whole;
  }
  TRY_STATUS(inner.end(what));
  return algorithm;
}

Result<Bytes> string_content(const Element& element, std::uint8_t primitive_tag, Rules rules) {
  if (element.tag == primitive_tag) return to_bytes(element.content);
  if (rules == Rules::der || element.tag != (primitive_tag | tag::constructed))
    return invalid(fmt::format("expected a string with tag 0x{:02x}, found 0x{:02x}", primitive_tag, element.tag));
  Bytes out;
  TRY_STATUS(append_string_pieces(out, element, primitive_tag, 0));
  return out;
}

Result<Element> only_element(ByteView bytes, std::uint8_t tag, std::string_view what, Rules rules) {
  Reader reader(bytes, rules);
  TRY(const Element element, reader.expect(tag, what));
  TRY_STATUS(reader.end(what));
  return element;
}

namespace {
// Enough for nearly everything but whole messages, so that writing hardly ever moves what is written.
constexpr std::size_t first_capacity = 512;
}  // namespace

std::size_t Writer::open(std::uint8_t tag) {
  if (bytes_.capacity() == 0) bytes_.reserve(first_capacity);
  bytes_.push_back(tag);
  bytes_.push_back(0);
  return bytes_.size();
}

void Writer::close(std::size_t mark) {
  const std::size_t size = bytes_.size() - mark;
  if (size < 0x80) {
    bytes_[mark - 1] = static_cast<std::uint8_t>(size);
    return;
  }
  std::uint8_t length[4];
  std::size_t count = 0;
  for (std::size_t left = size; left != 0; left >>= 8) ++count;
  CHECK(count <= sizeof length);
  for (std::size_t i = 0; i < count; ++i) length[i] = static_cast<std::uint8_t>(size >> (8 * (count - 1 - i)));
  bytes_[mark - 1] = static_cast<std::uint8_t>(0x80 | count);
  bytes_.insert(bytes_.begin() + static_cast<std::ptrdiff_t>(mark), length, length + count);
}

void Writer::sort_from(std::size_t mark) {
  std::vector<Bytes> members;
  Reader reader(ByteView(bytes_).subspan(mark));
  while (!reader.at_end()) {
    auto member = reader.any();
    CHECK(member.has_value());
    members.push_back(to_bytes(member->whole));
  }
  std::ranges::sort(members);
  bytes_.resize(mark);
  for (const Bytes& member : members) append(bytes_, member);
}

Writer& Writer::primitive(std::uint8_t tag, ByteView content) {
  const std::size_t mark = open(tag);
  append(bytes_, content);
  close(mark);
  return *this;
}

Writer& Writer::raw(ByteView encoded) {
  append(bytes_, encoded);
  return *this;
}

Writer& Writer::boolean(bool value) {
  const std::uint8_t content = value ? 0xff : 0;
  return primitive(tag::boolean, {&content, 1});
}

Writer& Writer::small_integer(int value) {
  CHECK(value >= 0);
  const auto number = static_cast<std::uint32_t>(value);
  const std::uint8_t octets[] = {static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
                                 static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
  return unsigned_integer(octets);
}

Writer& Writer::unsigned_integer(ByteView magnitude, std::uint8_t tag) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  const std::size_t mark = open(tag);
  if (magnitude.empty() || (magnitude[0] & 0x80) != 0) bytes_.push_back(0);
  append(bytes_, magnitude);
  close(mark);
  return *this;
}

Writer& Writer::bit_string(ByteView content) {
  const std::size_t mark = open(tag::bit_string);
  bytes_.push_back(0);
  append(bytes_, content);
  close(mark);
  return *this;
}

namespace {

std::string time_text(Timestamp time, bool four_digit_year) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  const int year = static_cast<int>(date.year());
  return fmt::format("{:0{}}{:02}{:02}{:02}{:02}{:02}Z", four_digit_year ? year : year % 100, four_digit_year ? 4 : 2,
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace

Writer& Writer::time(Timestamp time) {
  const int year = static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
  const bool utc = year >= 1950 && year <= 2049;
  return text(utc ? tag::utc_time : tag::generalized_time, time_text(time, !utc));
}

Writer& Writer::generalized_time(Timestamp time) { return text(tag::generalized_time, time_text(time, true)); }

Writer& Writer::algorithm(const Oid& oid, bool with_null) {
  return sequence([&] {
    this->oid(oid);
    if (with_null) null();
  });
}

}  // namespace chancery::pki::der
