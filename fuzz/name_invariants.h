#pragma once

// What holds for every name that was read, however it came.

#include "base/check.h"
#include "pki/name.h"

namespace chancery::fuzz {

inline void check_name(const pki::Name& name) {
  const Bytes encoded = name.to_der();
  const auto decoded = pki::Name::from_der(encoded);
  CHECK(decoded.has_value());
  CHECK(decoded->matches(name));
  CHECK(equal(decoded->to_der(), encoded));

  const std::string text = name.to_text();
  const auto from_text = pki::Name::from_text(text);
  if (!from_text) {
    // Three ways back are closed: a value that its string type must not hold, an arc that has no decimal form here, and
    // a text that escaping made too long.
    CHECK(from_text.error().text().ends_with("can stand here") || text.contains(".0x") || text.size() > 32768);
    return;
  }
  // A text that starts with C or DC may be read in the other direction.
  if (name.empty()) return;
  const pki::Oid& first = name.relative_names().back()[0].type;
  if (first != pki::oids::country && first != pki::oids::domain_component) CHECK(from_text->matches(name));
}

}  // namespace chancery::fuzz
