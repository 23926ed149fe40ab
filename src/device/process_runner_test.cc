#include "device/process_runner.h"

#include <gtest/gtest.h>

#include "testing/fakes.h"

namespace chancery::device {
namespace {

class ProcessRunnerTest : public ::testing::Test {
 protected:
  Result<ProcessOutcome> run(std::vector<std::string> arguments, Seconds limit = Seconds(60)) {
    return runner_.run(
        {.arguments = std::move(arguments), .environment = {"PATH=/usr/bin:/bin", "A=b"}, .time_limit = limit});
  }
  Result<ProcessOutcome> shell(const std::string& script, Seconds limit = Seconds(60)) {
    return run({"/bin/sh", "-c", script}, limit);
  }

  // Stands still, so nothing here depends on how fast the machine is.
  testing::FakeClock clock_;
  SystemProcessRunner runner_{clock_, std::chrono::milliseconds(0)};
};

TEST_F(ProcessRunnerTest, TellsHowAProgramEndedAndWhatItWrote) {
  const auto fine = shell("echo out; echo err >&2").value();
  EXPECT_TRUE(fine.succeeded());
  EXPECT_EQ(fine.output, "out / err");
  const auto bad = shell("echo 'no such host'; exit 3").value();
  EXPECT_FALSE(bad.succeeded());
  EXPECT_EQ(bad.exit_status, 3);
  EXPECT_EQ(told({.arguments = {"/bin/x", "-t"}, .environment = {}}, bad), "/bin/x -t ended with 3: no such host");
  const auto killed = shell("kill -9 $$").value();
  EXPECT_EQ(killed.signal, 9);
  EXPECT_EQ(told({.arguments = {"/bin/x"}, .environment = {}}, killed), "/bin/x was ended by signal 9");
}

TEST_F(ProcessRunnerTest, PassesArgumentsAsTheyAreAndNothingElseOfItsOwn) {
  EXPECT_EQ(run({"/bin/echo", "$HOME; ls", "a b"})->output, "$HOME; ls a b");
  EXPECT_EQ(run({"/usr/bin/env"})->output, "PATH=/usr/bin:/bin / A=b");
  EXPECT_EQ(shell("pwd; read x || echo no input")->output, "/ / no input");
  // The last one is the folder that ls reads.
  EXPECT_EQ(run({"/bin/ls", "/proc/self/fd"})->output, "0 / 1 / 2 / 3");
}

TEST_F(ProcessRunnerTest, KeepsTheEndOfALongOutputAndOnlyWhatCanBeShown) {
  const auto outcome =
      shell("i=0; while [ $i -lt 2000 ]; do echo line-$i; i=$((i+1)); done; printf 'a\\tb\\033[1mc\\303'");
  EXPECT_LE(outcome->output.size(), 4096U);
  EXPECT_TRUE(outcome->output.ends_with("line-1999 / a b?[1mc?")) << outcome->output;
}

TEST_F(ProcessRunnerTest, EndsAProgramWhoseTimeIsUpWithAllThatItStarted) {
  const auto outcome = shell("sleep 600 & sleep 600", Seconds(0)).value();
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_NE(outcome.signal, 0);
  EXPECT_EQ(told({.arguments = {"/bin/x"}, .environment = {}, .time_limit = Seconds(5)}, outcome),
            "/bin/x was ended after 5s");
}

TEST_F(ProcessRunnerTest, DoesNotWaitForADaemonThatWasStarted) {
  const auto outcome = shell("echo $$; exec 0<&-; sleep 600 & echo $!").value();
  EXPECT_TRUE(outcome.succeeded());
  const std::size_t number = outcome.output.find(" / ");
  ASSERT_NE(number, std::string::npos);
  EXPECT_TRUE(run({"/bin/kill", outcome.output.substr(number + 3)})->succeeded()) << "it goes on";
}

TEST_F(ProcessRunnerTest, SaysWhatCannotBeStarted) {
  const auto outcome = run({"/nowhere/program"});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(outcome.error().text(), "/nowhere/program cannot be started: No such file or directory");
  EXPECT_EQ(run({"program"}).error().code(), ErrorCode::invalid);
}

}  // namespace
}  // namespace chancery::device
