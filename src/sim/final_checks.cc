#include "sim/final_checks.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/check.h"
#include "pki/crl.h"

namespace chancery::sim {
namespace {

using std::chrono::days;

void check_device(World& world, const Device& device) {
  const auto slot = device.slot();
  Journal& journal = world.journal;
  const std::string& name = device.name();
  if (!slot) return journal.finding(name, "is not running at the end");
  const Timestamp now = world.queue.seconds();
  journal.number(static_cast<std::uint64_t>(slot->stage));
  if (slot->stage != wire::SlotStage::valid)
    return journal.finding(
        name, fmt::format("is in stage '{}' at the end: {}", wire::to_string(slot->stage), slot->last_error));
  const pki::Validity& validity = slot->active->validity;
  journal.number(static_cast<std::uint64_t>(validity.not_after.time_since_epoch().count()));
  journal.number(static_cast<std::uint64_t>(slot->active->renew_at.time_since_epoch().count()));
  if (!validity.contains(now)) journal.finding(name, "has no good certificate at the end");
  if (!device.is_at_rest()) journal.finding(name, "does not hold a link at the end");
}

Status check_books(World& world, hub::Books& books, const Device& device) {
  const auto slot = device.slot();
  if (!slot || !slot->active) return {};
  TRY(const auto node, books.nodes().find_by_name(device.name()));
  if (!node || node->state != fleet::NodeState::admitted) {
    world.journal.finding(device.name(), "is not admitted at the hub");
    return {};
  }
  TRY(const fleet::Inventory inventory, books.inventories().of(node->id));
  const std::string active = inventory.slots.empty() ? "" : inventory.slots.front().active;
  if (active != to_hex(slot->active->sha256))
    world.journal.finding(device.name(), "uses another certificate than the hub knows of");
  const auto& certificate = device.watch().certificate();
  TRY(const auto record, books.certificates().find(certificate->serial()));
  if (!record || record->state != ca::CertificateRecord::State::issued || !equal(record->der, certificate->der()))
    world.journal.finding(device.name(), "has a certificate at the end that the ledger does not call good");
  return {};
}

// Whatever stopped the hub between a revocation and its CRL: at the end there is one that has them all.
Status check_crls(World& world, hub::Books& books) {
  std::map<int, std::set<std::string>> listed;
  ca::CertificateFilter filter{.state = ca::CertificateRecord::State::revoked, .limit = 500};
  while (true) {
    TRY(const auto page, books.certificates().list(filter));
    for (const ca::CertificateRecord& record : page.rows) {
      if (record.validity.not_after < world.queue.seconds()) continue;
      if (!listed.contains(record.generation)) {
        TRY(const auto latest, books.crls().latest(record.generation));
        CHECK(latest);
        TRY(const pki::Crl crl, pki::Crl::from_der(latest->der));
        for (const pki::RevokedEntry& entry : crl.entries()) listed[record.generation].insert(entry.serial.hex());
      }
      if (!listed[record.generation].contains(record.serial.hex()))
        world.journal.finding("hub", fmt::format("revoked {}, which is not on its CRL", record.serial.hex()));
    }
    if (page.next == 0) return {};
    filter.after = page.next;
  }
}

// One device's certificates, oldest first.
struct History {
  std::vector<ca::CertificateRecord> certificates;
};

// What is asked for after a rollover is the new generation's. Messages may be weeks late, and people are.
void check_generations(World& world, const Operator& people, const std::string& device, const History& history) {
  for (const ca::CertificateRecord& record : history.certificates)
    for (const auto& [number, since] : people.rollovers())
      if (record.generation < number && record.created > std::chrono::floor<Seconds>(since + days(40)))
        world.journal.finding(device, fmt::format("has got {} of generation {}, and {} was the current one",
                                                  record.serial.hex(), record.generation, number));
}

// How many have no reason. A device's clock may be a day ahead, and it counts from the installation.
int without_reason(const History& history, int asked) {
  std::map<std::string, const ca::CertificateRecord*> by_serial;
  std::set<std::string> replaced;
  int unexplained = 0;
  for (const ca::CertificateRecord& record : history.certificates) {
    by_serial[record.serial.hex()] = &record;
    const auto old = by_serial.find(record.replaces);
    if (old == by_serial.end()) {
      --asked;  // with a challenge
      continue;
    }
    const pki::Validity& validity = old->second->validity;
    const bool first = replaced.insert(record.replaces).second;
    if (first &&
        record.created >= validity.not_before + (validity.not_after - validity.not_before) * 59 / 100 - days(1))
      continue;
    ++unexplained;
  }
  return std::max(unexplained - std::max(asked, 0), 0) + std::max(-asked, 0);
}

}  // namespace

Status check_end(World& world, const Devices& devices) {
  for (const auto& device : devices) check_device(world, *device);
  return world.hub.look([&](hub::Books& books) -> Status {
    for (const auto& device : devices) TRY_STATUS(check_books(world, books, *device));
    TRY_STATUS(check_crls(world, books));
    TRY([[maybe_unused]] const auto length, books.audit().verify());
    return {};
  });
}

Status count_certificates(World& world, const Operator& people, const Devices& devices, SimulationOutcome& outcome) {
  std::map<std::string, History> histories;
  TRY_STATUS(world.hub.look([&](hub::Books& books) -> Status {
    histories.clear();
    ca::CertificateFilter filter{.limit = 500};
    filter.ascending = true;
    while (true) {
      TRY(const auto page, books.certificates().list(filter));
      for (const ca::CertificateRecord& record : page.rows) histories[record.subject].certificates.push_back(record);
      if (page.next == 0) break;
      filter.after = page.next;
    }
    return {};
  }));
  std::uint64_t unexplained = 0;
  for (const auto& device : devices) {
    const History& history = histories[device->subject()];
    const auto asked = people.asked().find(device->name());
    check_generations(world, people, device->name(), history);
    const int strange = without_reason(history, asked == people.asked().end() ? 0 : asked->second);
    outcome.issued += history.certificates.size();
    unexplained += static_cast<std::uint64_t>(strange);
    for (const ca::CertificateRecord& record : history.certificates) {
      world.journal.number(static_cast<std::uint64_t>(record.created.time_since_epoch().count()));
      const auto old = std::ranges::find(history.certificates, record.replaces,
                                         [](const auto& other) { return other.serial.hex(); });
      if (old != history.certificates.end() && record.created > old->validity.not_after) ++outcome.grace_renewals;
    }
    if (strange > 0)
      world.journal.finding(device->name(), fmt::format("has {} certificates, {} of them for no reason",
                                                        history.certificates.size(), strange));
  }
  outcome.explained = outcome.issued - unexplained;
  return {};
}

}  // namespace chancery::sim
