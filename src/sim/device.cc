#include "sim/device.h"

#include <fmt/format.h>

namespace chancery::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Millis clock_is_right = minutes(10);
constexpr int most_turns = 200;
constexpr unsigned most_hasty = 5000;

}  // namespace

Device::Device(World& world, int number, DeviceKind kind, Dice dice)
    : world_(world),
      name_(fmt::format("node-{}", number)),
      kind_(std::move(kind)),
      dice_(dice.split(1)),
      clock_(world.queue),
      power_(dice.split(2)),
      disk_(power_, world.breakage),
      transport_(world,
                 {.device = name_,
                  .endpoint = kind_.endpoint,
                  .address = fmt::format("10.{}.{}.{}", number / 65536, number / 256 % 256, number % 256),
                  .slow = kind_.slow},
                 power_, clock_, dice.split(3)),
      watch_(world, name_),
      random_(dice.split(4)),
      built_(world.queue.seconds() - std::chrono::days(30)) {
  store_.before_write = [this] { return power_.step(); };
  transport_.on_busy = [this](Seconds pause) { watch_.asked_to_wait(pause); };
  // Minutes a month where the clock is set again, and few where it never is.
  clock_.drift(kind_.network_time ? dice_.number(-110, 110) : dice_.number(-2, 2));
}

// Does `work` when the device has finished what it is doing.
void Device::when_free(std::function<void()> work) {
  if (world_.queue.now() < busy_until_)
    return world_.queue.at(busy_until_, [this, work = std::move(work)]() mutable { when_free(std::move(work)); });
  clock_.caught_up();
  work();
}

void Device::boot() {
  power_.come_back();
  power_.risk(world_.weather.power_cut);
  if (std::exchange(battery_empty_, false)) {
    clock_.set(SimTime() + dice_.between(seconds(0), minutes(10)));
    time_.synchronised = false;
  }
  ++boot_;
  ++world_.counts.boots;
  hasty_ = 0;
  disk_.restarted();
  if (world_.breakage == Breakage::draw_anew) {
    auto slots = store_.slots().value();
    for (auto& [slot, state] : slots) {
      state.active.reset();
      static_cast<void>(store_.save({.slot = slot, .state = state}));
    }
  }
  world_.journal.event(name_, "starts", to_rfc3339(clock_.now()));
  agent::SlotSetup setup{.name = "tls", .service = "web server"};
  setup.subject = pki::Name::from_text(subject()).value();
  setup.names = {pki::general_name_from_text(alternative_name()).value()};
  setup.key = pki::key_spec_from_text(kind_.key).value();
  setup.source = {.url = "http://hub.example/scep/" + kind_.endpoint, .fingerprint = world_.hub.fingerprint()};
  if (world_.breakage == Breakage::never_renew) setup.policy.renewal = {.earliest = 150, .latest = 160};
  std::vector<agent::SlotEntry> slots;
  slots.push_back({.setup = std::move(setup),
                   .parts = {.folder = disk_,
                             .transport = &transport_,
                             .challenge = [this] { return challenge(); },
                             .keys = &world_.keys}});
  static SystemRandom unknown;
  Random& random = world_.breakage == Breakage::real_randomness ? static_cast<Random&>(unknown) : random_;
  auto made = agent::Supervisor::start({.identity = {.version = "1.0", .node = name_, .boot_id = std::to_string(boot_)},
                                        .built = built_,
                                        .has_hub = true},
                                       std::move(slots), time_, {store_, disk_, clock_, random, log_});
  if (!made) {
    if (!power_.lost()) world_.journal.finding(name_, "does not start: " + made.error().text());
    return lose_power();
  }
  agent_ = std::move(*made);
  update_reachable();
  run();
}

void Device::end() {
  hang_up();
  agent_.reset();
  ++wake_;
  clock_.caught_up();
  busy_until_ = world_.queue.now();
  update_reachable();
}

