#pragma once

// How many files and connections this process may have open.

#include <cstddef>

namespace chancery::http {

// Raises the process's own limit so that `wanted` are allowed, as far as the system lets it. Returns how many are.
// For main: it changes the whole process.
std::size_t allow_descriptors(std::size_t wanted);

}  // namespace chancery::http
