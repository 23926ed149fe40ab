#pragma once

// The identifiers of the signed attributes (RFC 8894 section 3.2.1), and the text that one of them carries for people.
// Shared by the .cc files of this layer.

#include <string>
#include <string_view>

#include "pki/oid.h"

namespace chancery::scep {

namespace attribute_types {
inline constexpr pki::Oid message_type = pki::Oid::of("2.16.840.1.113733.1.9.2");
inline constexpr pki::Oid pki_status = pki::Oid::of("2.16.840.1.113733.1.9.3");
inline constexpr pki::Oid fail_info = pki::Oid::of("2.16.840.1.113733.1.9.4");
inline constexpr pki::Oid sender_nonce = pki::Oid::of("2.16.840.1.113733.1.9.5");
inline constexpr pki::Oid recipient_nonce = pki::Oid::of("2.16.840.1.113733.1.9.6");
inline constexpr pki::Oid transaction_id = pki::Oid::of("2.16.840.1.113733.1.9.7");
inline constexpr pki::Oid fail_info_text = pki::Oid::of("1.3.6.1.5.5.7.24.1");
}  // namespace attribute_types

// At most this many octets of failInfoText are sent or shown.
inline constexpr std::size_t max_fail_info_text = 255;

// `text` made harmless for terminals, logs and pages: invalid UTF-8 and control characters become '?', and it ends
// before the first character that does not fit whole into max_fail_info_text octets.
[[nodiscard]] std::string text_for_people(std::string_view text);

}  // namespace chancery::scep
