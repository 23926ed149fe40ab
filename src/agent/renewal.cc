#include "agent/renewal.h"

#include <charconv>

namespace chancery::agent {

Result<RenewalWindow> renewal_window_from_text(std::string_view text) {
  if (!text.ends_with('%')) {
    TRY(const Seconds duration, parse_duration(text));
    return duration;
  }
  const std::string_view digits = text.substr(0, text.size() - 1);
  int percent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), percent);
  if (error != std::errc() || end != digits.data() + digits.size() || percent < 1 || percent > 100)
    return invalid("a part of the certificate's life is given as 1% to 100%");
  return percent;
}

Timestamp due_at(const pki::Validity& validity, const RenewalWindow& window) {
  const Seconds life = validity.not_after - validity.not_before;
  const Seconds left =
      std::holds_alternative<int>(window) ? life * std::get<int>(window) / 100 : std::get<Seconds>(window);
  return validity.not_after - left;
}

}  // namespace chancery::agent
