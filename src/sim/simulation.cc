#include "sim/simulation.h"

#include <fmt/format.h>

#include <memory>

#include "sim/final_checks.h"
#include "sim/mishaps.h"
#include "sim/operator.h"

namespace chancery::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr SimTime first_day{Seconds(1767225600)};  // 2026-01-01
// At the end nothing goes wrong any more for so long, and everything must have come right.
constexpr days calm{12};
// Of one device's share of the hub's writes.
constexpr double hub_cut = 1.0 / 40;

class Simulation {
 public:
  Simulation(const SimulationOptions& options, CheapKeys& keys)
      : options_(options),
        dice_(options.seed),
        end_(first_day + days(365 * options.years)),
        journal_(queue_, options.trace, options.print),
        hub_(queue_, journal_, dice_.split(1),
             {.database = options.directory + "/hub.db",
              .keys = &keys,
              .years = options.years,
              .breakage = options.breakage}),
        world_{.queue = queue_, .journal = journal_, .hub = hub_, .keys = keys, .breakage = options.breakage},
        operator_(world_, devices_, dice_.split(2)) {}

  Result<SimulationOutcome> run() {
    TRY_STATUS_IN("founding the hub", found());
    for (int number = 0; number < options_.agents; ++number) add_device(number);
    operator_.begin();
    if (!options_.without_rollover) operator_.plan_rollover();
    plan_outage();
    queue_.at(end_ - calm, [this] { calm_down(); });
    while (queue_.run_next(end_) && journal_.findings().size() < options_.most_findings) {
    }
    return outcome();
  }

 private:
  Status found() {
    hub_.on_cut = [this] {
      world_.hub_up.set(false, queue_.now());
      queue_.after(dice_.between(seconds(20), minutes(30)), [this] { hub_comes_back(); });
    };
    TRY_STATUS(hub_.found());
    world_.hub_up.set(true, queue_.now());
    const config::Setting year{"validity", "365d"}, grace{"renewal_grace", "180d"}, names{"alternative_names", "dns"},
        challenge{"authorisers", "challenge"}, lifetime{"challenge_lifetime", "365d"};
    TRY_STATUS(hub_.add_endpoint("office", {challenge, names, year, grace, lifetime}));
    TRY_STATUS(hub_.add_endpoint("far", {challenge, names, year, grace, lifetime}));
    TRY_STATUS(hub_.add_endpoint("lab", {{"authorisers", "challenge,manual"}, names, year, grace, lifetime}));
    TRY_STATUS(hub_.add_endpoint("short", {challenge, names, {"validity", "90d"}, grace, lifetime}));
    hub_.risk(hub_cut / options_.agents);
    hub_.stop();
    return hub_.start();
  }

  // Of 25: one with short lives, two far away, one whose request a person decides, one without network time, one with
  // an elliptic key, one that is seldom seen; and in all, two that never leave a try out.
  void add_device(int number) {
    DeviceKind kind{.endpoint = "office"};
    switch (number % 25) {
      case 0: kind.endpoint = "short"; break;
      case 3:
      case 7:
        kind.endpoint = "far";
        kind.slow = true;
        break;
      case 5: kind.endpoint = "lab"; break;
      case 9: kind.network_time = false; break;
      case 13: kind.key = "ec:p256"; break;
      case 21: kind.seldom_seen = true; break;
      case 17: kind.restless = number < 50; break;
      default: break;
    }
    kind.long_absence = number == 0;
    const Dice dice = dice_.split(1000 + static_cast<std::uint64_t>(number));
    devices_.push_back(std::make_unique<Device>(world_, number, kind, dice));
    Device& device = *devices_.back();
    mishaps_.push_back(std::make_unique<Mishaps>(world_, device, dice.split(9)));
    queue_.after(dice_.between(seconds(1), days(30)), [this, number] {
      operator_.announce(*devices_[static_cast<std::size_t>(number)],
                         [this, number] { mishaps_[static_cast<std::size_t>(number)]->begin(); });
    });
  }

  void plan_outage() {
    queue_.after(dice_.between(days(1), days(90)), [this] {
      if (calm_) return;
      plan_outage();
      if (!hub_.up()) return;
      hub_.stop();
      world_.hub_up.set(false, queue_.now());
      const std::size_t kind = dice_.pick({0.6, 0.3, 0.1});
      const Millis duration = kind == 0   ? dice_.between(seconds(5), minutes(20))
                              : kind == 1 ? dice_.between(hours(1), hours(12))
                                          : Millis(hours(62));  // a weekend
      queue_.after(duration, [this] { hub_comes_back(); });
    });
  }

  void hub_comes_back() {
    if (hub_.up()) return;
    const Status started = hub_.start();
    CHECK(started.has_value());
    world_.hub_up.set(true, queue_.now());
    for (const auto& device : devices_) device->hub_is_back();
  }

  void calm_down() {
    calm_ = true;
    world_.weather = {};
    hub_.risk(0);
    hub_.stop();
    hub_comes_back();
    for (const auto& mishaps : mishaps_) mishaps->stop();
    operator_.finish();
  }

  Result<SimulationOutcome> outcome() {
    SimulationOutcome outcome;
    if (journal_.findings().empty()) {
      TRY_STATUS_IN("looking at the end", check_end(world_, devices_));
    }
    TRY_STATUS_IN("counting certificates", count_certificates(world_, operator_, devices_, outcome));
    for (const auto& device : devices_) {
      journal_.number(device->steps());
      world_.counts.steps += device->steps();
    }
    journal_.number(outcome.issued);
    outcome.findings = journal_.findings();
    outcome.digest = journal_.digest();
    outcome.counts = world_.counts;
    outcome.hub = hub_.counts();
    outcome.events = queue_.done();
    return outcome;
  }

  const SimulationOptions& options_;
  EventQueue queue_{first_day};
  Dice dice_;
  SimTime end_;
  Journal journal_;
  SimHub hub_;
  World world_;
  std::vector<std::unique_ptr<Device>> devices_;
  std::vector<std::unique_ptr<Mishaps>> mishaps_;
  Operator operator_;
  bool calm_ = false;
};

}  // namespace

Result<SimulationOutcome> simulate(const SimulationOptions& options, CheapKeys& keys) {
  keys.begin_again();
  Simulation simulation(options, keys);
  return simulation.run();
}

}  // namespace chancery::sim
