#pragma once

// Asks a web hook over HTTP: POST of a JSON object, answered with {"decision": "allow" | "refuse" | "ask", "reason":
// "…"}. docs/web-hook.md describes both.

#include "hub/web_hook.h"

namespace chancery::connectors {

class HttpWebHook final : public hub::WebHook {
 public:
  // Thread-safe. Answers within 10 s, at most 64 KiB, status 200; all else is ErrorCode::unavailable.
  Result<hub::WebHookAnswer> ask(const hub::WebHookQuestion& question) override;
};

}  // namespace chancery::connectors
