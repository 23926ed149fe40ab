#pragma once

// Asks a web hook over HTTP: POST of a JSON object, answered with {"decision": "allow" | "refuse" | "ask", "reason":
// "…"}. docs/web-hook.md describes both.

#include <semaphore>

#include "hub/endpoint_options.h"
#include "hub/web_hook.h"

namespace chancery::connectors {

class HttpWebHook final : public hub::WebHook {
 public:
  // `read_secret` reads the file with the token, and refuses one that others may read.
  explicit HttpWebHook(hub::SecretReader read_secret) : read_secret_(std::move(read_secret)) {}

  // Thread-safe. Answers within 10 s, at most 64 KiB, status 200; all else is ErrorCode::unavailable, and so is a
  // question too many: a hook that hangs must not hold every worker.
  Result<hub::WebHookAnswer> ask(const hub::WebHookQuestion& question) override;

  static constexpr int most_at_once = 8;

 private:
  hub::SecretReader read_secret_;
  std::counting_semaphore<most_at_once> free_{most_at_once};
};

}  // namespace chancery::connectors
