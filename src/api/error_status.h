#pragma once

// The one place where an Error becomes an HTTP status.

#include "base/error.h"
#include "http/message.h"

namespace chancery::api {

// invalid 400, refused 403, not_found 404, conflict 409, internal 500, unavailable 503.
[[nodiscard]] unsigned status_of(ErrorCode code);

// For devices: the text of what they did wrong, and no more than "try again later" of what we did.
[[nodiscard]] http::Response device_error(const Error& error);

// For administrators: {"error": {"code": "not_found", "text": "…", "sentences": [ … ]}}, where the sentences
// (sentence.h) say the same as the text.
[[nodiscard]] http::Response json_error(const Error& error);

}  // namespace chancery::api
