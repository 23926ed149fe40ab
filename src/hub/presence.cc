#include "hub/presence.h"

#include <algorithm>

namespace chancery::hub {
namespace {

constexpr Seconds online_window{90};
// A node has one; a few more when connections die unnoticed, or agents share a certificate that they should not.
constexpr int most_held_of_a_node = 4;

}  // namespace

void Presence::seen(fleet::NodeId node, std::string remote_address) {
  const std::scoped_lock lock(mutex_);
  sightings_[node] = {.node_id = node, .at = clock_.now(), .remote_address = std::move(remote_address)};
}

std::optional<Timestamp> Presence::last_seen(fleet::NodeId node) const {
  const std::scoped_lock lock(mutex_);
  const auto found = sightings_.find(node);
  if (found == sightings_.end()) return std::nullopt;
  return found->second.at;
}

bool Presence::online(fleet::NodeId node) const {
  const std::scoped_lock lock(mutex_);
  if (held_by_node_.contains(node)) return true;
  const auto found = sightings_.find(node);
  return found != sightings_.end() && clock_.now() - found->second.at <= online_window;
}

void Presence::forget(fleet::NodeId node) {
  const std::scoped_lock lock(mutex_);
  sightings_.erase(node);
  written_.erase(node);
}

std::uint64_t Presence::mark() const {
  const std::scoped_lock lock(mutex_);
  return woken_;
}

std::optional<std::uint64_t> Presence::hold(Held held, std::uint64_t mark) {
  std::function<void()> oldest;
  std::uint64_t ticket = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (mark != woken_) return std::nullopt;
    if (held_by_node_[held.node_id] >= most_held_of_a_node) {
      const auto first =
          std::ranges::find_if(waiting_, [&](const auto& entry) { return entry.second.held.node_id == held.node_id; });
      oldest = std::move(first->second.held.wake);
      waiting_.erase(first);
      --held_by_node_[held.node_id];
    }
    ++held_by_node_[held.node_id];
    const auto now = clock_.monotonic();
    ticket = ++last_ticket_;
    const Seconds longest = held.longest;
    waiting_.emplace(ticket, Waiting{.held = std::move(held), .since = now, .until = now + longest});
  }
  if (oldest) oldest();
  return ticket;
}

void Presence::release(std::uint64_t ticket) {
  const std::scoped_lock lock(mutex_);
  const auto found = waiting_.find(ticket);
  if (found == waiting_.end()) return;
  const auto count = held_by_node_.find(found->second.held.node_id);
  if (--count->second == 0) held_by_node_.erase(count);
  // It was here until now.
  if (const auto sighting = sightings_.find(found->second.held.node_id); sighting != sightings_.end())
    sighting->second.at = clock_.now();
  waiting_.erase(found);
}

std::size_t Presence::held() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

template <class Which>
void Presence::wake_if(Which which, bool counts) {
  std::vector<std::function<void()>> woken;
  {
    const std::scoped_lock lock(mutex_);
    if (counts) ++woken_;
    for (auto entry = waiting_.begin(); entry != waiting_.end();) {
      const auto here = entry++;
      if (!which(here->second)) continue;
      const fleet::NodeId node = here->second.held.node_id;
      if (const auto count = held_by_node_.find(node); --count->second == 0) held_by_node_.erase(count);
      if (const auto sighting = sightings_.find(node); sighting != sightings_.end()) sighting->second.at = clock_.now();
      woken.push_back(std::move(here->second.held.wake));
      waiting_.erase(here);
    }
  }
  for (const auto& wake : woken) wake();
}

void Presence::wake(fleet::NodeId node) {
  wake_if([node](const Waiting& waiting) { return waiting.held.node_id == node; }, true);
}

void Presence::end(std::string_view serial) {
  wake_if([serial](const Waiting& waiting) { return waiting.held.serial == serial; }, true);
}

void Presence::expire() {
  const auto now = clock_.monotonic();
  wake_if([now](const Waiting& waiting) { return waiting.until <= now; }, false);
}

Status Presence::flush(Ledger& ledger) {
  std::vector<fleet::Sighting> changed;
  {
    const std::scoped_lock lock(mutex_);
    // Who holds a request is here.
    for (const auto& [node, count] : held_by_node_)
      if (const auto sighting = sightings_.find(node); sighting != sightings_.end()) sighting->second.at = clock_.now();
    for (const auto& [node, sighting] : sightings_) {
      const auto written = written_.find(node);
      if (written == written_.end() || written->second < sighting.at) changed.push_back(sighting);
    }
  }
  if (changed.empty()) return {};
  TRY_STATUS(ledger.write([&](Books& books) { return books.nodes().seen(changed); }));
  const std::scoped_lock lock(mutex_);
  for (const fleet::Sighting& sighting : changed) written_[sighting.node_id] = sighting.at;
  return {};
}

}  // namespace chancery::hub
