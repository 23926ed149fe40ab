#pragma once

// Byte strings, their text forms, and byte strings that must not leak.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace chancery {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes to_bytes(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }
[[nodiscard]] bool equal(ByteView a, ByteView b);
// Takes as long for a difference in the first byte as for one in the last. Lengths are not secret.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b);

// Lower-case hexadecimal without separators.
[[nodiscard]] std::string to_hex(ByteView bytes);
// Upper-case pairs with colons, the way certificate fingerprints and serials are shown: "AB:01:FF".
[[nodiscard]] std::string to_colon_hex(ByteView bytes);
// Either form, either case. An odd number of digits or another character is an error.
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

// RFC 4648 section 4, padded, without line breaks.
[[nodiscard]] std::string to_base64(ByteView bytes);
// RFC 4648 section 5, without padding: safe in URLs and file names.
[[nodiscard]] std::string to_base64url(ByteView bytes);
// Strict RFC 4648 section 4. ASCII white space is skipped; anything else outside the alphabet is an error.
[[nodiscard]] Result<Bytes> from_base64(std::string_view text);

// Overwrites the memory with zeros in a way that the compiler does not remove.
void wipe(std::span<std::uint8_t> bytes);

// A secret: wiped when it goes, never copied by accident, not printable.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  // Takes over `bytes`; the caller's vector is empty afterwards.
  explicit SecretBytes(Bytes&& bytes) : bytes_(std::move(bytes)) {}
  static SecretBytes copy_of(ByteView bytes) { return SecretBytes(to_bytes(bytes)); }
  static SecretBytes copy_of(std::string_view text) { return copy_of(as_bytes(text)); }

  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes() { wipe(bytes_); }

  [[nodiscard]] SecretBytes clone() const { return copy_of(view()); }
  [[nodiscard]] ByteView view() const { return bytes_; }
  [[nodiscard]] std::span<std::uint8_t> mutable_view() { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  // Keeps the first `size` bytes and wipes the others. REQUIRES: size <= this->size().
  void shrink(std::size_t size);

 private:
  Bytes bytes_;
};

}  // namespace chancery
