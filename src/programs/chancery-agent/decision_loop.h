#pragma once

// The threads around agent::Supervisor: one makes all decisions, and sleeps while nothing is due; one waits for the
// hub.

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "agent/supervisor.h"
#include "device/alarm.h"

namespace chancery::agent_program {

class DecisionLoop {
 public:
  // `link` may be null: there is no hub. All must outlive this.
  DecisionLoop(agent::Supervisor& supervisor, agent::HubLink* link, device::Alarm alarm, const Clock& clock);
  ~DecisionLoop() { stop(); }
  DecisionLoop(const DecisionLoop&) = delete;
  DecisionLoop& operator=(const DecisionLoop&) = delete;

  void start();
  // Waits for what is being done. Later calls do nothing.
  void stop();

  // Runs `work` in the thread of decisions and gives what it gave. REQUIRES: not called from that thread; started.
  template <class Work>
  auto call(Work work) {
    using Given = decltype(work(std::declval<agent::Supervisor&>()));
    std::promise<Given> promise;
    std::future<Given> given = promise.get_future();
    post([&](agent::Supervisor& supervisor) { promise.set_value(work(supervisor)); });
    return given.get();
  }
  // How things stood after the last step: never waits for one.
  [[nodiscard]] agent::AgentView view() const;

 private:
  using Work = std::function<void(agent::Supervisor&)>;
  void post(Work work);
  void decide();
  bool work_off();
  void publish();
  void rest(std::optional<Timestamp> next);
  void link_up();

  agent::Supervisor& supervisor_;
  agent::HubLink* const link_;
  device::Alarm alarm_;
  const Clock& clock_;

  mutable std::mutex mutex_;
  std::deque<Work> queue_;
  agent::AgentView view_;
  std::optional<agent::OutgoingCheckIn> outgoing_;  // for the thread of the link
  bool interrupting_ = false;                       // what is under way is to end
  bool stopping_ = false;
  bool link_is_down_ = false;  // its thread has left
  std::condition_variable link_wakes_;
  std::thread decisions_, linking_;
};

}  // namespace chancery::agent_program
