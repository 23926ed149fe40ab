#include "base/error.h"

#include "base/check.h"

namespace chancery {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return "invalid";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::conflict: return "conflict";
    case ErrorCode::refused: return "refused";
    case ErrorCode::unavailable: return "unavailable";
    case ErrorCode::internal: return "internal";
  }
  CHECK(false);
}

Error Error::in(std::string_view doing) const {
  std::string text;
  text.reserve(doing.size() + 2 + text_.size());
  text.append(doing).append(": ").append(text_);
  return {code_, std::move(text)};
}

std::unexpected<Error> invalid(std::string text) { return std::unexpected(Error(ErrorCode::invalid, std::move(text))); }
std::unexpected<Error> not_found(std::string text) {
  return std::unexpected(Error(ErrorCode::not_found, std::move(text)));
}
std::unexpected<Error> conflict(std::string text) {
  return std::unexpected(Error(ErrorCode::conflict, std::move(text)));
}
std::unexpected<Error> refused(std::string text) { return std::unexpected(Error(ErrorCode::refused, std::move(text))); }
std::unexpected<Error> unavailable(std::string text) {
  return std::unexpected(Error(ErrorCode::unavailable, std::move(text)));
}
std::unexpected<Error> internal(std::string text) {
  return std::unexpected(Error(ErrorCode::internal, std::move(text)));
}

}  // namespace chancery
