// Lists of certificates as pages show them: in order, by what they are now, with the node they are for, and as a table.

#include <gmock/gmock.h>

#include "api/csv.h"
#include "api/hub_testing.h"

namespace chancery::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CertificateListTest : public example::HubTest {
 protected:
  CertificateListTest() {
    // One that is fine, one that should have been renewed, one that ended, one that was never signed.
    add(1, "CN=c", std::chrono::days(-1), std::chrono::days(300));
    add(2, "CN=b", std::chrono::days(-90), std::chrono::days(5));
    add(3, "CN=a,O=\"Acme, Inc\"", std::chrono::days(-90), std::chrono::days(-1));
    add(4, "CN==1+1", std::chrono::days(-1), std::chrono::days(300), false);
  }
  void add(std::uint8_t number, const std::string& subject, Seconds from, Seconds until, bool issued = true) {
    ASSERT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
      const ca::CertificateRecord record{.serial = {{0x41, number}},
                                         .endpoint = "printers",
                                         .subject = subject,
                                         .validity = {clock_.now() + from, clock_.now() + until},
                                         .key_fingerprint = Bytes(32, number),
                                         .created = clock_.now()};
      TRY_STATUS(books.certificates().add_intent(record));
      if (!issued) return {};
      return books.certificates().record_issued(record.serial, Bytes{0x30}, Bytes(32, number));
    }));
  }
  std::vector<std::string> serials(std::string_view query) {
    std::vector<std::string> found;
    const boost::json::object list = get("/v1/certificates" + std::string(query));
    for (const boost::json::value& row : list.at("certificates").as_array())
      found.push_back(text_in(row.as_object(), "serial"));
    return found;
  }
};

TEST_F(CertificateListTest, AreInTheOrderThatIsAskedFor) {
  EXPECT_THAT(serials(""), ElementsAre("4104", "4103", "4102", "4101"));
  EXPECT_THAT(serials("?sort=created"), ElementsAre("4101", "4102", "4103", "4104"));
  EXPECT_THAT(serials("?sort=subject"), ElementsAre("4104", "4103", "4102", "4101"));
  EXPECT_THAT(serials("?sort=not_after&descending=true"), ElementsAre("4104", "4101", "4102", "4103"));
  EXPECT_THAT(serials("?status=current&sort=not_after"), ElementsAre("4102", "4101"));
  EXPECT_THAT(serials("?status=expiring"), ElementsAre("4102"));
  EXPECT_THAT(serials("?status=expired"), ElementsAre("4103"));
  EXPECT_THAT(serials("?status=pending"), ElementsAre("4104"));
  EXPECT_THAT(serials("?text=ACME"), ElementsAre("4103"));
  EXPECT_EQ(problem_of(send("GET", "/v1/certificates?status=valid&state=issued")),
            "400 invalid: state: does not go together with status");
}

TEST_F(CertificateListTest, SayWhatEachIsNow) {
  std::vector<std::string> statuses;
  const boost::json::object list = get("/v1/certificates");
  for (const boost::json::value& row : list.at("certificates").as_array())
    statuses.push_back(text_in(row.as_object(), "status"));
  EXPECT_THAT(statuses, ElementsAre("pending", "expired", "expiring", "valid"));
}

