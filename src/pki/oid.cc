#include "pki/oid.h"

#include <algorithm>

namespace chancery::pki {

Result<Oid> Oid::from_der_content(ByteView content) {
  if (content.empty() || content.size() > max_size) return invalid("object identifier of an unsupported length");
  if ((content.back() & 0x80) != 0) return invalid("object identifier ends inside an arc");
  bool arc_starts = true;
  for (const std::uint8_t byte : content) {
    if (arc_starts && byte == 0x80) return invalid("object identifier with a padded arc");
    arc_starts = (byte & 0x80) == 0;
  }
  Oid oid;
  std::ranges::copy(content, oid.bytes_.begin());
  oid.size_ = static_cast<std::uint8_t>(content.size());
  return oid;
}

Result<Oid> Oid::from_dotted(std::string_view dotted) {
  const Oid oid = parse(dotted);
  if (oid.empty())
    return invalid("not an object identifier: expected numbers with dots, for example 1.3.6.1.5.5.7.3.2");
  return oid;
}

std::string Oid::dotted() const {
  std::string text;
  // An arc may have more bits than fit 64 (UUID-based ones do): such an arc is shown by its octets.
  std::uint64_t arc = 0;
  int octets = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    arc = arc << 7 | (bytes_[i] & 0x7f);
    ++octets;
    if ((bytes_[i] & 0x80) != 0) continue;
    const bool is_first = text.empty();
    // The first two arcs share a number (X.690 section 8.19.4).
    const std::uint64_t top = octets > 9 || arc >= 80 ? 2 : arc / 40;
    if (is_first) text = std::to_string(top);
    text.push_back('.');
    if (octets > 9)
      text.append("0x" + to_hex(ByteView(bytes_).subspan(i + 1 - octets, octets)));
    else
      text.append(std::to_string(is_first ? arc - top * 40 : arc));
    arc = 0;
    octets = 0;
  }
  return text;
}

}  // namespace chancery::pki
