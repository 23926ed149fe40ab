#pragma once

// What everything in a simulation shares.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "agent/key_maker.h"
#include "sim/breakage.h"
#include "sim/journal.h"
#include "sim/sim_hub.h"
#include "sim/uptime.h"

namespace chancery::sim {

// How likely what goes wrong with one message, and with one write.
struct Weather {
  double request_lost = 0, reply_lost = 0, doubled = 0, late = 0, stale = 0, busy = 0, power_cut = 0;
};
inline constexpr Weather storm{.request_lost = 0.02,
                               .reply_lost = 0.02,
                               .doubled = 0.02,
                               .late = 0.02,
                               .stale = 0.01,
                               .busy = 0.01,
                               .power_cut = 0.003};

struct World {
  EventQueue& queue;
  Journal& journal;
  SimHub& hub;
  agent::KeyMaker& keys;
  Breakage breakage = Breakage::none;
  Weather weather = storm;
  Uptime hub_up = {};
  std::map<std::string, Bytes> serials = {};      // of every certificate that a device had, with its fingerprint
  std::set<std::pair<Bytes, Bytes>> issued = {};  // an authority's certificate, and the one that signed it

  struct Counts {
    std::uint64_t power_cuts = 0, lost = 0, doubled = 0, late = 0, absences = 0, boots = 0, steps = 0, installed = 0,
                  revoked_devices = 0, rollovers = 0, orders = 0, approved = 0, rejected = 0, check_ins = 0,
                  exchanges = 0;
  } counts = {};
};

}  // namespace chancery::sim
