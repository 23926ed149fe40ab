#pragma once

// What must hold when nothing has gone wrong for a while, and what the ledger tells of the whole time.

#include <memory>
#include <vector>

#include "sim/device.h"
#include "sim/operator.h"
#include "sim/simulation.h"

namespace chancery::sim {

using Devices = std::vector<std::unique_ptr<Device>>;

// Each device has a good certificate, has nothing more to do, and the hub knows it.
Status check_end(World& world, const Devices& devices);

// Each certificate is the device's first one, replaces one most of whose life was over and that no other one replaces,
// or somebody asked for it.
Status count_certificates(World& world, const Operator& people, const Devices& devices, SimulationOutcome& outcome);

}  // namespace chancery::sim
