// Rows of docs/bad-inputs.md: the administrators' API, which the command line speaks.

#include "api/bad_inputs_testing.h"

namespace chancery::api::bad_inputs {
namespace {

std::function<std::string(Bench&)> admin(std::string_view method, std::string_view target, std::string_view body = "") {
  return [=](Bench& bench) { return bench.admin(method, target, body); };
}

std::function<std::string(Bench&)> challenge(std::string_view body) { return admin("POST", "/v1/challenges", body); }
std::function<std::string(Bench&)> endpoint(std::string_view body) { return admin("POST", "/v1/endpoints", body); }

}  // namespace

std::vector<Case> admin_cases() {
  return {
      {"admin-nothing-there", admin("GET", "/v1/nothing")},
      {"admin-method", admin("DELETE", "/v1/certificates")},
      {"admin-not-json", challenge("hello")},
      {"admin-no-object", challenge("[1]")},
      {"admin-too-deep", challenge(R"({"a":[[[[[[[[[[1]]]]]]]]]]})")},
      {"admin-missing-field", challenge("{}")},
      {"admin-unknown-field", challenge(R"({"endpoint":"manual","colour":"red"})")},
      {"admin-wrong-type", challenge(R"({"endpoint":7})")},
      {"admin-list-of-numbers", challenge(R"({"endpoint":"manual","alternative_names":[1]})")},
      {"admin-control-character", challenge(R"({"endpoint":"a\u0000b"})")},
      {"admin-twice", challenge(R"({"endpoint":"manual","endpoint":"other"})")},
      {"admin-several-problems", challenge(R"({"endpoint":7,"lifetime":"soon","colour":1})")},
      {"admin-query-on-post", admin("POST", "/v1/challenges?endpoint=manual")},
      {"admin-body-on-get", admin("GET", "/v1/certificates", "{}")},
      {"admin-out-of-range", admin("GET", "/v1/certificates?limit=0")},
      {"admin-no-number", admin("GET", "/v1/certificates?limit=many")},
      {"admin-unknown-choice", admin("GET", "/v1/certificates?state=lost")},
      {"admin-bad-time", admin("GET", "/v1/certificates?expires_before=tomorrow")},
      {"admin-bad-escape", admin("GET", "/v1/certificates?text=%4")},
      {"admin-bad-serial", admin("GET", "/v1/certificates/xyz")},
      {"admin-unknown-serial", admin("GET", "/v1/certificates/0177")},
      {"admin-unknown-reason", admin("POST", "/v1/certificates/0177/revoke", R"({"reason":"bored"})")},
      {"admin-unknown-request", admin("POST", "/v1/requests/7/approve")},
      {"admin-decided-request",
       [](Bench& bench) {
         EXPECT_EQ(bench.ask({}), "pending");
         EXPECT_TRUE(bench.requests_.reject(1, "not ours", {"admin"}));
         return bench.admin("POST", "/v1/requests/1/approve");
       }},
      {"admin-challenge-elsewhere", challenge(R"({"endpoint":"nothing"})")},
      {"admin-challenge-useless", challenge(R"({"endpoint":"manual"})")},
      {"admin-challenge-bad-name", challenge(R"({"endpoint":"challenge","alternative_names":["host"]})")},
      {"admin-challenge-long-life", challenge(R"({"endpoint":"challenge","lifetime":"500d"})")},
      {"admin-endpoint-name", endpoint(R"({"name":"A/B","settings":{"authorisers":"manual"}})")},
      {"admin-endpoint-twice", endpoint(R"({"name":"manual","settings":{"authorisers":"manual"}})")},
      {"admin-endpoint-nobody", endpoint(R"({"name":"new","settings":{"authorisers":""}})")},
      {"admin-endpoint-settings", endpoint(R"({"name":"new","settings":{"authorisers":"magic","validty":"1y"}})")},
      {"admin-endpoint-contradiction",
       endpoint(
           R"({"name":"new","settings":{"authorisers":"web-hook","rsa_least_bits":"4096","rsa_most_bits":"2048"}})")},
      {"admin-unknown-endpoint", admin("PATCH", "/v1/endpoints/nothing", R"({"settings":{"validity":"1y"}})")},
      {"admin-announce-key", admin("POST", "/v1/authority/announce", R"({"issuing":"rsa:1024"})")},
      {"admin-activate-nothing", admin("POST", "/v1/authority/activate")},
      {"admin-unknown-crl", admin("GET", "/v1/crls/9")},
  };
}

}  // namespace chancery::api::bad_inputs