TEST_F(CertificateListTest, SayForWhichNodeTheyAre) {
  fleet::NodeId node = 0;
  ASSERT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
    TRY(node, books.nodes().add({.name = "lobby", .created = clock_.now()}));
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}})
      TRY_STATUS(books.nodes().set_place(pki::Serial{{0x41, number}}.hex(), {.node_id = node, .slot = "https"}));
    return books.inventories().put(node, {.slots = {{.name = "https", .active = to_hex(Bytes(32, 1))}}});
  }));
  const boost::json::object list = get("/v1/certificates?sort=created&limit=3");
  const boost::json::array& rows = list.at("certificates").as_array();
  EXPECT_EQ(text_in(rows[0].as_object(), "node"), "lobby");
  EXPECT_EQ(rows[0].at("node_id").as_int64(), node);
  EXPECT_EQ(text_in(rows[0].as_object(), "slot"), "https");
  const std::string of_node = "?node=" + std::to_string(node);
  EXPECT_THAT(serials(of_node + "&sort=created"), ElementsAre("4101", "4102"));
  EXPECT_THAT(serials(of_node + "&slot=https&status=expiring"), ElementsAre("4102"));
  EXPECT_THAT(serials(of_node + "&slot=wifi"), ElementsAre());
  EXPECT_EQ(problem_of(send("GET", "/v1/certificates?slot=https")), "400 invalid: slot: goes together with node only");
  EXPECT_TRUE(rows[0].at("active").as_bool());
  EXPECT_FALSE(rows[1].at("active").as_bool());
  EXPECT_FALSE(rows[2].as_object().contains("node"));
}

TEST_F(CertificateListTest, AreTablesWithEveryRow) {
  const http::Request request{
      .method = "GET", .target = "/v1/certificates?format=csv&limit=1&sort=created", .peer_uid = 0};
  const http::Response response = api_.handle(request);
  EXPECT_EQ(response.content_type, "text/csv; charset=utf-8; header=present");
  EXPECT_THAT(std::string(response.header("Content-Disposition")), HasSubstr("certificates.csv"));
  const std::string text(as_text(response.body));
  EXPECT_TRUE(text.starts_with("serial,state,status,endpoint,")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_THAT(text, HasSubstr("\r\n4103,issued,expired,printers,"));
  EXPECT_EQ(response.header("X-Truncated"), "");
}

TEST(CsvCell, IsQuotedWhereItMustBeAndNeverAFormula) {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"plain", "plain"},
      {"a,b", "\"a,b\""},
      {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"a\nb", "\"a\nb\""},
      {"=1+1", "'=1+1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"-2,3", "\"'-2,3\""},
      {"-5", "-5"},
      {"-5.25", "-5.25"},
      {"-5+cmd()", "'-5+cmd()"},
      {"-", "'-"},
      {"-5.", "'-5."},
  };
  for (const auto& [text, cell] : rows) EXPECT_EQ(csv_cell(text), cell) << text;
}

TEST_F(CertificateListTest, TheOverviewCountsThem) {
  const boost::json::object overview = get("/v1/overview");
  const std::pair<const char*, std::int64_t> rows[] = {
      {"expired", 1},      {"expiring_7_days", 1}, {"expiring_30_days", 1},
      {"certificates", 2}, {"nodes", 0},           {"pending_requests", 0}};
  for (const auto& [name, count] : rows) EXPECT_EQ(overview.at(name).as_int64(), count) << name;
}

