#include "programs/chancery-agent/commands.h"

#include <gtest/gtest.h>

#include <fstream>

#include "files/file.h"
#include "programs/chancery-agent/local_api.h"
#include "programs/chancery-agent/report.h"
#include "testing/fakes.h"
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

TEST(Status, HasAWordForAHubThatHasNotBeenReached) {
  agent::LinkView link;
  EXPECT_EQ(hub_word(link), "not reached yet");
  link.last_contact = Timestamp(Seconds(1));
  EXPECT_EQ(hub_word(link), "waiting") << "for an administrator";
  link.state = wire::NodeState::admitted;
  EXPECT_EQ(hub_word(link), "admitted");
}

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

// A renewal that the CA rejected, with the names of a certificate that a shell would take apart.
class Rejections : public ::testing::Test {
 protected:
  Rejections() : pending_{pending()} {}
  std::string told(scep::FailInfo info, RejectionHint hint, const char* text = "no") {
    cli::Terminal terminal = console_.terminal(false);
    const agent::Outcome outcome = scep::Rejected{info, text};
    EXPECT_EQ(
        report_outcome({.outcome = outcome, .pending = pending_, .folder = folder_, .hint = hint}, false, terminal),
        exit_rejected);
    return console_.errors();
  }
  static constexpr const char* kept =
      "Key and request are kept in my certs, for somebody on the way can provoke such an answer: the same command "
      "tries them again, and so does chancery-agent poll --out 'my certs'; --start-over drops them.\n";

 private:
  static agent::PendingEnrolment pending() {
    pki::PrivateKey key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value();
    const testing::FakeClock clock;
    pki::CertificateContent content{
        .serial = pki::Serial::from_hex("01").value(),
        .issuer_der = pki::Name::from_text("CN=ca").value().to_der(),
        .subject_der = pki::Name::from_text("CN=it's me,O=Example").value().to_der(),
        .validity = {clock.now(), clock.now() + std::chrono::days(1)},
        .spki = to_bytes(key.public_key().spki()),
        .extensions = {pki::make_subject_alternative_name(
            {pki::general_name_from_text("dns:me.example").value(), pki::general_name_from_text("ip:10.0.0.7").value()},
            false)}};
    const pki::SignatureAlgorithm algorithm = key.default_algorithm();
    const Bytes der = pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, key).value();
    return {.transaction_id = scep::TransactionId::from_text("1"),
            .key = std::move(key),
            .signer = pki::Certificate::from_der(der).value(),
            .source = {.url = "http://ca.example/scep/x?a", .fingerprint = Bytes(2, 0xab)}};
  }

  Console console_;
  std::string folder_ = "my certs";
  agent::PendingEnrolment pending_;
};

TEST_F(Rejections, SayThatKeyAndRequestAreKept) {
  EXPECT_EQ(told(scep::FailInfo::bad_request, RejectionHint::none),
            std::string("chancery-agent: the CA rejected the request: badRequest: no\n") + kept);
}

TEST_F(Rejections, HintAtTheChallengeWhereNoneWasSent) {
  EXPECT_EQ(told(scep::FailInfo::bad_request, RejectionHint::no_challenge, ""),
            std::string("chancery-agent: the CA rejected the request: badRequest\n"
                        "No challenge was sent. If the CA's operator gave you one: --challenge-file FILE\n") +
                kept);
}

TEST_F(Rejections, HintAtTheChallengeOnlyWhereItMayBeTheReason) {
  const struct {
    scep::FailInfo info;
    const char* text;
    bool hinted;
  } rows[] = {
      {scep::FailInfo::bad_request, "the challenge password is missing, wrong, used or expired", true},
      {scep::FailInfo::bad_request, "Password expected", true},
      {scep::FailInfo::bad_request, "name-too-long: the common name has 65 characters", false},
      {scep::FailInfo::bad_request, "the web hook said no", false},
      {scep::FailInfo::bad_alg, "", false},
  };
  std::size_t seen = 0;
  for (const auto& row : rows) {
    const std::string all = told(row.info, RejectionHint::no_challenge, row.text);
    EXPECT_EQ(all.find("No challenge was sent", seen) != std::string::npos, row.hinted) << row.text;
    seen = all.size();
  }
}

TEST_F(Rejections, SayHowToEnrollAgainWithACertificateThatCannotRenewItself) {
  EXPECT_EQ(
      told(scep::FailInfo::bad_cert_id, RejectionHint::enroll_again),
      std::string("chancery-agent: the CA rejected the request: badCertId: no\n"
                  "A certificate that was revoked, or that this CA does not know, cannot renew itself. Enroll "
                  "again:\n"
                  "  chancery-agent enroll --url 'http://ca.example/scep/x?a' --fingerprint abab --out 'my certs' "
                  "--subject 'CN=it'\\''s me,O=Example' --key ec:p256 --dns me.example --ip 10.0.0.7 "
                  "--challenge-file FILE\n") +
          kept);
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
