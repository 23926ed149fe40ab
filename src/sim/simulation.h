#pragma once

// A hub and its devices for some years of their time, decided by a seed: what happened, and which rules were broken.

#include <string>
#include <vector>

#include "sim/breakage.h"
#include "sim/cheap_keys.h"
#include "sim/journal.h"
#include "sim/world.h"

namespace chancery::sim {

struct SimulationOptions {
  std::uint64_t seed = 1;
  int agents = 100;
  int years = 2;                  // at least one
  bool without_rollover = false;  // keys of generations cost as much as ten devices
  std::string directory;          // for the hub's database
  Breakage breakage = Breakage::none;
  std::string trace = {};  // whose messages are told: "node-3", "hub", "all"
  Journal::Print print = {};
  std::size_t most_findings = 20;  // then it ends
};

struct SimulationOutcome {
  std::vector<Finding> findings;
  std::uint64_t digest = 0;  // of all that happened: the same for the same seed and options
  World::Counts counts;
  SimHub::Counts hub;
  std::uint64_t events = 0;
  std::uint64_t issued = 0;
  std::uint64_t explained = 0;  // by lives and by what people asked for
  std::uint64_t grace_renewals = 0;
};

// `keys` may serve one simulation after the other. An error: it could not be run.
Result<SimulationOutcome> simulate(const SimulationOptions& options, CheapKeys& keys);

}  // namespace chancery::sim
