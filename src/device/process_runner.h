#pragma once

// Programs that the agent runs for a service: to reload it, to restart it, to ask whether it is well.

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace chancery::device {

struct ProcessOrder {
  std::vector<std::string> arguments;    // the program's path from / on first; no shell sees them
  std::vector<std::string> environment;  // "NAME=value"; nothing else is passed on
  Seconds time_limit{30};
};

struct ProcessOutcome {
  int exit_status = 0;  // meaningful when it ended by itself
  int signal = 0;       // that ended it; 0: none
  bool timed_out = false;
  std::string output;  // the last 4 KiB of standard output and error, as printable ASCII in one line
  [[nodiscard]] bool succeeded() const { return !timed_out && signal == 0 && exit_status == 0; }
};

class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;
  // Blocks until the program has ended, or was ended because its time is up. What it started may go on.
  // ErrorCode::unavailable when it cannot be started.
  virtual Result<ProcessOutcome> run(const ProcessOrder& order) = 0;
};

// What it was and how it ended: "/usr/sbin/nginx -s reload ended with 1: nginx: [emerg] …".
[[nodiscard]] std::string told(const ProcessOrder& order, const ProcessOutcome& outcome);

// In a process group of its own, with nothing but standard input (empty) and output open.
class SystemProcessRunner final : public ProcessRunner {
 public:
  // A program whose time is up gets `grace` to end before it is killed.
  explicit SystemProcessRunner(const Clock& clock, std::chrono::milliseconds grace = std::chrono::seconds(2))
      : clock_(clock), grace_(grace) {}
  Result<ProcessOutcome> run(const ProcessOrder& order) override;

 private:
  const Clock& clock_;
  std::chrono::milliseconds grace_;
};

}  // namespace chancery::device
