#pragma once

// How often each source may ask: a token bucket a source, in a table of bounded size.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace chancery::http {

// Who shares one bucket: an IPv4 address, or the /64 of an IPv6 address, because a host owns all of that; or a peer
// that the application knows by its certificate, wherever it calls from.
struct Source {
  std::uint64_t key = 0;
  bool ipv6 = false;
  bool known_peer = false;

  // From a text like "192.0.2.1", "2001:db8::1" or "fe80::1%eth0". Anything else is one source.
  static Source of(std::string_view address);
  friend bool operator==(const Source&, const Source&) = default;
};

struct SourceHash {
  std::size_t operator()(const Source& source) const;
};

struct TokenBucketOptions {
  double per_second = 0;  // 0: no limit.
  double burst = 0;       // 0: one second's worth. Never less than 1.
  std::size_t capacity = 65536;
};

// Not thread-safe. `clock` must outlive it.
class TokenBuckets {
 public:
  TokenBuckets(const TokenBucketOptions& options, const Clock& clock);

  // Takes a token and returns zero; or takes none and returns how long until there is one.
  std::chrono::nanoseconds take(const Source& source);
  // How many sources are remembered now.
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    Source source;
    double tokens;
    std::chrono::nanoseconds filled;
  };
  Bucket& bucket(const Source& source, std::chrono::nanoseconds now);

  double per_second_;
  double burst_;
  std::size_t capacity_;
  const Clock& clock_;
  std::list<Bucket> buckets_;  // The one used last is first.
  std::unordered_map<Source, std::list<Bucket>::iterator, SourceHash> by_source_;
};

}  // namespace chancery::http
