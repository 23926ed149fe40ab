#include "api/route_table.h"

#include <gmock/gmock.h>

#include <set>

#include "api/hub_testing.h"

namespace chancery::api {
namespace {

using ::testing::HasSubstr;

class RouteTableTest : public example::HubTest {};

TEST_F(RouteTableTest, RefusesWhatIsNotDescribed) {
  const std::string long_text(5000, 'x');
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  const struct {
    const char* name;
    const char* method;
    std::string target, body;
    const char* problem;
  } rows[] = {
      {"an unknown path", "GET", "/v1/nothing", "",
       "404 not_found: there is nothing at this path: 'chancery docs api' lists all paths"},
      {"an empty parameter", "GET", "/v1/requests/", "",
       "404 not_found: there is nothing at this path: 'chancery docs api' lists all paths"},
      {"another method", "PUT", "/v1/endpoints", "", "405 invalid: this path takes GET, POST"},
      {"a number that is none", "GET", "/v1/requests/x", "", "400 invalid: id: expected an integer"},
      {"a number with a tail", "GET", "/v1/requests/1x", "", "400 invalid: id: expected an integer"},
      {"a number beyond 64 bits", "GET", "/v1/requests/99999999999999999999", "",
       "400 invalid: id: expected an integer"},
      {"a number that is too small", "GET", "/v1/requests/0", "",
       "400 invalid: id: expected an integer of at least 1, found 0"},
      {"a number out of its range", "GET", "/v1/requests?limit=1001", "",
       "400 invalid: limit: expected an integer from 1 to 1000, found 1001"},
      {"an unknown query field", "GET", "/v1/requests?limti=1", "",
       "400 invalid: unknown field 'limti': this takes state, after, limit"},
      {"a query field where there is none", "GET", "/v1/status?x=1", "",
       "400 invalid: unknown field 'x': this takes nothing"},
      {"a path's field in the query", "GET", "/v1/requests/1?id=2", "",
       "400 invalid: unknown field 'id': this takes nothing"},
      {"a query field twice", "GET", "/v1/requests?limit=1&limit=2", "", "400 invalid: limit: given twice"},
      {"no choice", "GET", "/v1/requests?state=lost", "",
       "400 invalid: state: expected one of pending, issued, rejected, found 'lost'"},
      {"no time", "GET", "/v1/certificates?expires_before=tomorrow", "",
       "400 invalid: expires_before: expected a time such as 2026-11-21T17:20:02Z"},
      {"no flag", "GET", "/v1/audit?newest=1", "", "400 invalid: newest: expected true or false"},
      {"a broken escape", "GET", "/v1/certificates?text=%4", "",
       "400 invalid: text: '%' is not followed by two hexadecimal digits"},
      {"a control character", "GET", "/v1/certificates?text=%00", "", "400 invalid: text: holds a control character"},
      {"no UTF-8", "GET", "/v1/certificates?text=%ff", "", "400 invalid: text: not UTF-8"},
      {"a text that is too long", "GET", "/v1/certificates?text=" + long_text, "",
       "400 invalid: text: longer than 4096 bytes"},
      {"a body for GET", "GET", "/v1/status", "{}", "400 invalid: this takes no body: fields belong behind '?'"},
      {"a query for POST", "POST", "/v1/challenges?endpoint=a", "",
       "400 invalid: fields belong into the JSON body, not behind '?'"},
      {"no JSON", "POST", "/v1/challenges", "endpoint=a", "400 invalid: the body is not JSON: syntax error"},
      {"no object", "POST", "/v1/challenges", "[]", "400 invalid: the body must be a JSON object"},
      {"JSON that is too deep", "POST", "/v1/challenges", deep, "400 invalid: the body is not JSON: too deep"},
      {"a field that is missing", "POST", "/v1/challenges", "{}", "400 invalid: endpoint: missing: Where it is good"},
      {"a missing body", "POST", "/v1/challenges", "", "400 invalid: endpoint: missing: Where it is good"},
      {"an unknown member", "POST", "/v1/challenges", R"({"endpoint": "a", "lifetim": "1h"})",
       "400 invalid: unknown field 'lifetim': this takes endpoint, subject, alternative_names, lifetime, note"},
      {"null", "POST", "/v1/challenges", R"({"endpoint": null})", "400 invalid: endpoint: expected a text"},
      {"a number for a text", "POST", "/v1/challenges", R"({"endpoint": 1})", "400 invalid: endpoint: expected a text"},
      {"a text for a list", "POST", "/v1/challenges", R"({"endpoint": "a", "alternative_names": "dns:a"})",
       "400 invalid: alternative_names: expected an array of texts"},
      {"a list of numbers", "POST", "/v1/challenges", R"({"endpoint": "a", "alternative_names": [1]})",
       "400 invalid: alternative_names: expected an array of texts"},
      {"no duration", "POST", "/v1/challenges", R"({"endpoint": "a", "lifetime": "soon"})",
       "400 invalid: lifetime: expected a length of time such as 90s, 12h or 30d"},
      {"a map of numbers", "POST", "/v1/endpoints", R"({"name": "a", "settings": {"rsa_least_bits": 2048}})",
       "400 invalid: settings: rsa_least_bits: expected an object whose values are texts"},
      {"a fraction", "POST", "/v1/crls/publish", R"({"generation": 1.5})",
       "400 invalid: generation: expected an integer"},
      {"a text for a number", "POST", "/v1/crls/publish", R"({"generation": "1"})",
       "400 invalid: generation: expected an integer"},
      {"two problems", "POST", "/v1/challenges", R"({"endpoint": 1, "note": 2})",
       "400 invalid: endpoint: expected a text\nnote: expected a text"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(problem_of(send(row.method, row.target, row.body)), row.problem);
  }
}

TEST_F(RouteTableTest, RefusesABodyThatIsTooLongOrNoJsonByItsType) {
  EXPECT_EQ(problem_of(send("POST", "/v1/challenges", std::string(64 * 1024 + 1, ' '))),
            "400 invalid: the body is longer than 65536 bytes");
  http::Request request{.method = "POST",
                        .target = "/v1/challenges",
                        .headers = {{"Content-Type", "text/plain"}},
                        .body = to_bytes(as_bytes("{}")),
                        .peer_uid = 0};
  EXPECT_EQ(problem_of(api_.handle(request)), "400 invalid: the body must be JSON: Content-Type: application/json");
  request.headers = {{"content-type", "Application/JSON; charset=utf-8"}};
  EXPECT_EQ(problem_of(api_.handle(request)), "400 invalid: endpoint: missing: Where it is good");
}

TEST_F(RouteTableTest, IsOpenOnAUnixSocketOnly) {
  const http::Request request{.method = "GET", .target = "/v1/status", .remote_address = "127.0.0.1"};
  EXPECT_EQ(problem_of(api_.handle(request)), "403 refused: this is open on the Unix socket only");
}

TEST_F(RouteTableTest, NamesTheMethodsOfAPath) {
  EXPECT_EQ(send("PUT", "/v1/endpoints/a").header("Allow"), "GET, PATCH, DELETE");
}

TEST_F(RouteTableTest, PrefersAWordToAParameter) {
  const RouteMatch found = admin_routes().find("POST", "/v1/crls/publish");
  ASSERT_NE(found.route, nullptr);
  EXPECT_EQ(found.route->name, "publish_crls");
  EXPECT_EQ(found.allowed, "POST, GET");
}

TEST_F(RouteTableTest, WritesTheCallersUserIdIntoTheAuditTrail) {
  send("POST", "/v1/endpoints", R"({"name": "a", "settings": {"authorisers": "manual"}})");
  EXPECT_THAT(ledger_.contents().audit.rbegin()->second.actor, ::testing::StartsWith("admin uid 0"));
}

// Two shapes of one name would overwrite each other in the description.
TEST_F(RouteTableTest, GivesEveryShapeItsOwnName) {
  std::map<std::string_view, const Shape*> shapes;
  const std::function<void(const Shape&)> look = [&](const Shape& shape) {
    const auto [place, added] = shapes.emplace(shape.name, &shape);
    EXPECT_EQ(place->second, &shape) << shape.name;
    if (!added) return;
    for (const Field& field : shape.fields)
      if (field.shape != nullptr) look(*field.shape);
  };
  for (const Route& route : admin_routes().routes())
    if (route.answer.shape != nullptr) look(*route.answer.shape);
}

}  // namespace
}  // namespace chancery::api
