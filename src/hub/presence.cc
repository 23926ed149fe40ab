#include "hub/presence.h"

#include <algorithm>

namespace chancery::hub {
namespace {

constexpr Seconds online_window{90};
// A node has one; a few more when connections die unnoticed, or agents share a certificate that they should not.
constexpr std::size_t most_held_of_a_node = 4;
// One who looked longer ago than so many wakes looks again.
constexpr std::size_t wakes_kept = 4096;

void erase_ticket(std::vector<std::uint64_t>& tickets, std::uint64_t ticket) {
  tickets.erase(std::ranges::find(tickets, ticket));
}

}  // namespace

void Presence::seen(fleet::NodeId node, std::string remote_address, std::string_view serial) {
  const std::scoped_lock lock(mutex_);
  sightings_[node] = {.node_id = node, .at = clock_.now(), .remote_address = std::move(remote_address)};
  sent_away_.erase(node);
  std::string& last = last_serial_[node];
  if (last == serial) return;
  by_last_serial_.erase(last);
  last = serial;
  by_last_serial_.insert_or_assign(last, node);
}

void Presence::sent_away(fleet::NodeId node) {
  const std::scoped_lock lock(mutex_);
  sent_away_.insert(node);
}

std::optional<Timestamp> Presence::last_seen(fleet::NodeId node) const {
  const std::scoped_lock lock(mutex_);
  const auto found = sightings_.find(node);
  if (found == sightings_.end()) return std::nullopt;
  return found->second.at;
}

bool Presence::online(fleet::NodeId node) const {
  const std::scoped_lock lock(mutex_);
  const auto found = sightings_.find(node);
  return found == sightings_.end() ? by_node_.contains(node) : is_here(found->second);
}

bool Presence::is_here(const fleet::Sighting& sighting) const {
  if (by_node_.contains(sighting.node_id)) return true;
  return clock_.now() - sighting.at <= online_window && !sent_away_.contains(sighting.node_id);
}

void Presence::forget(fleet::NodeId node) {
  const std::scoped_lock lock(mutex_);
  sightings_.erase(node);
  written_.erase(node);
  settled_.erase(node);
  sent_away_.erase(node);
  request_decided_.erase(node);
  const auto last = last_serial_.find(node);
  if (last == last_serial_.end()) return;
  by_last_serial_.erase(last->second);
  last_serial_.erase(last);
}

void Presence::settle(fleet::NodeId node, std::string inventory_hash) {
  const std::scoped_lock lock(mutex_);
  settled_[node] = std::move(inventory_hash);
}

void Presence::unsettle(fleet::NodeId node) {
  const std::scoped_lock lock(mutex_);
  settled_.erase(node);
}

bool Presence::is_settled(fleet::NodeId node, std::string_view inventory_hash) const {
  const std::scoped_lock lock(mutex_);
  const auto found = settled_.find(node);
  return found != settled_.end() && found->second == inventory_hash;
}

std::uint64_t Presence::mark() const {
  const std::scoped_lock lock(mutex_);
  return wakes_;
}

bool Presence::missed(const Held& held, std::uint64_t mark) const {
  const std::uint64_t since = wakes_ - mark;
  if (since > latest_.size()) return true;
  return std::any_of(latest_.end() - static_cast<std::ptrdiff_t>(since), latest_.end(), [&](const Woken& woken) {
    return woken.node_id != 0 ? woken.node_id == held.node_id : woken.serial == held.serial;
  });
}

void Presence::note(Woken woken) {
  ++wakes_;
  latest_.push_back(std::move(woken));
  if (latest_.size() > wakes_kept) latest_.pop_front();
}

std::optional<std::uint64_t> Presence::hold(Held held, std::uint64_t mark) {
  std::function<void()> oldest;
  std::uint64_t ticket = 0;
  {
    const std::scoped_lock lock(mutex_);
    if (missed(held, mark)) return std::nullopt;
    if (const auto others = by_node_.find(held.node_id);
        others != by_node_.end() && others->second.size() >= most_held_of_a_node)
      oldest = take(others->second.front());
    ticket = ++last_ticket_;
    by_node_[held.node_id].push_back(ticket);
    by_serial_[held.serial].push_back(ticket);
    const auto until = clock_.monotonic() + held.longest;
    waiting_.emplace(ticket, Waiting{.held = std::move(held), .until = until});
  }
  if (oldest) oldest();
  return ticket;
}

std::function<void()> Presence::take(std::uint64_t ticket) {
  auto taken = waiting_.extract(ticket);
  if (taken.empty()) return {};
  Held& held = taken.mapped().held;
  const auto of_node = by_node_.find(held.node_id);
  erase_ticket(of_node->second, ticket);
  if (of_node->second.empty()) by_node_.erase(of_node);
  const auto of_serial = by_serial_.find(held.serial);
  erase_ticket(of_serial->second, ticket);
  if (of_serial->second.empty()) by_serial_.erase(of_serial);
  if (const auto sighting = sightings_.find(held.node_id); sighting != sightings_.end())
    sighting->second.at = clock_.now();
  return std::move(held.wake);
}

void Presence::release(std::uint64_t ticket) {
  std::function<void()> dropped;  // destroyed without the lock
  const std::scoped_lock lock(mutex_);
  dropped = take(ticket);
}

std::size_t Presence::held() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

void Presence::call(const std::vector<std::function<void()>>& woken) {
  for (const auto& wake : woken) wake();
}

void Presence::wake(fleet::NodeId node) {
  std::vector<std::function<void()>> woken;
  {
    const std::scoped_lock lock(mutex_);
    note({.node_id = node, .serial = {}});
    if (const auto found = by_node_.find(node); found != by_node_.end())
      for (const std::uint64_t ticket : Tickets(found->second)) woken.push_back(take(ticket));
  }
  call(woken);
}

void Presence::request_decided(fleet::NodeId node) {
  {
    const std::scoped_lock lock(mutex_);
    request_decided_.insert(node);
  }
  wake(node);
}

bool Presence::take_request_decided(fleet::NodeId node) {
  const std::scoped_lock lock(mutex_);
  return request_decided_.erase(node) > 0;
}

void Presence::end(std::string_view serial) {
  std::vector<std::function<void()>> woken;
  {
    const std::scoped_lock lock(mutex_);
    note({.serial = std::string(serial)});
    if (const auto holder = by_last_serial_.find(serial); holder != by_last_serial_.end())
      sent_away_.insert(holder->second);
    if (const auto found = by_serial_.find(serial); found != by_serial_.end())
      for (const std::uint64_t ticket : Tickets(found->second)) woken.push_back(take(ticket));
  }
  call(woken);
}

void Presence::expire() {
  const auto now = clock_.monotonic();
  std::vector<std::function<void()>> woken;
  {
    const std::scoped_lock lock(mutex_);
    Tickets over;
    for (const auto& [ticket, waiting] : waiting_)
      if (waiting.until <= now) over.push_back(ticket);
    for (const std::uint64_t ticket : over) woken.push_back(take(ticket));
  }
  call(woken);
}

bool Presence::is_due(const fleet::Sighting& sighting) const {
  const auto written = written_.find(sighting.node_id);
  return written == written_.end() || !is_here(sighting) || written->second.remote_address != sighting.remote_address ||
         sighting.at - written->second.at >= written_every;
}

Status Presence::flush(Ledger& ledger) { return write(ledger, false); }

Status Presence::flush_all(Ledger& ledger) { return write(ledger, true); }

Status Presence::write(Ledger& ledger, bool all) {
  std::vector<fleet::Sighting> changed;
  {
    const std::scoped_lock lock(mutex_);
    // Who holds a request is here.
    for (const auto& [node, tickets] : by_node_)
      if (const auto sighting = sightings_.find(node); sighting != sightings_.end()) sighting->second.at = clock_.now();
    for (const auto& [node, sighting] : sightings_) {
      const auto written = written_.find(node);
      const bool known = written != written_.end() && written->second.at >= sighting.at;
      if (!known && (all || is_due(sighting))) changed.push_back(sighting);
    }
  }
  if (changed.empty()) return {};
  TRY_STATUS(ledger.write([&](Books& books) { return books.nodes().seen(changed); }));
  const std::scoped_lock lock(mutex_);
  for (const fleet::Sighting& sighting : changed) written_[sighting.node_id] = sighting;
  return {};
}

}  // namespace chancery::hub
