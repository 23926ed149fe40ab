#include "hub/lock_out.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace chancery::hub {

Seconds delay_after(int failures) {
  if (failures <= 0) return Seconds(0);
  constexpr int enough = 9;  // 2^9 s is beyond the most
  return std::min(Seconds(std::int64_t{1} << std::min(failures - 1, enough)), most_delay);
}

LockOut::Entry& LockOut::entry(const std::string& key, std::chrono::nanoseconds now) {
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    if (now - entries_.front().last > failures_remembered) entries_.front() = {.key = key};
    return entries_.front();
  }
  if (entries_.size() >= most_) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({.key = key});
  by_key_[key] = entries_.begin();
  return entries_.front();
}

Seconds LockOut::begin(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const std::chrono::nanoseconds now = clock_.monotonic();
  Entry& of = entry(key, now);
  if (of.failures > free_ && now < of.until) return std::chrono::ceil<Seconds>(of.until - now);
  ++of.failures;
  of.last = now;
  of.until_before = of.until;
  of.until = now + delay_after(of.failures - free_);
  return Seconds(0);
}

void LockOut::forgive(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  Entry& of = *found->second;
  of.failures = std::max(of.failures - 1, 0);
  of.until = of.until_before;
}

void LockOut::clear(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  entries_.erase(found->second);
  by_key_.erase(found);
}

std::string source_of(std::string_view address) {
  std::array<std::uint8_t, 16> bytes{};
  const std::string text(address.substr(0, address.find('%')));
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::string(address);
  return to_hex(ByteView(bytes).first(8));
}

}  // namespace chancery::hub
