#pragma once

#include <cstdint>

#include "ca/authority.h"

namespace chancery::hub {

// Where keys and certificates of generations are kept, and which CRL number of each was the last. Granted by store/hub
// (files, the keys encrypted).
class GenerationStore {
 public:
  virtual ~GenerationStore() = default;
  // ErrorCode::unavailable when the root's key is kept elsewhere.
  virtual Result<ca::Root> root() = 0;
  virtual Status save(const ca::Generation& generation) = 0;
  // `number` becomes current and the one before old. Atomic.
  virtual Status make_current(int number) = 0;
  // The highest that was kept; 0: none. It is kept beside the keys, so that an older copy of the ledger uses no number
  // a second time (RFC 5280 section 5.2.3).
  virtual Result<std::uint64_t> highest_crl_number(int generation) = 0;
  virtual Status keep_crl_number(int generation, std::uint64_t number) = 0;
};

}  // namespace chancery::hub
