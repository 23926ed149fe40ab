#include "sim/operator.h"

#include <charconv>

namespace chancery::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::string_view slot = "tls";
constexpr Seconds challenge_lifetime = days(300);
const hub::Caller caller{"admin sim"};

}  // namespace

Device* Operator::device_of(std::string_view subject) {
  constexpr std::string_view prefix = "CN=node-";
  if (!subject.starts_with(prefix)) return nullptr;
  std::size_t number = 0;
  const std::string_view digits = subject.substr(prefix.size());
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc()) return nullptr;
  return number < devices_.size() ? devices_[number].get() : nullptr;
}

// A challenge for the device's node, which is made when there is none.
Result<SecretBytes> Operator::mint_for(const Device& device) {
  SecretBytes text;
  const Status done = world_.hub.operate([&](SimHub::Verbs& verbs) -> Status {
    std::optional<fleet::Node> node;
    TRY_STATUS(verbs.ledger.read([&](hub::Books& books) -> Status {
      TRY(node, books.nodes().find_by_name(device.name()));
      return {};
    }));
    const hub::NodeChallengeOrder order{
        .slot = std::string(slot),
        .challenge = {.endpoint = device.kind().endpoint,
                      .binding = {.subject = device.subject(), .alternative_names = {device.alternative_name()}},
                      .lifetime = challenge_lifetime,
                      .note = {}}};
    if (node) {
      TRY(ca::MintedChallenge minted, verbs.nodes.challenge(node->id, order, caller));
      text = std::move(minted.text);
      return {};
    }
    TRY(hub::AddedNode added,
        verbs.nodes.add({.name = device.name(), .product = "printer", .challenge = order}, caller));
    if (!added.challenge) return unavailable("no challenge was minted");
    text = std::move(added.challenge->text);
    return {};
  });
  if (!done) {
    if (done.error().code() != ErrorCode::unavailable)
      world_.journal.finding("operator", "cannot mint a challenge: " + done.error().text());
    return std::unexpected(done.error());
  }
  ++asked_[device.name()];
  return text;
}

void Operator::announce(Device& device, std::function<void()> done) {
  auto challenge = mint_for(device);
  if (!challenge)
    return world_.queue.after(hours(1), [this, &device, done = std::move(done)] { announce(device, done); });
  device.give_challenge(*challenge);
  device.watch().let_in();
  device.switch_on();
  done();
}

// The next generation is announced, and used weeks later, within a year.
void Operator::plan_rollover() {
  world_.queue.after(dice_.between(days(120), days(280)), [this] { announce_generation(); });
}

// A conflict says that a cut came after it was done.
void Operator::announce_generation() {
  if (finished_) return;
  const Status done = world_.hub.operate([&](SimHub::Verbs& verbs) -> Status {
    TRY([[maybe_unused]] const int number, verbs.rollover.announce({pki::KeyFamily::ec, 256}, caller));
    return {};
  });
  if (!done && done.error().code() != ErrorCode::conflict)
    return world_.queue.after(hours(1), [this] { announce_generation(); });
  world_.journal.event("hub", "announces the next generation");
  world_.queue.after(dice_.between(days(20), days(60)), [this] { activate_generation(); });
}

void Operator::activate_generation() {
  if (finished_) return;
  const Status done = world_.hub.operate([&](SimHub::Verbs& verbs) -> Status {
    TRY([[maybe_unused]] const int number, verbs.rollover.activate(caller));
    return {};
  });
  if (!done && done.error().code() != ErrorCode::conflict)
    return world_.queue.after(hours(1), [this] { activate_generation(); });
  ++world_.counts.rollovers;
  rollovers_.emplace(static_cast<int>(rollovers_.size()) + 2, world_.queue.now());
  world_.journal.event("hub", "rolls over to the next generation");
  plan_rollover();
}

void Operator::begin() {
  world_.queue.after(hours(24), [this] {
    if (finished_) return;
    day();
    begin();
  });
}

void Operator::day() {
  world_.hub.tick();
  decide_requests();
  const double devices = static_cast<double>(devices_.size());
  // Of a thousand devices, one is revoked each month, and one is asked to renew each week.
  if (dice_.chance(devices / 1000 / 30)) revoke_somebody();
  if (dice_.chance(devices / 1000 / 7)) ask_for_renewal();
}

