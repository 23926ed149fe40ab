#pragma once

// What happened: as a digest that two runs are compared by, as a trace for people, and what broke a rule.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/event_queue.h"

namespace chancery::sim {

struct Finding {
  SimTime at;
  std::string who;
  std::string text;
};

class Journal {
 public:
  using Print = std::function<void(const std::string&)>;

  // `traced`: whose events are printed, or "all"; empty: nobody's.
  Journal(const EventQueue& queue, std::string traced, Print print)
      : queue_(queue), traced_(std::move(traced)), print_(std::move(print)) {}

  // `what` goes into the digest, `detail` only into the trace: it may tell of keys, which differ from run to run.
  void event(std::string_view who, std::string_view what, std::string_view detail = {});
  // A message on its way: "──RenewalReq──▶ hub".
  void arrow(std::string_view who, bool outwards, std::string_view what, std::string_view fate = {});
  void number(std::uint64_t value);
  void finding(std::string_view who, std::string text);

  [[nodiscard]] bool traces(std::string_view who) const { return traced_ == "all" || (!who.empty() && traced_ == who); }
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  void mix(std::string_view text);
  void print(std::string_view text);

  const EventQueue& queue_;
  std::string traced_;
  Print print_;
  std::vector<Finding> findings_;
  std::uint64_t digest_ = 0xcbf29ce484222325U;
};

}  // namespace chancery::sim
