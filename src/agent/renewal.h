#pragma once

// Whether it is time to renew.

#include <optional>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "pki/certificate.h"

namespace chancery::agent {

// How much of a certificate's life may be left for a renewal to be due: a time, or a part of the whole in percent.
using RenewalWindow = std::variant<Seconds, int>;

// "30d" or "33%".
Result<RenewalWindow> renewal_window_from_text(std::string_view text);
// From this moment on a renewal is due.
[[nodiscard]] Timestamp due_at(const pki::Validity& validity, const RenewalWindow& window);

}  // namespace chancery::agent
