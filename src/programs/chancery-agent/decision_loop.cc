#include "programs/chancery-agent/decision_loop.h"

#include "device/idle_memory.h"

namespace chancery::agent_program {
namespace {

constexpr Seconds long_sleep{5};
// Until then the thread of the link has sent what was decided, and its answer has come or is waited for.
constexpr Seconds settling{2};

}  // namespace

DecisionLoop::DecisionLoop(agent::Supervisor& supervisor, agent::HubLink* link, device::Alarm alarm, const Clock& clock)
    : supervisor_(supervisor), link_(link), alarm_(std::move(alarm)), clock_(clock), view_(supervisor.view()) {}

void DecisionLoop::start() {
  decisions_ = std::thread([this] { decide(); });
  if (link_ != nullptr) linking_ = std::thread([this] { link_up(); });
}

void DecisionLoop::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  alarm_.ring();
  link_wakes_.notify_all();
  if (decisions_.joinable()) decisions_.join();
  // The thread of decisions has left; nobody else cancels from now on.
  while (linking_.joinable()) {
    link_->cancel();
    std::unique_lock lock(mutex_);
    if (!link_wakes_.wait_for(lock, std::chrono::milliseconds(100), [this] { return link_is_down_; })) continue;
    lock.unlock();
    linking_.join();
  }
}

void DecisionLoop::post(Work work) {
  {
    const std::scoped_lock lock(mutex_);
    queue_.push_back(std::move(work));
  }
  alarm_.ring();
}

agent::AgentView DecisionLoop::view() const {
  const std::scoped_lock lock(mutex_);
  agent::AgentView view = view_;
  view.now = clock_.now();
  return view;
}

void DecisionLoop::publish() {
  agent::AgentView view = supervisor_.view();
  const std::scoped_lock lock(mutex_);
  view_ = std::move(view);
}

// False when it is time to stop; what was posted until then is done.
bool DecisionLoop::work_off() {
  std::unique_lock lock(mutex_);
  while (!queue_.empty()) {
    const Work work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work(supervisor_);
    lock.lock();
  }
  return !stopping_;
}

void DecisionLoop::decide() {
  while (work_off()) {
    std::optional<Timestamp> next = supervisor_.step();
    if (link_ != nullptr) {
      if (supervisor_.wants_to_interrupt()) {
        const std::scoped_lock lock(mutex_);
        interrupting_ = true;
      }
      if (auto message = supervisor_.check_in()) {
        const std::scoped_lock lock(mutex_);
        outgoing_ = std::move(message);
        link_wakes_.notify_all();
        next = supervisor_.step();
      }
      const std::scoped_lock lock(mutex_);
      if (interrupting_) {
        // The message may not have got so far that it can be ended: once more in a moment.
        link_->cancel();
        const Timestamp soon = clock_.now() + Seconds(1);
        if (!next || soon < *next) next = soon;
      }
    }
    publish();
    rest(next);
  }
}

// Before a long sleep memory is given back, once all threads have been still for a moment.
void DecisionLoop::rest(std::optional<Timestamp> next) {
  const Timestamp now = clock_.now();
  if (!next || *next - now >= long_sleep) {
    if (!alarm_.wait(now + settling)) return;  // There is something to do already.
    device::release_idle_memory();
  }
  alarm_.wait(next);
}

void DecisionLoop::link_up() {
  agent::HubLink& link = *link_;
  std::unique_lock lock(mutex_);
  while (true) {
    link_wakes_.wait(lock, [this] { return stopping_ || outgoing_; });
    if (stopping_) break;
    const agent::OutgoingCheckIn message = std::move(*outgoing_);
    outgoing_.reset();
    lock.unlock();
    auto answer = link.check_in(message.message, message.shown);
    lock.lock();
    interrupting_ = false;
    queue_.emplace_back([answer = std::move(answer)](agent::Supervisor& supervisor) { supervisor.checked_in(answer); });
    alarm_.ring();
  }
  link_is_down_ = true;
  link_wakes_.notify_all();
}

}  // namespace chancery::agent_program
