// A device's talk with the hub: every message goes as JSON over a network that loses, doubles and delays.

#include <fmt/format.h>

#include "sim/device.h"

namespace chancery::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

void Device::call(const agent::OutgoingCheckIn& outgoing) {
  ++world_.counts.check_ins;
  const std::uint64_t number = ++calls_;
  link_ = Link{.number = number};
  if (!power_.step()) return;
  const std::string message = wire::to_json(outgoing.message);
  const Bytes certificate = to_bytes(outgoing.shown.certificate.der());
  const Millis latency = clock_.lag() + dice_.between(Millis(5), Millis(300));
  const Weather& weather = world_.weather;
  const auto deliver_after = [&](Millis delay, bool wanted) {
    world_.queue.after(delay,
                       [this, number, certificate, message, wanted] { deliver(number, certificate, message, wanted); });
  };
  const auto fail_after = [&](Millis delay) {
    world_.queue.after(delay, [this, number] { answered(number, unavailable("no answer")); });
  };
  const std::string what = fmt::format("CheckIn{}{}", outgoing.message.inventory ? "+inventory" : "",
                                       outgoing.message.results.empty() ? "" : "+results");
  if (!connected()) return no_connection(number);
  if (dice_.chance(weather.request_lost)) {
    world_.journal.arrow(name_, true, what, "lost");
    return fail_after(latency + dice_.between(seconds(10), minutes(6)));
  }
  if (dice_.chance(weather.late)) {
    world_.journal.arrow(name_, true, what, "lost, or late");
    deliver_after(latency + dice_.between(minutes(1), dice_.chance(0.2) ? hours(24 * 20) : hours(2)), false);
    return fail_after(latency + dice_.between(seconds(10), minutes(6)));
  }
  world_.journal.arrow(name_, true, what);
  deliver_after(latency, true);
  if (dice_.chance(weather.doubled)) deliver_after(latency + dice_.between(Millis(1), minutes(1)), false);
}

// `wanted`: somebody waits for the answer; else it is a message's double, or came too late.
void Device::deliver(std::uint64_t number, const Bytes& certificate, const std::string& message, bool wanted) {
  const bool waits = wanted && link_ && link_->number == number;
  if (!world_.hub.up()) {
    if (waits) no_connection(number);
    return;
  }
  const std::uint64_t held =
      world_.hub.check_in(certificate, message, name_, [this, number, wanted](Result<std::string> answer) {
        if (!wanted) return;
        const bool lost = dice_.chance(world_.weather.reply_lost);
        const Millis delay = lost ? dice_.between(seconds(10), minutes(6)) : dice_.between(Millis(5), Millis(300));
        if (!link_ || link_->number != number) return;
        link_->held = 0;
        world_.journal.arrow(name_, false, answer ? "Answer" : answer.error().text(), lost ? "lost" : "");
        if (lost) answer = unavailable("no answer");
        world_.queue.after(delay, [this, number, answer = std::move(answer)] { answered(number, answer); });
      });
  // What a device said long ago may have taken the place of what it says now. The next request would put that right,
  // and comes within five minutes: so this time it is not left out.
  if (!wanted)
    world_.queue.after(minutes(5), [this] {
      if (link_) world_.hub.let_go(link_->held);
    });
  if (held == 0) return;
  if (link_ && link_->number == number && wanted)
    link_->held = held;
  else if (dice_.chance(0.8))
    world_.hub.hang_up(held);
}

// Tries that cannot succeed are left out but for a few devices: they would cost most of a simulation's time.
void Device::no_connection(std::uint64_t number) {
  if (!link_ || link_->number != number) return;
  if (!kind_.restless) {
    link_->waiting = true;
    return;
  }
  world_.queue.after(dice_.between(seconds(1), seconds(30)),
                     [this, number] { answered(number, unavailable("connection refused")); });
}

void Device::hub_is_back() {
  if (!link_ || !link_->waiting || !connected() || !world_.hub.up()) return;
  const std::uint64_t number = link_->number;
  world_.queue.after(dice_.between(Millis(0), minutes(5)),
                     [this, number] { answered(number, unavailable("connection refused")); });
}

void Device::answered(std::uint64_t number, const Result<std::string>& answer) {
  when_free([this, number, answer] {
    if (!link_ || link_->number != number || !agent_) return;
    link_.reset();
    if (!answer) {
      agent_->checked_in(std::unexpected(answer.error()));
    } else {
      const auto read = wire::check_in_answer_from_json(*answer);
      if (!read) world_.journal.finding(name_, "cannot read the hub's answer: " + read.error().text());
      agent_->checked_in(read);
    }
    if (power_.lost()) return lose_power();
    run();
  });
}

void Device::hang_up() {
  if (!link_) return;
  // Now and then the hub does not notice.
  if (link_->held != 0 && dice_.chance(0.95)) world_.hub.hang_up(link_->held);
  link_.reset();
}

}  // namespace chancery::sim