void Device::lose_power() {
  ++world_.counts.power_cuts;
  world_.journal.event(name_, "loses power");
  end();
  const std::uint64_t which = boot_;
  world_.queue.after(dice_.between(seconds(10), dice_.chance(0.1) ? minutes(60 * 24) : minutes(20)), [this, which] {
    if (on_ && which == boot_ && !agent_) boot();
  });
}

void Device::switch_on() {
  if (on_) return;
  on_ = true;
  boot();
}

void Device::switch_off() {
  if (!on_) return;
  on_ = false;
  world_.journal.event(name_, "is switched off");
  end();
}

void Device::restart_agent() {
  if (!agent_) return;
  world_.journal.event(name_, "restarts its agent");
  end();
  boot();
}

void Device::connect(bool connected) {
  transport_.connect(connected);
  world_.journal.event(name_, connected ? "has its network back" : "loses its network");
  update_reachable();
  if (!connected && link_ && link_->held != 0) {
    const std::uint64_t number = link_->number;
    if (dice_.chance(0.9)) world_.hub.hang_up(link_->held);
    link_->held = 0;
    no_connection(number);
  }
  if (connected) hub_is_back();
}

void Device::break_service(bool broken) {
  service_broken_ = broken;
  disk_.break_service(broken);
  world_.journal.event(name_, broken ? "has a service that does not come up" : "has its service back");
  update_reachable();
}

void Device::set_clock_right() {
  when_free([this] {
    clock_.set_right();
    time_.synchronised = true;
    update_reachable();
    run();
  });
}

void Device::shift_clock(Millis by) {
  when_free([this, by] {
    clock_.shift(by);
    time_.synchronised = false;
    world_.journal.event(name_, "has its clock set wrong", to_rfc3339(clock_.now()));
    update_reachable();
    run();
  });
}

void Device::update_reachable() {
  const Millis error = clock_.error();
  watch_.reachable(agent_ != nullptr && connected() && !service_broken_ && error <= clock_is_right &&
                   -error <= clock_is_right);
}

// What the daemon's loop does until there is nothing left to do now.
void Device::run() {
  if (!agent_) return;
  for (int turn = 0; turn < most_turns; ++turn) {
    ++steps_;
    const std::optional<Timestamp> next = agent_->step();
    look();
    bool again = false;
    if (!power_.lost() && link_ && agent_->wants_to_interrupt()) {
      hang_up();
      agent_->checked_in(unavailable("cancelled"));
      again = true;
    } else if (!power_.lost() && !link_) {
      if (const auto outgoing = agent_->check_in()) {
        call(*outgoing);
        again = true;
      }
    }
    if (power_.lost()) return lose_power();
    if (again) continue;
    if (clock_.lag() > Millis(0)) busy_until_ = world_.queue.now() + clock_.lag();
    return plan(next);
  }
  world_.journal.finding(name_, "does not come to rest");
}

void Device::plan(std::optional<Timestamp> next) {
  const std::uint64_t wake = ++wake_;
  if (!next) return;
  Millis delay = *next - clock_.now();
  hasty_ = delay < seconds(2) ? hasty_ + 1 : 0;
  if (hasty_ == most_hasty) world_.journal.finding(name_, "wakes up again and again");
  delay = std::max<Millis>(delay, seconds(1));
  if (world_.breakage == Breakage::oversleep) delay += minutes(6 * 60);
  world_.queue.at(std::max(world_.queue.now(), busy_until_) + delay, [this, wake] {
    if (wake == wake_) when_free([this] { run(); });
  });
}

void Device::look() {
  const DeviceDisk::Pair* live = disk_.live();
  std::optional<Timestamp> renew_at;
  if (const auto view = slot(); view && view->active && live != nullptr && view->active->sha256 == live->fingerprint)
    renew_at = view->active->renew_at;
  watch_.sees(live, power_.lost() ? std::nullopt : renew_at);
}

std::optional<agent::SlotView> Device::slot() const {
  if (!agent_) return std::nullopt;
  return agent_->outlines().at(0);
}

bool Device::is_at_rest() const { return agent_ != nullptr && link_ && link_->held != 0; }

}  // namespace chancery::sim
