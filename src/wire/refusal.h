#pragma once

// How a hub refuses a call: HTTP 403 with {"error": {"code": …, "text": …}}. It is the certificate that is refused,
// which another one helps against, unless the code is this one.

#include <string_view>

namespace chancery::wire {

// The node is shut out, whichever of its certificates it shows, until an administrator admits it again.
inline constexpr std::string_view blocked_code = "blocked";

}  // namespace chancery::wire
