#include "sim/mishaps.h"

namespace chancery::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Millis mean_time_between = days(75);
constexpr days four_months{120};

}  // namespace

void Mishaps::begin() {
  plan();
  if (device_.kind().network_time) set_time_monthly();
  if (device_.kind().long_absence) watch_for_long_absence();
  if (device_.kind().seldom_seen) watch_for_last_tenth();
}

void Mishaps::plan() {
  world_.queue.after(dice_.between(minutes(1), 2 * mean_time_between), [this] {
    if (stopped_) return;
    if (!busy_) happen();
    plan();
  });
}

void Mishaps::happen() {
  switch (dice_.pick({0.3, 0.25, 0.2, 0.1, 0.15})) {
    case 0: {
      const Millis longest[] = {hours(24), days(14), days(56), four_months};
      const Millis shortest[] = {hours(1), days(1), days(14), four_months};
      const std::size_t kind = dice_.pick({0.5, 0.34, 0.12, 0.04});
      return be_away(dice_.between(shortest[kind], longest[kind]));
    }
    case 1:
      busy_ = true;
      device_.connect(false);
      return world_.queue.after(dice_.between(minutes(1), dice_.chance(0.2) ? Millis(days(21)) : Millis(days(2))),
                                [this] {
                                  if (stopped_) return;
                                  device_.connect(true);
                                  over();
                                });
    case 2: return wrong_clock();
    case 3:
      busy_ = true;
      device_.break_service(true);
      return world_.queue.after(dice_.between(hours(1), days(4)), [this] {
        if (stopped_) return;
        device_.break_service(false);
        over();
      });
    default: return device_.restart_agent();
  }
}

void Mishaps::over() { busy_ = false; }

void Mishaps::be_away(Millis duration) {
  busy_ = true;
  ++world_.counts.absences;
  device_.switch_off();
  const bool battery = dice_.chance(0.15);
  world_.queue.after(duration, [this, battery] {
    if (stopped_) return;
    if (battery) device_.empty_battery();
    device_.switch_on();
    if (battery) return set_time_soon();
    over();
  });
}

void Mishaps::set_time_soon() {
  world_.queue.after(dice_.between(minutes(1), dice_.chance(0.3) ? hours(48) : hours(1)), [this] {
    if (stopped_) return;
    device_.set_clock_right();
    over();
  });
}

void Mishaps::wrong_clock() {
  busy_ = true;
  switch (dice_.pick({0.3, 0.3, 0.3, 0.1})) {
    case 0: device_.shift_clock(hours(1)); break;
    case 1: device_.shift_clock(-hours(1)); break;
    case 2:
      device_.shift_clock(days(1));
      return world_.queue.after(hours(1), [this] {
        if (stopped_) return;
        device_.set_clock_right();
        over();
      });
    default: device_.shift_clock(-days(dice_.number(2, 400))); break;
  }
  set_time_soon();
}

void Mishaps::set_time_monthly() {
  world_.queue.after(dice_.between(days(20), days(30)), [this] {
    if (stopped_) return;
    if (!busy_ && device_.connected()) device_.set_clock_right();
    set_time_monthly();
  });
}

// Goes shortly before its certificate would be renewed, and is back long after that ended.
void Mishaps::watch_for_long_absence() {
  world_.queue.after(hours(6), [this] {
    if (stopped_ || long_absence_done_) return;
    const auto slot = device_.slot();
    const auto now = world_.queue.seconds();
    if (!busy_ && slot && slot->active && slot->active->renew_at > now && slot->active->renew_at - now < days(2) &&
        slot->active->validity.not_after - now < days(60)) {
      long_absence_done_ = true;
      world_.journal.event(device_.name(), "goes for exactly four months");
      busy_ = true;
      device_.switch_off();
      return world_.queue.after(four_months, [this] {
        if (stopped_) return;
        device_.switch_on();
        over();
      });
    }
    watch_for_long_absence();
  });
}

void Mishaps::watch_for_last_tenth() {
  world_.queue.after(hours(24), [this] {
    if (stopped_) return;
    const auto slot = device_.slot();
    const auto now = world_.queue.seconds();
    if (!busy_ && slot && slot->active && slot->active->renew_at > now && slot->active->renew_at - now < days(2))
      be_seen_briefly(slot->active->validity);
    watch_for_last_tenth();
  });
}

// From before its renewal until after the end, but for one to three visits in the last tenth.
void Mishaps::be_seen_briefly(const pki::Validity& validity) {
  busy_ = true;
  ++world_.counts.absences;
  const auto kind = static_cast<Absence>(dice_.pick({0.3, 0.4, 0.3}));
  be_away(kind, true);
  const SimTime end = validity.not_after;
  const Millis tenth = (validity.not_after - validity.not_before) / 10;
  SimTime at = std::max(world_.queue.now(), end - dice_.between(hours(27), tenth));
  for (auto visits = dice_.number(1, 3), left = visits; left > 0; --left) {
    const SimTime until = at + dice_.between(minutes(75), minutes(120)) / visits;
    for (const auto& [when, is_away] : {std::pair(at, false), std::pair(until, true)})
      world_.queue.at(when, [this, kind, is_away] {
        if (!stopped_) be_away(kind, is_away);
      });
    at = until + dice_.between(hours(1), hours(12));
  }
  world_.queue.at(end + dice_.between(days(1), days(3)), [this, kind] {
    if (stopped_) return;
    be_away(kind, false);
    over();
  });
}

void Mishaps::be_away(Absence kind, bool is_away) {
  switch (kind) {
    case Absence::off: return is_away ? device_.switch_off() : device_.switch_on();
    case Absence::without_network: return device_.connect(!is_away);
    case Absence::without_service: return device_.break_service(is_away);
  }
}

void Mishaps::stop() {
  stopped_ = true;
  device_.secure_power();
  device_.connect(true);
  device_.break_service(false);
  device_.switch_on();
  device_.set_clock_right();
}

}  // namespace chancery::sim
