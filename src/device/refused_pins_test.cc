#include "device/refused_pins.h"

#include <gtest/gtest.h>

#include "files/file.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::device {
namespace {

TEST(RefusedPinsTest, AreRememberedOverARestartUntilAnotherOneIsOrTheFileGoes) {
  const testing::TemporaryDirectory directory;
  testing::FakeRandom random(1);
  const auto restarted = [&] { return RefusedPins(directory.file("refused-pins"), random); };
  EXPECT_FALSE(restarted().contains("office", as_bytes("111111")));
  restarted().keep("office", as_bytes("111111"));
  EXPECT_TRUE(restarted().contains("office", as_bytes("111111")));
  EXPECT_FALSE(restarted().contains("office", as_bytes("246813")));
  EXPECT_FALSE(restarted().contains("home", as_bytes("111111")));
  const std::string file = restarted().file_of("office");
  EXPECT_EQ(as_text(files::read_file(file).value()).find("111111"), std::string_view::npos);
  EXPECT_TRUE(files::read_secret_file(file, files::Privacy::owner_only));
  restarted().keep("office", as_bytes("222222"));
  EXPECT_FALSE(restarted().contains("office", as_bytes("111111")));
  EXPECT_TRUE(restarted().contains("office", as_bytes("222222")));
  restarted().forget("office");
  EXPECT_FALSE(restarted().contains("office", as_bytes("222222")));
  // What cannot be read says nothing.
  ASSERT_TRUE(files::write_file_atomically(file, as_bytes("x\n y"), 0600));
  EXPECT_FALSE(restarted().contains("office", as_bytes("222222")));
}

TEST(RefusedPinsTest, AreKeptInMemoryWhereNoDiskTakesThem) {
  testing::FakeRandom random(1);
  RefusedPins nowhere, unwritable("/proc/nothing/here", random);
  for (RefusedPins* const pins : {&nowhere, &unwritable}) {
    pins->keep("office", as_bytes("111111"));
    EXPECT_TRUE(pins->contains("office", as_bytes("111111")));
    EXPECT_EQ(pins->file_of("office"), "");
    pins->forget("office");
    EXPECT_FALSE(pins->contains("office", as_bytes("111111")));
  }
}

}  // namespace
}  // namespace chancery::device
