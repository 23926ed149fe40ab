#pragma once

// Subject templates: RFC 4514 text with placeholders, "CN={CN},O=Example".

#include <string_view>
#include <vector>

#include "base/error.h"
#include "pki/name.h"

namespace chancery::ca {

// ErrorCode::invalid for an unknown placeholder, a lone brace, an attribute without a value, or what is no name.
Status check_subject_template(std::string_view text);

// The template with its placeholders filled from `requested`. ErrorCode::refused where that has no value for one.
Result<std::vector<pki::Name::RelativeName>> fill_subject_template(std::string_view text, const pki::Name& requested);

}  // namespace chancery::ca
