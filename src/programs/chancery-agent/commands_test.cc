#include "programs/chancery-agent/commands.h"

#include <gtest/gtest.h>

#include <fstream>

#include "files/file.h"
#include "programs/chancery-agent/report.h"
#include "testing/temporary_directory.h"

namespace chancery::agent_program {
namespace {

// What a command printed, and how it ended.
class Console {
 public:
  int run(const std::vector<const char*>& words) {
    std::vector<const char*> arguments = {"chancery-agent"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    int outcome = 0;
    const int failed =
        cli::run(agent_program(outcome), static_cast<int>(arguments.size()), arguments.data(), terminal(false));
    out_.flush();
    err_.flush();
    return failed != 0 ? failed : outcome;
  }
  cli::Terminal terminal(bool interactive) { return {out_, err_, interactive}; }
  [[nodiscard]] std::string errors() {
    err_.flush();
    return std::string(as_text(files::read_file(directory_.file("err")).value_or(Bytes())));
  }
  [[nodiscard]] std::string folder(std::string_view name) const { return directory_.file(name); }

 private:
  testing::TemporaryDirectory directory_;
  std::ofstream out_{directory_.file("out")}, err_{directory_.file("err")};
};

TEST(Commands, SayWhatIsMissingBeforeAnythingIsSent) {
  const struct {
    std::vector<const char*> words;
    int exit_code;
    const char* expect;
  } rows[] = {
      {{"enroll", "--subject", "CN=a"}, 2, "say where keys and certificates are: --out FOLDER"},
      {{"enroll", "--subject", "CN=a", "--out", "x"}, 2, "say which SCEP server: --url http://HOST/PATH"},
      {{"enroll", "--subject", "nonsense", "--out", "x"}, 2, "--subject: "},
      {{"enroll", "--subject", "CN=a", "--key", "rsa:1024"}, 2, "--key: "},
      {{"enroll", "--subject", "CN=a", "--ip", "10.0.0.256"}, 2, "--ip: "},
      {{"enroll", "--subject", "CN=a", "--wait", "soon"}, 2, "--wait: "},
      {{"enroll", "--subject", "CN=a", "--poll-interval", "0s"}, 2, "--poll-interval must be at least one second"},
      {{"get-ca"}, 2, "say which SCEP server: --url http://HOST/PATH"},
      {{"get-ca", "--url", "ftp://x/"}, 2, "--url: "},
      {{"get-ca", "--url", "x", "--fingerprint", "ab"}, 2, "--fingerprint: "},
      {{"get-ca", "--url", "x", "--timeout", "0s"}, 2, "--timeout must be at least one second"},
      {{"poll"}, 2, "say where keys and certificates are: --out FOLDER"},
  };
  for (const auto& row : rows) {
    Console console;
    EXPECT_EQ(console.run(row.words), row.exit_code) << row.expect;
    EXPECT_TRUE(console.errors().starts_with(std::string("chancery-agent: ") + row.expect)) << console.errors();
  }
}

TEST(Commands, ThatContinueSomethingDoNotMakeAFolder) {
  for (const char* command : {"poll", "renew", "get-crl"}) {
    Console console;
    const std::string folder = console.folder("certs");
    EXPECT_EQ(console.run({command, "--out", folder.c_str()}), 3) << command;
    EXPECT_FALSE(files::exists(folder)) << command;
  }
}

TEST(Progress, IsALineForEachPollWhereNobodyLooksOn) {
  Console console;
  cli::Terminal terminal = console.terminal(false);
  TerminalProgress progress(terminal);
  for (const int waited : {0, 1, 2, 3}) progress.waiting(Seconds(waited), Seconds(2 - waited % 2));
  EXPECT_EQ(console.errors(), "waiting for approval, 0s, next poll in 2s\nwaiting for approval, 2s, next poll in 2s\n");
}

TEST(Progress, IsOneLineOnATerminal) {
  Console console;
  cli::Terminal terminal = console.terminal(true);
  {
    TerminalProgress progress(terminal);
    progress.waiting(Seconds(130), Seconds(20));
    progress.waiting(Seconds(131), Seconds(19));
  }
  EXPECT_EQ(console.errors(),
            "\r\x1b[Kwaiting for approval, 2m10s, next poll in 20s\r\x1b[Kwaiting for approval, 2m11s, next poll in "
            "19s\n");
}

TEST(Stopwatch, ShowsTheTwoLargestUnits) {
  EXPECT_EQ(stopwatch_text(Seconds(0)), "0s");
  EXPECT_EQ(stopwatch_text(Seconds(59)), "59s");
  EXPECT_EQ(stopwatch_text(Seconds(60)), "1m00s");
  EXPECT_EQ(stopwatch_text(Seconds(3725)), "1h02m");
}

}  // namespace
}  // namespace chancery::agent_program
