#include "api/monitoring_site.h"

#include <gmock/gmock.h>

#include "api/hub_testing.h"

namespace chancery::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class MonitoringSiteTest : public example::HubTest {
 protected:
  std::string metrics() { return std::string(as_text(ask("GET", "/metrics").body)); }
  http::Response ask(std::string_view method, std::string_view target) {
    return site_.handle({.method = std::string(method), .target = std::string(target), .remote_address = "127.0.0.1"});
  }

  MonitoringSite site_{
      context_, scep_,
      MonitoringSources{.http =
                            [] {
                              return http::ServerStatistics{.connections = 5,
                                                            .open_connections = 2,
                                                            .rejected_connections = 1,
                                                            .rejected_by_source = 8,
                                                            .requests = 70,
                                                            .malformed = 3,
                                                            .rejected_by_rate = 4,
                                                            .rejected_by_queue = 6,
                                                            .queue_depth = 9,
                                                            .held = 10};
                            },
                        .ledger = [] { return MonitoringSources::LedgerNumbers{.commits = 11, .works = 22}; },
                        .version = "0.0.1"}};
};

TEST_F(MonitoringSiteTest, TellsEveryNumberUnderItsName) {
  add_endpoint("printers", {{"authorisers", "manual"}, {"alternative_names", "dns"}});
  add_endpoint("phones", {{"authorisers", "challenge"}, {"alternative_names", "dns"}});
  enrol("printers", enrolment("printer-7.example"));
  enrol("phones", enrolment("phone-1.example"));  // without a challenge: refused
  EXPECT_FALSE(scep_.pki_operation("printers", as_bytes("x"), "192.0.2.7"));
  const std::string text = "\n" + metrics();
  for (const char* line : {
           "chancery_build_info{version=\"0.0.1\"} 1",
           "chancery_http_connections_total 5",
           "chancery_http_open_connections 2",
           "chancery_http_rejected_connections_total{reason=\"full\"} 1",
           "chancery_http_rejected_connections_total{reason=\"source\"} 8",
           "chancery_http_requests_total 70",
           "chancery_http_rejected_requests_total{reason=\"malformed\"} 3",
           "chancery_http_rejected_requests_total{reason=\"rate\"} 4",
           "chancery_http_rejected_requests_total{reason=\"queue\"} 6",
           "chancery_http_queue_depth 9",
           "chancery_http_held_requests 10",
           "chancery_scep_requests_total{result=\"success\"} 0",
           "chancery_scep_requests_total{result=\"pending\"} 1",
           "chancery_scep_requests_total{result=\"unreadable\"} 1",
           "chancery_scep_requests_total{result=\"unavailable\"} 0",
           "chancery_scep_requests_total{result=\"failure\",fail_info=\"badAlg\"} 0",
           "chancery_scep_requests_total{result=\"failure\",fail_info=\"badRequest\"} 1",
           "chancery_ledger_commits_total 11",
           "chancery_ledger_works_total 22",
           "chancery_pending_requests 1",
           "chancery_certificate_not_after_timestamp_seconds{certificate=\"issuing\",generation=\"1\",state="
           "\"current\"} ",
           "chancery_certificate_not_after_timestamp_seconds{certificate=\"ra\",generation=\"1\",state=\"current\"} ",
           "chancery_certificate_not_after_timestamp_seconds{certificate=\"root\"} ",
           "chancery_crl_next_update_timestamp_seconds{generation=\"1\"} 1767830400",
           "chancery_crl_number{generation=\"root\"} 1",
           "chancery_crl_number{generation=\"1\"} 1",
           "chancery_ready 1",
       })
    EXPECT_THAT(text, HasSubstr(std::string("\n") + line));
  EXPECT_THAT(text, HasSubstr("# TYPE chancery_scep_requests_total counter"));
  EXPECT_THAT(text, HasSubstr("# TYPE chancery_ready gauge"));
}

TEST_F(MonitoringSiteTest, TellsWhatItKnowsWhenTheLedgerCannotBeWritten) {
  ledger_.fail_after(0);
  EXPECT_THAT(metrics(), HasSubstr("chancery_ready 0"));
  EXPECT_THAT(metrics(), HasSubstr("chancery_http_requests_total 70"));
}

TEST_F(MonitoringSiteTest, AnswersThreePathsAndOnlyReading) {
  EXPECT_EQ(ask("GET", "/metrics").content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(ask("HEAD", "/metrics").status, 200U);
  EXPECT_EQ(ask("GET", "/healthz").status, 200U);
  EXPECT_EQ(ask("GET", "/readyz").status, 200U);
  EXPECT_EQ(ask("POST", "/metrics").status, 405U);
  EXPECT_EQ(ask("GET", "/").status, 404U);
}

}  // namespace
}  // namespace chancery::api
