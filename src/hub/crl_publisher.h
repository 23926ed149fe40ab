#pragma once

// Keeps a fresh CRL of every generation: signed anew after each revocation, and before the last one expires.

#include <mutex>

#include "hub/context.h"

namespace chancery::hub {

struct CrlOptions {
  Seconds validity = std::chrono::days(7);
  Seconds overlap = std::chrono::days(2);  // a new one is made this long before the last one's nextUpdate
};

class CrlPublisher {
 public:
  CrlPublisher(Context& context, CrlOptions options) : context_(context), options_(options) {}

  // Makes the CRLs that are due, by `context.clock`. Called at the start and then at least every few minutes.
  Status publish_due();
  // Makes the CRL of `generation` now: somebody was just revoked.
  Status publish(int generation);

 private:
  Status publish_locked(const WorkingGeneration& generation);

  Context& context_;
  CrlOptions options_;
  std::mutex mutex_;  // one CRL number is used once
};

}  // namespace chancery::hub
