#pragma once

// The SCEP requests that were refused lately, so that a person sees a device that knocks and is not let in. Anybody on
// the network can cause one, so they are kept in memory only, merged and bounded; the log has each.

#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.h"
#include "hub/outcome.h"

namespace chancery::hub {

struct RefusedRequest {
  std::string endpoint;
  std::string source;   // the peer's address
  std::string subject;  // of the certificate that signed the message, RFC 4514: what the device calls itself
  Refusal refusal;
  std::uint64_t times = 1;  // how often the same was refused
  Timestamp first, last;
};

// Thread-safe.
class Refusals {
 public:
  static constexpr std::size_t most = 200;

  explicit Refusals(const Clock& clock) : clock_(clock) {}
  // Called after each new one, but not when the same is refused again within a minute, nor twice in a second: a flood
  // must not become a flood of pages that look. REQUIRES: set before record().
  void on_new(std::function<void()> told) { told_ = std::move(told); }

  // What endpoint, source, subject and reason have in common is one entry. Of more than `most`, the one whose last time
  // is longest ago goes.
  void record(RefusedRequest refused);
  // Those whose last time is `since` or later, newest first.
  [[nodiscard]] std::vector<RefusedRequest> list(Timestamp since) const;

 private:
  const Clock& clock_;
  std::function<void()> told_;
  mutable std::mutex mutex_;
  std::list<RefusedRequest> newest_first_;
  Timestamp told_at_;
};

}  // namespace chancery::hub
