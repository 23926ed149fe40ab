#pragma once

#include "ca/authority.h"

namespace chancery::hub {

// Where keys and certificates of generations are kept. Granted by store/hub (files, encrypted).
class GenerationStore {
 public:
  virtual ~GenerationStore() = default;
  // ErrorCode::unavailable when the root's key is kept elsewhere.
  virtual Result<ca::Root> root() = 0;
  virtual Status save(const ca::Generation& generation) = 0;
  // `number` becomes current and the one before old. Atomic.
  virtual Status make_current(int number) = 0;
};

}  // namespace chancery::hub
