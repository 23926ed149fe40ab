#pragma once

// The values that SCEP messages carry (RFC 8894 section 3.2.1), free of encoding.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "pki/der.h"

namespace chancery::scep {

// Section 3.2.1.2. Any other value is an error, never a request: there is no enumerator for it on purpose.
enum class MessageType : std::uint8_t {
  cert_rep = 3,
  renewal_request = 17,
  pkcs_request = 19,
  cert_poll = 20,
  get_cert = 21,
  get_crl = 22,
};
[[nodiscard]] std::string_view to_string(MessageType type);  // "PKCSReq"
// From the text of the attribute; leading zeros, signs and unknown numbers are errors.
Result<MessageType> message_type_from_text(std::string_view text);

// Section 3.2.1.3.
enum class PkiStatus : std::uint8_t { success = 0, failure = 2, pending = 3 };

// Section 3.2.1.4.
enum class FailInfo : std::uint8_t {
  bad_alg = 0,
  bad_message_check = 1,
  bad_request = 2,
  bad_time = 3,
  bad_cert_id = 4
};
[[nodiscard]] std::string_view to_string(FailInfo info);  // "badAlg"

// A byte string chosen by the client, compared and echoed as it came, its string type included (section 3.2.1.1).
// Read from PrintableString, and from UTF8String, IA5String and VisibleString where old clients send those; 1 to 255
// octets.
struct TransactionId {
  Bytes octets;
  std::uint8_t tag = pki::der::tag::printable_string;
  auto operator<=>(const TransactionId&) const = default;
  // For logs and lists: printable ASCII as it is, anything else as \xx.
  [[nodiscard]] std::string to_text() const;
  // REQUIRES: text is not empty and has at most 255 characters.
  static TransactionId from_text(std::string_view text) { return {to_bytes(as_bytes(text))}; }
};

// senderNonce and recipientNonce (section 3.2.1.5): 16 octets in what we send, 1 to 64 in what we take and echo.
struct Nonce {
  Bytes octets;
  auto operator<=>(const Nonce&) const = default;
};

}  // namespace chancery::scep
