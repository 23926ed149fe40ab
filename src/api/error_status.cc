#include "api/error_status.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "api/sentence.h"
#include "base/check.h"
#include "base/utf8.h"

namespace chancery::api {

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return 400;
    case ErrorCode::refused: return 403;
    case ErrorCode::not_found: return 404;
    case ErrorCode::conflict: return 409;
    case ErrorCode::internal: return 500;
    case ErrorCode::unavailable: return 503;
  }
  CHECK(false);
}

http::Response device_error(const Error& error) {
  const unsigned status = status_of(error.code());
  if (status == 503) {
    http::Response response = http::text_response(status, "The server cannot answer right now. Try again later.");
    response.headers.push_back({"Retry-After", "10"});
    return response;
  }
  if (status == 500) return http::text_response(status, "The server failed.");
  return http::text_response(status, error.text());
}

http::Response json_error(const Error& error) {
  boost::json::object told{{"code", to_string(error.code())}, {"text", error.text()}};
  told["sentences"] = sentences_json(error.text());
  const boost::json::object body = {{"error", std::move(told)}};
  return {.status = status_of(error.code()),
          .content_type = "application/json",
          .body = to_bytes(as_bytes(utf8::repaired(boost::json::serialize(body)) + "\n"))};
}

}  // namespace chancery::api
