#pragma once

// Asks a web hook over HTTP: POST of a JSON object, answered with {"decision": "allow" | "refuse" | "ask", "reason":
// "…"}. docs/web-hook.md describes both.

#include <semaphore>

#include "hub/web_hook.h"

namespace chancery::connectors {

class HttpWebHook final : public hub::WebHook {
 public:
  // Thread-safe. Answers within 10 s, at most 64 KiB, status 200; all else is ErrorCode::unavailable, and so is a
  // question too many: a hook that hangs must not hold every worker.
  Result<hub::WebHookAnswer> ask(const hub::WebHookQuestion& question) override;

  static constexpr int most_at_once = 8;

 private:
  std::counting_semaphore<most_at_once> free_{most_at_once};
};

}  // namespace chancery::connectors