TEST_F(CertificateListTest, TheTimelineCountsThemByTheirDays) {
  const auto days = [&](std::string_view query, std::string_view row = "all") {
    std::string found;
    const boost::json::object timeline = get("/v1/timeline" + std::string(query));
    for (const boost::json::value& day : timeline.at(row).as_array())
      found += std::to_string(day.at("day").as_int64()) + ":" + std::to_string(day.at("count").as_int64()) + " ";
    return found;
  };
  EXPECT_EQ(text_in(get("/v1/timeline"), "begins"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(days(""), "5:1 ");
  EXPECT_EQ(days("", "elsewhere"), "5:1 ");
  // What ends today is counted until it has ended.
  add(5, "CN=d", std::chrono::hours(-1), std::chrono::hours(1));
  EXPECT_EQ(days(""), "0:1 5:1 ");
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(days(""), "5:1 ");
  // Days of another zone, one of them shorter.
  add(6, "CN=e", std::chrono::hours(-1), std::chrono::days(1) + std::chrono::minutes(5));
  const std::string end = to_rfc3339(clock_.now() + std::chrono::days(1) + std::chrono::minutes(5));
  EXPECT_EQ(days("?days=2025-12-31T15:00:00Z," + end + ",2026-01-06T15:00:00Z,2026-01-07T15:00:00Z"), "1:2 ");
  EXPECT_EQ(days("?days=2025-12-31T15:00:00Z,2026-01-01T14:00:00Z," + end), "");
  const std::pair<const char*, const char*> wrong[] = {
      {"2026-01-01T00:00:00Z", "400 invalid: days: the end of the last one is missing"},
      {"2026-01-01T00:00:00Z,2026-01-01T00:00:00Z", "400 invalid: days: each has to begin after the one before"},
      {"2026-01-01T00:00:00Z,2028-01-01T00:00:00Z", "400 invalid: days: these are more than 400d"},
      {"2026-01-01T00:00:00Z,", "400 invalid: days: "},
  };
  for (const auto& [text, expect] : wrong)
    EXPECT_EQ(problem_of(send("GET", "/v1/timeline?days=" + std::string(text))).substr(0, std::string(expect).size()),
              expect);
}

TEST_F(CertificateListTest, TheTimelineSaysInWhichClusterTheyAre) {
  std::int64_t west = 0, east = 0;
  ASSERT_TRUE(ledger_.write([&](hub::Books& books) -> Status {
    TRY(west, books.clusters().add({.name = "west", .created = clock_.now()}));
    TRY(east, books.clusters().add({.name = "east", .created = clock_.now()}));
    const auto hold = [&](const char* name, std::int64_t cluster, int number, int days) -> Status {
      TRY(const fleet::NodeId node, books.nodes().add({.name = name, .cluster_id = cluster, .created = clock_.now()}));
      return books.inventories().put(node,
                                     {.slots = {{.name = "https",
                                                 .active = to_hex(Bytes(32, static_cast<std::uint8_t>(number))),
                                                 .serial = pki::Serial{{0x41, static_cast<std::uint8_t>(number)}}.hex(),
                                                 .not_after = clock_.now() + std::chrono::days(days)}}});
    };
    // One is on two nodes of a cluster and on one of another, one on a node of none, one has ended.
    TRY_STATUS(hold("a", west, 2, 5));
    TRY_STATUS(hold("b", west, 2, 5));
    TRY_STATUS(hold("c", east, 2, 5));
    TRY_STATUS(hold("d", 0, 1, 300));
    return hold("e", east, 3, -1);
  }));
  const boost::json::object timeline = get("/v1/timeline");
  const auto counts = [](const boost::json::value& days) {
    std::string found;
    for (const boost::json::value& day : days.as_array())
      found += std::to_string(day.at("day").as_int64()) + ":" + std::to_string(day.at("count").as_int64()) + " ";
    return found;
  };
  EXPECT_EQ(counts(timeline.at("all")), "5:1 ");
  EXPECT_EQ(counts(timeline.at("elsewhere")), "");
  ASSERT_EQ(timeline.at("clusters").as_array().size(), 2u);
  EXPECT_EQ(timeline.at("clusters").at(0).at("name"), "east");
  for (const boost::json::value& row : timeline.at("clusters").as_array()) EXPECT_EQ(counts(row.at("days")), "5:1 ");
  const boost::json::object first = get("/v1/timeline?limit=1");
  EXPECT_EQ(first.at("clusters").as_array().size(), 1u);
  EXPECT_EQ(first.at("more_clusters").as_int64(), 1);
  // Each number is that of the list behind it.
  EXPECT_THAT(serials("?status=current&cluster=" + std::to_string(west)), ElementsAre("4102"));
  EXPECT_THAT(serials("?status=current&cluster=0"), ElementsAre("4101"));
  EXPECT_THAT(serials("?cluster=0"), ElementsAre("4104", "4101"));
  EXPECT_THAT(serials("?cluster=" + std::to_string(east) + "&sort=created"), ElementsAre("4102", "4103"));
}

}  // namespace
}  // namespace chancery::api
