#include "device/alarm.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/check.h"

namespace chancery::device {
namespace {

// A timer that is not set does not tell of a clock that is. This one is set for the year 2200.
constexpr std::int64_t never = 7258118400;

}  // namespace

Result<Alarm> Alarm::make(SetTimer set_timer) {
  const int timer = ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  const int bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  Alarm alarm(timer, bell, set_timer == nullptr ? &::timerfd_settime : set_timer);
  if (timer < 0 || bell < 0) return unavailable("the kernel gives no timer");
  return alarm;
}

Alarm::Alarm(Alarm&& other) noexcept
    : timer_(std::exchange(other.timer_, -1)), bell_(std::exchange(other.bell_, -1)), set_timer_(other.set_timer_) {}

Alarm::~Alarm() {
  if (timer_ >= 0) ::close(timer_);
  if (bell_ >= 0) ::close(bell_);
}

bool Alarm::wait(std::optional<Timestamp> until) {
  itimerspec when{};
  when.it_value.tv_sec = until ? std::int64_t{until->time_since_epoch().count()} : never;
  // Zero would switch it off: whatever lies in the past comes at once.
  if (when.it_value.tv_sec <= 0) when.it_value = {.tv_sec = 0, .tv_nsec = 1};
  if (set_timer_(timer_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr) != 0) {
    // The clock was set since the last wait, while there was work to do.
    CHECK(errno == ECANCELED);
    return false;
  }
  std::array<pollfd, 2> events{
      {{.fd = timer_, .events = POLLIN, .revents = 0}, {.fd = bell_, .events = POLLIN, .revents = 0}}};
  while (::poll(events.data(), events.size(), -1) < 0 && errno == EINTR) {
  }
  // An ECANCELED here says that the clock was set.
  std::uint64_t count = 0;
  const bool expired = ::read(timer_, &count, sizeof count) > 0;
  const bool rung = ::read(bell_, &count, sizeof count) > 0;
  return expired && !rung;
}

void Alarm::ring() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto rung = ::write(bell_, &one, sizeof one);
}

}  // namespace chancery::device
