#include "agent/retrying_transport.h"

#include <fmt/format.h>

#include <algorithm>

namespace chancery::agent {
namespace {

// 501 says that the server does not know the operation, now or later.
bool is_passing(unsigned status) { return status == 429 || (status >= 500 && status != 501); }

bool is_worth_another_try(const Result<TransportReply>& answer) {
  if (answer) return is_passing(answer->status);
  return answer.error().code() == ErrorCode::unavailable;
}

std::string reason_of(const Result<TransportReply>& answer) {
  return answer ? fmt::format("HTTP status {}", answer->status) : answer.error().text();
}

}  // namespace

template <class Attempt>
Result<TransportReply> RetryingTransport::retry(Attempt attempt) {
  Seconds delay = options_.first_delay;
  for (int number = 1;; ++number) {
    Result<TransportReply> answer = attempt();
    if (!is_worth_another_try(answer) || number >= options_.attempts) return answer;
    const Seconds asked = answer && answer->retry_after ? *answer->retry_after : Seconds(0);
    const Seconds pause = std::min(std::max(delay, asked), options_.longest_delay);
    log_.warning("no answer, trying again", {{"reason", reason_of(answer)}, {"in", to_duration_text(pause)}});
    clock_.sleep_for(pause);
    delay *= 2;
  }
}

Result<TransportReply> RetryingTransport::get(std::string_view operation, std::string_view message) {
  return retry([&] { return transport_.get(operation, message); });
}

Result<TransportReply> RetryingTransport::post(ByteView message) {
  return retry([&] { return transport_.post(message); });
}

}  // namespace chancery::agent
