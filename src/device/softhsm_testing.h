#pragma once

// Tokens in software, for tests: SoftHSM as it is installed, with its tokens in a test's own directory.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "device/process_runner.h"
#include "device/tokens.h"
#include "files/file.h"
#include "testing/fakes.h"
#include "testing/temporary_directory.h"

namespace chancery::device {

class SoftHsm {
 public:
  static constexpr const char* module = "/usr/lib/softhsm/libsofthsm2.so";
  static bool is_installed() { return files::exists(module); }

  SoftHsm() {
    const std::string folder = directory_.file("tokens");
    EXPECT_TRUE(files::make_folder(folder, 0700));
    setting_ = directory_.write("softhsm2.conf", "directories.tokendir = " + folder + "\nlog.level = ERROR\n");
    // The module reads no other setting. Tests of one program run one after the other.
    ::setenv("SOFTHSM2_CONF", setting_.c_str(), 1);
  }

  // A new token with its PIN in a file.
  [[nodiscard]] TokenPlace token(const std::string& label, const std::string& pin = "246813") {
    const testing::FakeClock clock;
    const auto made = SystemProcessRunner(clock).run({.arguments = {"/usr/bin/softhsm2-util", "--init-token", "--free",
                                                                    "--label", label, "--pin", pin, "--so-pin", "9876"},
                                                      .environment = {"SOFTHSM2_CONF=" + setting_}});
    EXPECT_TRUE(made && made->succeeded());
    return {.module = module, .token = label, .pin_file = write_pin(label, pin)};
  }
  std::string write_pin(const std::string& label, const std::string& pin) const {
    const std::string path = directory_.file(label + ".pin");
    EXPECT_TRUE(files::write_file_atomically(path, as_bytes(pin + "\n"), 0600));
    return path;
  }

 private:
  testing::TemporaryDirectory directory_;
  std::string setting_;
};

}  // namespace chancery::device
