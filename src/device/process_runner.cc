#include "device/process_runner.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace chancery::device {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_output = 4096;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  ~Descriptor() { close(); }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool ok() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

std::unexpected<Error> failed(const ProcessOrder& order, int error) {
  return unavailable(fmt::format("{} cannot be started: {}", order.arguments[0], std::strerror(error)));
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

// Starts it with `output` as standard output and error. The number of an error, or 0.
int spawn(const ProcessOrder& order, int output, pid_t& process) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  if (const int error = ::posix_spawn_file_actions_init(&files)) return error;
  if (const int error = ::posix_spawnattr_init(&attributes)) {
    ::posix_spawn_file_actions_destroy(&files);
    return error;
  }
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  int error = ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  if (error == 0) error = ::posix_spawn_file_actions_adddup2(&files, output, 1);
  if (error == 0) error = ::posix_spawn_file_actions_adddup2(&files, output, 2);
  if (error == 0) error = ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
  if (error == 0) error = ::posix_spawn_file_actions_addchdir_np(&files, "/");
  if (error == 0) error = ::posix_spawnattr_setpgroup(&attributes, 0);
  if (error == 0) error = ::posix_spawnattr_setsigmask(&attributes, &none);
  if (error == 0) error = ::posix_spawnattr_setsigdefault(&attributes, &all);
  if (error == 0)
    error =
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const std::vector<char*> arguments = pointers(order.arguments), environment = pointers(order.environment);
  if (error == 0)
    error = ::posix_spawn(&process, arguments[0], &files, &attributes, arguments.data(), environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return error;
}

// What has been written so far, of which the end is kept. False at the end.
bool read_output(int descriptor, std::string& output) {
  char part[4096];
  for (;;) {
    const ssize_t got = ::read(descriptor, part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    output.append(part, static_cast<std::size_t>(got));
    if (output.size() > most_output) output.erase(0, output.size() - most_output);
  }
}

// Waits until the process has ended, reading what it writes. True when it has, false when the time is up.
bool wait(int process, Descriptor& reading, std::string& output, const Clock& clock, milliseconds limit) {
  const auto end = clock.monotonic() + limit;
  for (milliseconds left = limit;; left = std::chrono::ceil<milliseconds>(end - clock.monotonic())) {
    pollfd waiting[] = {{.fd = process, .events = POLLIN, .revents = 0},
                        {.fd = reading.number(), .events = POLLIN, .revents = 0}};
    const int ready = ::poll(waiting, 2, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready == 0) return false;
    if (waiting[1].revents != 0 && !read_output(reading.number(), output)) reading.close();
    if (waiting[0].revents != 0) return true;
    if (ready < 0 && clock.monotonic() >= end) return false;
  }
}

// A line of an error text, whatever a program wrote.
std::string printable(std::string_view output) {
  while (output.ends_with('\n') || output.ends_with(' ')) output.remove_suffix(1);
  std::string text;
  for (const char c : output) {
    if (c == '\n') {
      text += " / ";
    } else if (c != '\r') {
      text += c == '\t' ? ' ' : c >= 0x20 && c < 0x7f ? c : '?';
    }
  }
  if (text.size() > most_output) text.erase(0, text.size() - most_output);
  return text;
}

}  // namespace

std::string told(const ProcessOrder& order, const ProcessOutcome& outcome) {
  std::string text = fmt::format("{} ", fmt::join(order.arguments, " "));
  if (outcome.timed_out) {
    text += fmt::format("was ended after {}", to_duration_text(order.time_limit));
  } else if (outcome.signal != 0) {
    text += fmt::format("was ended by signal {}", outcome.signal);
  } else {
    text += fmt::format("ended with {}", outcome.exit_status);
  }
  return outcome.output.empty() ? text : text + ": " + outcome.output;
}

Result<ProcessOutcome> SystemProcessRunner::run(const ProcessOrder& order) {
  if (order.arguments.empty() || !order.arguments[0].starts_with('/'))
    return invalid("a program is named by its path from / on");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed(order, errno);
  Descriptor reading(ends[0]), writing(ends[1]);
  ::fcntl(reading.number(), F_SETFL, O_NONBLOCK);
  pid_t process = 0;
  if (const int error = spawn(order, writing.number(), process)) return failed(order, error);
  writing.close();
  // Not reaped yet, so the number is still this process's.
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));

  ProcessOutcome outcome;
  std::string output;
  outcome.timed_out = !handle.ok() || !wait(handle.number(), reading, output, clock_, order.time_limit);
  if (outcome.timed_out) {
    ::kill(-process, SIGTERM);
    if (!handle.ok() || !wait(handle.number(), reading, output, clock_, grace_)) ::kill(-process, SIGKILL);
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  // A service that was started may keep the pipe open: what is there now is all.
  if (reading.ok()) read_output(reading.number(), output);
  if (WIFEXITED(status)) outcome.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  outcome.output = printable(output);
  return outcome;
}

}  // namespace chancery::device
