#include "http/token_bucket.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace chancery::http {

Source Source::of(std::string_view address) {
  const std::string text(address.substr(0, address.find('%')));
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return {.key = four.s_addr, .ipv6 = false};
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return {};
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | six.s6_addr[i];
  return {.key = prefix, .ipv6 = true};
}

std::size_t SourceHash::operator()(const Source& source) const {
  std::uint64_t mixed =
      source.key ^ (source.ipv6 ? 0x5851f42d4c957f2d : 0) ^ (source.known_peer ? 0x9e3779b97f4a7c15 : 0);
  mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccd;
  return mixed ^ (mixed >> 29);
}

TokenBuckets::TokenBuckets(const TokenBucketOptions& options, const Clock& clock)
    : per_second_(options.per_second),
      burst_(std::max(1.0, options.burst > 0 ? options.burst : options.per_second)),
      capacity_(std::max<std::size_t>(1, options.capacity)),
      clock_(clock) {}

std::chrono::nanoseconds TokenBuckets::take(const Source& source) {
  if (!(per_second_ > 0)) return std::chrono::nanoseconds(0);
  const auto now = clock_.monotonic();
  Bucket& bucket = this->bucket(source, now);
  const double elapsed = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min(burst_, bucket.tokens + std::max(0.0, elapsed) * per_second_);
  bucket.filled = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::chrono::nanoseconds(0);
  }
  // A wait is never zero, and an absurdly small rate does not overflow it.
  const double wait = std::min(86400.0, (1 - bucket.tokens) / per_second_);
  return std::chrono::nanoseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(wait * 1e9))));
}

TokenBuckets::Bucket& TokenBuckets::bucket(const Source& source, std::chrono::nanoseconds now) {
  if (const auto known = by_source_.find(source); known != by_source_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    return buckets_.front();
  }
  if (buckets_.size() >= capacity_) {
    by_source_.erase(buckets_.back().source);
    buckets_.pop_back();
  }
  buckets_.push_front({.source = source, .tokens = burst_, .filled = now});
  by_source_.emplace(source, buckets_.begin());
  return buckets_.front();
}

}  // namespace chancery::http
