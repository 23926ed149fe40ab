#include "agent/slot_schedule.h"

#include <algorithm>

namespace chancery::agent {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Seconds least{5};
constexpr Seconds short_usually = minutes(1);
constexpr Seconds long_usually = hours(6);
constexpr Seconds long_when_bare = hours(1);
constexpr Seconds rejected_usually = hours(1);
constexpr Seconds long_near_the_end = minutes(15);
constexpr Seconds rejected_near_the_end = hours(1);
constexpr Seconds longest_poll = minutes(10);
constexpr Seconds longest_retry_after = days(1);
constexpr unsigned most_doublings = 16;

Seconds life_of(const ActiveCertificate& active) {
  return std::max(active.validity.not_after - active.validity.not_before, Seconds(0));
}

bool is_good(const SlotState& state, Timestamp now) { return state.active && now < state.active->validity.not_after; }

Seconds left(const SlotState& state, Timestamp now) { return state.active->validity.not_after - now; }

// Between four fifths of it and the whole.
Seconds spread(Seconds delay, double jitter) {
  const auto whole = static_cast<double>(delay.count());
  return Seconds(static_cast<Seconds::rep>(whole * (0.8 + 0.2 * jitter)));
}

Seconds grown(Seconds first, unsigned times, Seconds longest) {
  Seconds delay = first;
  for (unsigned done = 0; done < std::min(times, most_doublings) && delay < longest; ++done) delay *= 2;
  return std::min(delay, longest);
}

Seconds before_the_end(Seconds delay, int part, const SlotState& state, Timestamp now) {
  if (!is_good(state, now)) return delay;
  return std::min(delay, std::max(left(state, now) / part, shortest_delay(state)));
}

// No longer than into the last tenth by `longest`.
Seconds into_the_last_tenth(Seconds delay, Seconds longest, const SlotState& state, Timestamp now) {
  if (!is_good(state, now)) return delay;
  const Seconds until = last_tenth_of(state.active->validity) - now;
  return std::min(delay, std::max(until, Seconds(0)) + longest);
}

}  // namespace

Timestamp last_tenth_of(const pki::Validity& validity) {
  return validity.not_after - std::max(validity.not_after - validity.not_before, Seconds(0)) / 10;
}

Timestamp renewal_time(const pki::Validity& validity, Timestamp installed_at, RenewalSpan span, double jitter) {
  const Timestamp from = std::max(validity.not_before, installed_at);
  const auto life = static_cast<double>(std::max(validity.not_after - from, Seconds(0)).count());
  const double percent = span.earliest + (span.latest - span.earliest) * jitter;
  return from + Seconds(static_cast<Seconds::rep>(life * percent / 100));
}

Seconds shortest_delay(const SlotState& state) {
  if (!state.active) return short_usually;
  return std::clamp(life_of(*state.active) / 200, least, short_usually);
}

Seconds back_off(const SlotState& state, Setback setback, Timestamp now, double jitter) {
  Seconds first = shortest_delay(state) * 5 / 4;
  Seconds longest =
      state.active ? std::clamp<Seconds>(life_of(*state.active) / 10, minutes(1), long_usually) : Seconds(long_usually);
  if (setback == Setback::rejected)
    first = state.active ? std::clamp(life_of(*state.active) / 50, least * 6, rejected_usually) : rejected_usually;
  else if (!is_good(state, now))
    longest = std::min(longest, long_when_bare);
  const Seconds delay = grown(first, std::max(state.failures, 1U) - 1, std::max(first, longest));
  const Seconds then = setback == Setback::rejected ? rejected_near_the_end : long_near_the_end;
  return before_the_end(into_the_last_tenth(spread(delay, jitter), spread(then, jitter), state, now), 20, state, now);
}

Seconds poll_delay(const SlotState& state, Seconds interval, Timestamp now, double jitter) {
  const Seconds longest = std::max(interval, longest_poll);
  Seconds delay = std::max(interval, least);
  Seconds waited{0};
  for (unsigned done = 0; done < state.polls && delay < longest; ++done) {
    waited += delay;
    delay = std::max(delay, waited / 10);
  }
  const Seconds then = spread(long_near_the_end, jitter);
  return before_the_end(into_the_last_tenth(spread(std::min(delay, longest), jitter), then, state, now), 20, state,
                        now);
}

Seconds respect(Seconds retry_after, Seconds delay, const SlotState& state, Timestamp now) {
  const Seconds asked = before_the_end(std::min(retry_after, longest_retry_after), 4, state, now);
  return std::max(asked, delay);
}

}  // namespace chancery::agent
