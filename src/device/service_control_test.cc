#include "device/service_control.h"

#include <gtest/gtest.h>

#include "device/pair_testing.h"

namespace chancery::device {
namespace {

// Gives one outcome after the other, the last one again and again.
class Answers final : public ProcessRunner, public TlsProbe {
 public:
  std::vector<ProcessOutcome> outcomes = {{}};
  std::vector<Result<Bytes>> certificates;
  std::size_t asked = 0;

  Result<ProcessOutcome> run(const ProcessOrder&) override { return next(outcomes); }
  Result<Bytes> shown_certificate(const TlsTarget&) override { return next(certificates); }

 private:
  template <class T>
  T next(const std::vector<T>& list) {
    return list.at(std::min(asked++, list.size() - 1));
  }
};

class ServiceControlTest : public ::testing::Test {
 protected:
  std::string health(const ServiceDescription& service) {
    const Status done = control_.check_health(service, {.folder = "/live", .certificate = &pair_.certificate});
    return done ? "well" : done.error().text();
  }
  const Pair pair_ = make_pair("new"), other_ = make_pair("old");
  Answers answers_;
  testing::FakeClock clock_;
  ServiceControl control_{answers_, answers_, clock_};
};

TEST_F(ServiceControlTest, AsksAgainUntilTheServiceIsWell) {
  const ServiceDescription service{.slot = "web", .health_check = TlsTarget{"127.0.0.1", 443, ""}};
  answers_.certificates = {unavailable("127.0.0.1:443: Connection refused"), to_bytes(other_.certificate.der()),
                           to_bytes(pair_.certificate.der())};
  EXPECT_EQ(health(service), "well");
  EXPECT_EQ(answers_.asked, 3U);
  answers_.certificates.pop_back();
  EXPECT_EQ(health(service), "health check: 127.0.0.1:443 shows another certificate: 'CN=old', serial 01");
}

TEST_F(ServiceControlTest, AsksOnceWhenThereIsNoTime) {
  const ServiceDescription service{
      .slot = "web", .health_check = TlsTarget{"::1", 443, ""}, .health_timeout = Seconds(0)};
  answers_.certificates = {Bytes{1, 2, 3}};
  EXPECT_EQ(health(service), "health check: [::1]:443 shows another certificate: something that is no certificate");
  EXPECT_EQ(answers_.asked, 1U);
}

TEST_F(ServiceControlTest, LooksAtWhatTheCommandPrints) {
  const ServiceDescription service{
      .slot = "lan", .health_check = HealthCommand{{"/bin/status", "-v"}}, .health_output = "state=SUCCESS"};
  answers_.outcomes = {{.exit_status = 255, .output = "no interface"},
                       {.output = "state=CONNECTING"},
                       {.output = "wlan0 / state=SUCCESS / more"}};
  EXPECT_EQ(health(service), "well");
  answers_.outcomes = {{.output = "state=HELD"}};
  EXPECT_EQ(health(service), "health check: /bin/status does not print 'state=SUCCESS': state=HELD");
  answers_.outcomes = {{}};
  EXPECT_EQ(health(service), "health check: /bin/status does not print 'state=SUCCESS': nothing");
  answers_.outcomes = {{.timed_out = true}};
  EXPECT_EQ(health(service), "health check: /bin/status -v was ended after 30s");
}

}  // namespace
}  // namespace chancery::device
