#include "device/http_transport.h"

#include <fmt/format.h>

#include <charconv>

namespace chancery::device {
namespace {

// Only the form in seconds: the other one is a date by a clock that is not ours.
std::optional<Seconds> retry_after(const http::Response& response) {
  const std::string_view text = response.header("Retry-After");
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Seconds(seconds);
}

agent::TransportReply reply_of(http::Response response) {
  const auto pause = retry_after(response);
  return {.status = response.status, .body = std::move(response.body), .retry_after = pause};
}

}  // namespace

Result<agent::TransportReply> HttpTransport::get(std::string_view operation, std::string_view message) {
  std::string url = fmt::format("{}?operation={}", url_, operation);
  if (!message.empty()) url.append("&message=").append(message);
  TRY(http::Response response, client_.send("GET", url, {}, {}));
  return reply_of(std::move(response));
}

Result<agent::TransportReply> HttpTransport::post(ByteView message) {
  TRY(http::Response response, client_.send("POST", fmt::format("{}?operation=PKIOperation", url_),
                                            {{"Content-Type", "application/x-pki-message"}}, message));
  return reply_of(std::move(response));
}

}  // namespace chancery::device
