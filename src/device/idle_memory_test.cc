#include "device/idle_memory.h"

#include <gtest/gtest.h>

#include <charconv>

#include "files/file.h"

namespace chancery::device {
namespace {

// In KiB, of pages that belong to files.
int resident_of_files() {
  const Bytes status = files::read_file("/proc/self/status").value();
  const std::string_view text = as_text(status);
  std::size_t at = text.find("RssFile:") + 8;
  while (text[at] == ' ' || text[at] == '\t') ++at;
  int amount = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), amount);
  return amount;
}

TEST(IdleMemory, LeavesLessOfTheProgramMappedAndTheProgramGoesOn) {
  const int before = resident_of_files();
  release_idle_memory();
  EXPECT_LT(resident_of_files(), before);
  release_idle_memory();
}

}  // namespace
}  // namespace chancery::device
