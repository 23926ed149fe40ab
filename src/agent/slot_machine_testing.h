#pragma once

// For the tests of the slot machine: a slot that lives through events.

#include <gtest/gtest.h>

#include <algorithm>

#include "agent/slot_machine.h"
#include "testing/fakes.h"

namespace chancery::agent {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
namespace event = slot_event;
using wire::SlotStage;

inline const Timestamp start{Seconds(1767225600)};  // 2026-01-01
inline const SlotPolicy usual{.renewal = {}, .poll_interval = minutes(1), .has_source = true};

inline event::KnownCertificate certificate_from(Timestamp not_before, Seconds life, std::uint8_t mark = 1) {
  return {.sha256 = Bytes(32, mark), .validity = {.not_before = not_before, .not_after = not_before + life}};
}

// A slot that lives through a list of events, with time given by the test.
struct Slot {
  SlotPolicy policy = usual;
  SlotState state;
  Timestamp now = start;
  Timestamp built = start - days(30);
  double jitter = 0.5;
  std::vector<std::string> notes;

  [[nodiscard]] Moment moment() const { return {.now = now, .no_earlier_than = built, .jitter = jitter}; }
  SlotAction tell(const SlotEvent& event) {
    SlotDecision decision = decide(policy, state, event, moment());
    state = std::move(decision.state);
    for (const SlotNote& note : decision.notes) notes.push_back(std::string(note.what) + ": " + note.text);
    return decision.action;
  }
  [[nodiscard]] std::optional<Timestamp> due() const { return due_at(policy, state, moment()); }
  // Seconds until there is something to do.
  [[nodiscard]] Seconds wait() const { return *due() - now; }
  SlotAction at_due() {
    now = std::max(now, *due());
    return tell(event::Tick{});
  }
  [[nodiscard]] SlotStage stage() const { return stage_of(state, now); }
};

inline Slot with_certificate(Seconds life = days(90)) {
  Slot slot;
  slot.tell(event::Found{});
  slot.tell(event::Tick{});
  slot.tell(event::Installed{certificate_from(slot.now, life)});
  slot.notes.clear();
  return slot;
}

}  // namespace chancery::agent
