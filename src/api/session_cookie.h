#pragma once

// The cookie that holds a session's token.

#include <string>
#include <string_view>

#include "http/message.h"

namespace chancery::api {

inline constexpr std::string_view session_cookie_name = "chancery_session";

// For Set-Cookie. No script can read it, no other site's request carries it, and it ends with the browser.
[[nodiscard]] std::string session_cookie(std::string_view token, bool tls);
[[nodiscard]] std::string ended_session_cookie(bool tls);
// The token in the request's Cookie; empty: there is none.
[[nodiscard]] std::string_view session_token_in(const http::Request& request);

}  // namespace chancery::api
