#pragma once

// CHECK(condition): what only a bug can make false. On in release; prints the place and ends the process.

namespace chancery {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace chancery

#define CHECK(condition)                                        \
  do {                                                          \
    if (!(condition)) [[unlikely]]                              \
      ::chancery::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