void Operator::decide_requests() {
  const Status done = world_.hub.operate([&](SimHub::Verbs& verbs) -> Status {
    std::vector<hub::TransactionRecord> waiting;
    TRY_STATUS(verbs.ledger.read([&](hub::Books& books) -> Status {
      TRY(waiting, books.transactions().list(hub::TransactionRecord::State::pending, 0, 1000));
      return {};
    }));
    for (const hub::TransactionRecord& record : waiting) {
      const auto [decision, fresh] = decisions_.emplace(
          record.id, world_.queue.now() + dice_.between(hours(0), dice_.chance(0.2) ? days(10) : days(1)));
      if (!finished_ && decision->second > world_.queue.now()) continue;
      Device* device = device_of(record.subject);
      if (device == nullptr) continue;
      if (!finished_ && dice_.chance(0.1)) {
        TRY_STATUS(verbs.requests.reject(record.id, "who is this?", caller));
        ++world_.counts.rejected;
        let_in(*device, dice_.between(hours(1), days(4)));
      } else {
        TRY([[maybe_unused]] const auto certificate, verbs.requests.approve(record.id, caller));
        ++world_.counts.approved;
      }
    }
    return {};
  });
  if (!done && done.error().code() != ErrorCode::unavailable)
    world_.journal.finding("operator", "cannot decide a request: " + done.error().text());
}

void Operator::revoke_somebody() {
  Device& device = *devices_[static_cast<std::size_t>(dice_.number(0, static_cast<std::int64_t>(devices_.size()) - 1))];
  if (device.kind().long_absence || !device.watch().certificate() || device.watch().is_revoked() ||
      waits_for_challenge_.contains(device.name()))
    return;
  waits_for_challenge_.insert(device.name());
  revoke(device);
}

// Every good certificate of the device: as one does with a device that was stolen. What a cut left half done is done
// again.
void Operator::revoke(Device& device) {
  if (finished_) return;
  const Status done = world_.hub.operate([&](SimHub::Verbs& verbs) -> Status {
    std::vector<pki::Serial> good;
    TRY_STATUS(verbs.ledger.read([&](hub::Books& books) -> Status {
      TRY(const auto page, books.certificates().list({.state = ca::CertificateRecord::State::issued,
                                                      .text = device.name(),
                                                      .expires_after = world_.queue.seconds() - days(365),
                                                      .limit = 100,
                                                      .now = world_.queue.seconds()}));
      good.clear();
      for (const ca::CertificateRecord& record : page.rows)
        if (record.subject == device.subject()) good.push_back(record.serial);
      return {};
    }));
    for (const pki::Serial& serial : good)
      TRY_STATUS(verbs.revocation.revoke(serial, pki::RevocationReason::key_compromise, caller));
    return {};
  });
  if (!done) return world_.queue.after(hours(1), [this, &device] { revoke(device); });
  ++world_.counts.revoked_devices;
  world_.journal.event(device.name(), "is revoked");
  device.watch().revoked();
  let_in(device, dice_.between(hours(2), days(20)));
}

void Operator::let_in(Device& device, Millis delay) {
  waits_for_challenge_.insert(device.name());
  world_.queue.after(delay, [this, &device] {
    if (!waits_for_challenge_.contains(device.name())) return;
    auto challenge = mint_for(device);
    if (!challenge) return let_in(device, hours(3));
    waits_for_challenge_.erase(device.name());
    world_.journal.event(device.name(), "is given a new challenge");
    device.watch().let_in();
    device.give_challenge(*challenge);
  });
}

void Operator::ask_for_renewal() {
  Device& device = *devices_[static_cast<std::size_t>(dice_.number(0, static_cast<std::int64_t>(devices_.size()) - 1))];
  static_cast<void>(world_.hub.operate([&](SimHub::Verbs& verbs) -> Status {
    std::optional<fleet::Node> node;
    TRY_STATUS(verbs.ledger.read([&](hub::Books& books) -> Status {
      TRY(node, books.nodes().find_by_name(device.name()));
      return {};
    }));
    if (!node || node->state != fleet::NodeState::admitted) return {};
    ++asked_[device.name()];
    ++world_.counts.orders;
    world_.journal.event(device.name(), "is asked to renew");
    TRY([[maybe_unused]] const auto order, verbs.orders.create({.node_id = node->id,
                                                                .verb = "renew_slot",
                                                                .slot = std::string(slot),
                                                                .parameters = {},
                                                                .certificates = {},
                                                                .lifetime = days(7)},
                                                               caller));
    return {};
  }));
}

void Operator::finish() {
  finished_ = true;
  decide_requests();
  for (const std::string& name : std::set(waits_for_challenge_))
    let_in(*device_of("CN=" + name), minutes(dice_.number(1, 100)));
  // Requests that come only now, of those that were let in just now.
  for (int day = 1; day < 9; ++day)
    world_.queue.after(days(day), [this] {
      world_.hub.tick();
      decide_requests();
    });
}

}  // namespace chancery::sim
