#pragma once

// ASN.1 encodings (X.690): a bounded reader that takes DER, or BER where peers send it, and a writer that makes DER.

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "pki/oid.h"

namespace chancery::pki::der {

// Identifier octets with tag numbers below 31, which is all that X.509 and CMS use.
namespace tag {
inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t bit_string = 0x03;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t null = 0x05;
inline constexpr std::uint8_t oid = 0x06;
inline constexpr std::uint8_t enumerated = 0x0a;
inline constexpr std::uint8_t utf8_string = 0x0c;
inline constexpr std::uint8_t numeric_string = 0x12;
inline constexpr std::uint8_t printable_string = 0x13;
inline constexpr std::uint8_t teletex_string = 0x14;
inline constexpr std::uint8_t ia5_string = 0x16;
inline constexpr std::uint8_t utc_time = 0x17;
inline constexpr std::uint8_t generalized_time = 0x18;
inline constexpr std::uint8_t visible_string = 0x1a;
inline constexpr std::uint8_t universal_string = 0x1c;
inline constexpr std::uint8_t bmp_string = 0x1e;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
inline constexpr std::uint8_t constructed = 0x20;
// [n], primitive: IMPLICIT of a primitive type.
constexpr std::uint8_t context(unsigned number) { return static_cast<std::uint8_t>(0x80 | number); }
// [n], constructed: EXPLICIT, or IMPLICIT of a constructed type.
constexpr std::uint8_t context_constructed(unsigned number) { return static_cast<std::uint8_t>(0xa0 | number); }
}  // namespace tag

// One element. The views point into the bytes that the Reader was given.
struct Element {
  std::uint8_t tag = 0;
  ByteView content;  // without end-of-contents octets
  ByteView whole;    // identifier, length and content as sent
};

enum class Rules : std::uint8_t {
  der,  // definite, minimal lengths only
  ber,  // also indefinite and non-minimal lengths, and constructed strings (see string_content)
};

// Nesting deeper than this is refused.
inline constexpr int max_depth = 24;

class Reader {
 public:
  explicit Reader(ByteView bytes, Rules rules = Rules::der, int depth = 0)
      : rest_(bytes), rules_(rules), depth_(depth) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] ByteView rest() const { return rest_; }
  [[nodiscard]] Rules rules() const { return rules_; }
  // The identifier octet of the next element; 0 at the end.
  [[nodiscard]] std::uint8_t peek() const { return rest_.empty() ? std::uint8_t{0} : rest_[0]; }

  Result<Element> any();
  // The next element, which must have this identifier octet. `what` names it in the error text.
  Result<Element> expect(std::uint8_t tag, std::string_view what);
  // The next element if it has this identifier octet.
  Result<std::optional<Element>> optional(std::uint8_t tag);
  // Passes over the next element if it has this identifier octet.
  Status skip_optional(std::uint8_t tag);
  // A reader of the content of the next element, which must have this identifier octet.
  Result<Reader> enter(std::uint8_t tag, std::string_view what);
  [[nodiscard]] Reader inside(const Element& element) const { return Reader(element.content, rules_, depth_ + 1); }
  // Fails when anything is left: "unexpected data after `what`".
  [[nodiscard]] Status end(std::string_view what) const;

  Result<Oid> oid(std::string_view what);
  // A non-negative INTEGER below 2^31.
  Result<int> small_integer(std::string_view what);
  // The content octets of an INTEGER, two's complement and minimal; at most `max_octets`.
  Result<ByteView> integer(std::string_view what, std::size_t max_octets);
  Result<bool> boolean(std::string_view what);
  Result<ByteView> octet_string(std::string_view what);
  // A BIT STRING without unused bits.
  Result<ByteView> bit_string(std::string_view what);
  // UTCTime or GeneralizedTime, in seconds and ending in Z (RFC 5280 section 4.1.2.5).
  Result<Timestamp> time(std::string_view what);
  // AlgorithmIdentifier: its OID and the encoded parameters (empty when absent).
  struct Algorithm {
    Oid oid;
    ByteView parameters;
  };
  Result<Algorithm> algorithm(std::string_view what);

 private:
  ByteView rest_;
  Rules rules_;
  int depth_;
};

// The octets of a string type that BER lets a peer send in pieces: `element` is primitive with `primitive_tag`, or the
// constructed form of it whose content is OCTET STRINGs (or again constructed ones). Under DER only the first is taken.
Result<Bytes> string_content(const Element& element, std::uint8_t primitive_tag, Rules rules);

// Exactly one element and nothing after it.
Result<Element> only_element(ByteView bytes, std::uint8_t tag, std::string_view what, Rules rules = Rules::der);

// Appends elements; lengths are filled in when a constructed one is closed.
class Writer {
 public:
  Writer() = default;

  template <class Body>
  Writer& constructed(std::uint8_t tag, Body&& body) {
    const std::size_t mark = open(tag);
    std::forward<Body>(body)();
    close(mark);
    return *this;
  }
  template <class Body>
  Writer& sequence(Body&& body) {
    return constructed(tag::sequence, std::forward<Body>(body));
  }
  // A SET whose members the caller writes in any order: they are sorted as DER wants a SET OF (X.690 section 11.6).
  template <class Body>
  Writer& set_of(Body&& body, std::uint8_t tag = tag::set) {
    const std::size_t mark = open(tag);
    std::forward<Body>(body)();
    sort_from(mark);
    close(mark);
    return *this;
  }

  Writer& primitive(std::uint8_t tag, ByteView content);
  Writer& raw(ByteView encoded);
  Writer& oid(const Oid& oid) { return primitive(tag::oid, oid.der_content()); }
  Writer& null() { return primitive(tag::null, {}); }
  Writer& boolean(bool value);
  Writer& small_integer(int value);
  // A non-negative integer from its big-endian magnitude, of any length, with or without leading zeros.
  Writer& unsigned_integer(ByteView magnitude, std::uint8_t tag = tag::integer);
  Writer& octet_string(ByteView content) { return primitive(tag::octet_string, content); }
  Writer& bit_string(ByteView content);
  Writer& text(std::uint8_t tag, std::string_view value) { return primitive(tag, as_bytes(value)); }
  // UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5).
  Writer& time(Timestamp time);
  Writer& generalized_time(Timestamp time);
  // AlgorithmIdentifier without parameters, or with NULL.
  Writer& algorithm(const Oid& oid, bool with_null);

  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] Bytes take() { return std::move(bytes_); }

 private:
  std::size_t open(std::uint8_t tag);
  void close(std::size_t mark);
  void sort_from(std::size_t mark);

  Bytes bytes_;
};

}  // namespace chancery::pki::der
