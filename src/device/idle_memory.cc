#include "device/idle_memory.h"

#include <malloc.h>
#include <sys/mman.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "files/file.h"

namespace chancery::device {
namespace {

struct Mapping {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

// From a line of /proc/self/maps: "7f00-7f40 r-xp 0001 08:01 77 /lib/x.so". Only code of files: it is never changed, so
// that nothing is lost with its pages.
std::optional<Mapping> code_in(std::string_view line) {
  if (line.find(" r-xp ") == std::string_view::npos || line.find('/') == std::string_view::npos) return std::nullopt;
  Mapping mapping;
  const char* const last = line.data() + line.size();
  const auto [dash, first_error] = std::from_chars(line.data(), last, mapping.begin, 16);
  if (first_error != std::errc() || dash == last || *dash != '-') return std::nullopt;
  const auto [space, second_error] = std::from_chars(dash + 1, last, mapping.end, 16);
  if (second_error != std::errc() || mapping.end <= mapping.begin) return std::nullopt;
  return mapping;
}

}  // namespace

void release_idle_memory() {
  ::malloc_trim(0);
  const auto maps = files::read_file("/proc/self/maps", 1024 * 1024);
  if (!maps) return;
  std::string_view left = as_text(*maps);
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    if (const auto mapping = code_in(left.substr(0, end)))
      static_cast<void>(
          ::madvise(reinterpret_cast<void*>(mapping->begin), mapping->end - mapping->begin, MADV_DONTNEED));
    left.remove_prefix(std::min(end + 1, left.size()));
  }
}

}  // namespace chancery::device
