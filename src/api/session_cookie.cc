#include "api/session_cookie.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::api {

std::string session_cookie(std::string_view token, bool tls) {
  return fmt::format("{}={}; Path=/api; HttpOnly; SameSite=Strict{}", session_cookie_name, token,
                     tls ? "; Secure" : "");
}

std::string ended_session_cookie(bool tls) { return session_cookie("", tls) + "; Max-Age=0"; }

std::string_view session_token_in(const http::Request& request) {
  std::string_view cookies = request.header("Cookie");
  while (!cookies.empty()) {
    std::string_view cookie = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), cookie.size() + 1));
    cookie.remove_prefix(std::min(cookie.size(), cookie.find_first_not_of(' ')));
    const std::size_t equals = cookie.find('=');
    if (equals != std::string_view::npos && cookie.substr(0, equals) == session_cookie_name)
      return cookie.substr(equals + 1);
  }
  return {};
}

}  // namespace chancery::api
