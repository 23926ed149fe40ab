#pragma once

// Files under vectors/, for tests. CHANCERY_VECTORS is defined for them by the build.

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"

namespace chancery::testing {

// The file vectors/`path`, which must be there.
inline Bytes read_vector(std::string_view path) {
  std::ifstream file(std::string(CHANCERY_VECTORS "/").append(path), std::ios::binary);
  CHECK(file.is_open());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace chancery::testing
