#pragma once

// For the tests of api/: a whole hub in memory, with real keys (made once in each test program) and a clock that stands
// still, and what it takes to ask it.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/admin_api.h"
#include "api/route_table.h"
#include "base/check.h"
#include "hub/scep_service.h"
#include "testing/fakes.h"
#include "testing/memory_ledger.h"

namespace chancery::api::example {

// The value, or the end of the test with the error's text.
template <class T>
T value(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().text();
  CHECK(result.has_value());
  return *std::move(result);
}

inline std::string pem_of(const pki::PrivateKey& key) { return std::string(as_text(value(key.to_plain_pem()).view())); }

// RSA-2048 throughout. Kept as PEM, because private keys are not copied.
struct AuthorityKeys {
  ca::AuthorityPlan plan;
  pki::Certificate root, issuing, ra;
  std::string root_key, issuing_key, ra_key, device_key;

  static const AuthorityKeys& get() {
    static const AuthorityKeys keys = make();
    return keys;
  }

  [[nodiscard]] ca::Generation generation() const {
    return {.number = 1,
            .state = ca::Generation::State::current,
            .issuing = issuing,
            .issuing_key = value(pki::PrivateKey::from_pem(issuing_key)),
            .ra = ra,
            .ra_key = value(pki::PrivateKey::from_pem(ra_key))};
  }

 private:
  static AuthorityKeys make() {
    const Timestamp now = testing::FakeClock().now();
    testing::FakeRandom random(7);
    ca::AuthorityPlan plan{.names = {.organization = "Example & Sons", .common_name = ""},
                           .root_key = {pki::KeyFamily::rsa, 2048},
                           .issuing_key = {pki::KeyFamily::rsa, 2048},
                           .ra_key = {pki::KeyFamily::rsa, 2048}};
    const ca::Root root = value(ca::make_root(plan, now, random));
    const ca::Generation first = value(ca::make_generation(plan, root, 1, now, random));
    const pki::PrivateKey device = value(pki::PrivateKey::generate({pki::KeyFamily::rsa, 2048}));
    return {.plan = plan,
            .root = root.certificate,
            .issuing = first.issuing,
            .ra = first.ra,
            .root_key = pem_of(*root.key),
            .issuing_key = pem_of(first.issuing_key),
            .ra_key = pem_of(first.ra_key),
            .device_key = pem_of(device)};
  }
};

class MemoryGenerations final : public hub::GenerationStore {
 public:
  Result<ca::Root> root() override {
    if (offline) return unavailable("the root's key is kept elsewhere");
    const AuthorityKeys& keys = AuthorityKeys::get();
    return ca::Root{.certificate = keys.root, .key = value(pki::PrivateKey::from_pem(keys.root_key))};
  }
  Status save(const ca::Generation&) override { return {}; }
  Status make_current(int number) override {
    current = number;
    return {};
  }
  Result<std::uint64_t> highest_crl_number(int) override { return 0; }
  Status keep_crl_number(int, std::uint64_t) override { return {}; }

  bool offline = false;
  int current = 1;
};

class NoWebHook final : public hub::WebHook {
 public:
  Result<hub::WebHookAnswer> ask(const hub::WebHookQuestion&) override { return unavailable("nobody answers"); }
};

// What is wrong with `found`, measured by `shape`; empty when nothing is.
inline std::string complaint(const Shape& shape, const boost::json::value& found);

inline std::string complaint(const Field& field, const boost::json::value& found) {
  const auto text = [&](const boost::json::value& candidate) { return candidate.is_string(); };
  switch (field.type) {
    case FieldType::text:
      if (!found.is_string()) return "is no text";
      for (const std::string_view choice : field.choices)
        if (found.get_string() == choice) return "";
      return field.choices.empty() ? "" : "is none of the choices";
    case FieldType::integer:
      if (!found.is_int64() && !found.is_uint64()) return "is no integer";
      return found.is_int64() && found.get_int64() < field.least ? "is too small" : "";
    case FieldType::flag: return found.is_bool() ? "" : "is no flag";
    case FieldType::time:
    case FieldType::duration:
      if (!found.is_string()) return "is no text";
      return field.type == FieldType::duration || from_rfc3339(std::string(found.get_string())) ? "" : "is no time";
    case FieldType::text_list:
      if (!found.is_array()) return "is no array";
      return std::ranges::all_of(found.get_array(), text) ? "" : "holds something else than texts";
    case FieldType::text_map:
      if (!found.is_object()) return "is no object";
      for (const auto& member : found.get_object())
        if (!text(member.value())) return "holds something else than texts";
      return "";
    case FieldType::object: return complaint(*field.shape, found);
    case FieldType::object_list:
      if (!found.is_array()) return "is no array";
      for (const boost::json::value& row : found.get_array())
        if (std::string wrong = complaint(*field.shape, row); !wrong.empty()) return wrong;
      return "";
  }
  return "has no type";
}

inline std::string complaint(const Shape& shape, const boost::json::value& found) {
  if (!found.is_object()) return std::string(shape.name) + " is no object";
  for (const Field& field : shape.fields) {
    const boost::json::value* member = found.get_object().if_contains(field.name);
    const std::string wrong = member ? complaint(field, *member) : field.required ? "is missing" : "";
    if (!wrong.empty()) return std::string(shape.name) + "." + std::string(field.name) + " " + wrong;
  }
  for (const auto& member : found.get_object())
    if (std::ranges::find(shape.fields, std::string_view(member.key()), &Field::name) == shape.fields.end())
      return std::string(shape.name) + "." + std::string(member.key()) + " is not described";
  return "";
}

class HubTest : public ::testing::Test {
 protected:
  HubTest() { CHECK(crls_.publish_due()); }

  // Settings as "authorisers=manual".
  void add_endpoint(std::string_view name, std::vector<config::Setting> settings) {
    const auto added = editor_.add(name, settings, caller_);
    CHECK(added.has_value());
  }

  // A PKCSReq to the current generation by the device's key.
  Bytes enrolment(std::string_view common_name, std::string_view challenge = "",
                  std::string_view transaction_id = "transaction-1") {
    const AuthorityKeys& keys = AuthorityKeys::get();
    const pki::PrivateKey key = value(pki::PrivateKey::from_pem(keys.device_key));
    const pki::Name subject = value(pki::Name::from_text("CN=" + std::string(common_name)));
    const Bytes request =
        value(pki::make_request({.subject = subject,
                                 .extensions = {pki::make_subject_alternative_name(
                                     {value(pki::general_name_from_text("dns:" + std::string(common_name)))}, false)},
                                 .challenge_password = as_bytes(challenge)},
                                key, key.default_algorithm()));
    const pki::Certificate transport = value(pki::make_transport_certificate(
        key, subject, {clock_.now() - std::chrono::hours(1), clock_.now() + std::chrono::hours(24)},
        pki::Serial{.octets = {1}}));
    return value(scep::make_request_message({.type = scep::MessageType::pkcs_request,
                                             .transaction_id = scep::TransactionId::from_text(transaction_id),
                                             .sender_nonce = {.octets = random_.bytes(16)},
                                             .content = request,
                                             .recipient = keyring_.current().keys().ra},
                                            {transport, key}, random_));
  }

  // Sends it to the endpoint over no network at all.
  Bytes enrol(std::string_view endpoint, ByteView message) {
    return value(scep_.pki_operation(endpoint, message, "192.0.2.7"));
  }

  // Through the administrators' API, as root. Every JSON answer is held to the shape that its route describes.
  http::Response send(std::string_view method, std::string_view target, std::string_view body = "") {
    const http::Request request{.method = std::string(method),
                                .target = std::string(target),
                                .body = to_bytes(as_bytes(body)),
                                .remote_address = "unix",
                                .peer_uid = 0};
    http::Response response = api_.handle(request);
    const RouteMatch found = admin_routes().find(method, request.path());
    if (response.status < 300 && found.route != nullptr) {
      EXPECT_EQ(response.status, found.route->answer.status) << method << " " << target;
      if (found.route->answer.shape != nullptr) {
        EXPECT_EQ(response.content_type, "application/json");
        EXPECT_EQ(complaint(*found.route->answer.shape, boost::json::parse(as_text(response.body))), "")
            << method << " " << target << "\n"
            << as_text(response.body);
      } else {
        EXPECT_EQ(response.content_type, found.route->answer.content_type) << method << " " << target;
      }
    }
    return response;
  }
  boost::json::object get(std::string_view target) { return body_of(send("GET", target)); }
  boost::json::object post(std::string_view target, std::string_view body = "") {
    return body_of(send("POST", target, body));
  }
  // "400 invalid: …" of an answer that is an error.
  static std::string problem_of(const http::Response& response) {
    const boost::json::value body = boost::json::parse(as_text(response.body));
    const boost::json::object& error = body.as_object().at("error").as_object();
    return std::to_string(response.status) + " " + std::string(error.at("code").as_string()) + ": " +
           std::string(error.at("text").as_string());
  }
  static boost::json::object body_of(const http::Response& response) {
    EXPECT_LT(response.status, 300U) << as_text(response.body);
    return boost::json::parse(as_text(response.body)).as_object();
  }
  static std::string text_in(const boost::json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
  }

  testing::FakeClock clock_;
  testing::FakeRandom random_;
  testing::RecordingLog log_;
  testing::MemoryLedger ledger_;
  NoWebHook web_hook_;
  MemoryGenerations generations_;
  hub::EndpointDirectory endpoints_;
  hub::Keyring keyring_ = [this] {
    std::vector<ca::Generation> generations;
    generations.push_back(AuthorityKeys::get().generation());
    return hub::Keyring(AuthorityKeys::get().root, std::move(generations),
                        {.crl = {"http://pki.example:8080/crl/{generation}.crl"}, .ca_issuers = {}, .ocsp = {}},
                        random_);
  }();
  hub::Context context_{ledger_, keyring_, endpoints_, web_hook_, clock_, random_, log_};
  hub::CrlPublisher crls_{context_, generations_, {}};
  hub::Presence presence_{clock_};
  hub::Requests requests_{context_, presence_};
  hub::Revocation revocation_{context_, crls_};
  hub::Challenges challenges_{context_};
  hub::EndpointEditor editor_{context_,
                              [](const std::string&) -> Result<SecretBytes> { return not_found("no such file"); }};
  hub::Rollover rollover_{context_, generations_, crls_, AuthorityKeys::get().plan};
  hub::ScepService scep_{context_};
  hub::AuditCheck audit_check_{ledger_};
  // As little work as libsodium allows.
  hub::Passwords passwords_{{.passes = 1, .memory_bytes = 8192}};
  hub::Accounts accounts_{context_, passwords_};
  hub::SignIn sign_in_{context_, passwords_};
  hub::Changes changes_{clock_};
  ChangesDoor changes_door_{changes_};
  hub::Nodes nodes_{context_, challenges_, presence_};
  hub::Clusters clusters_{context_};
  hub::Orders orders_{context_, presence_, changes_};
  AdminServices services_{.context = context_,
                          .requests = requests_,
                          .refusals = scep_.refusals(),
                          .audit_check = audit_check_,
                          .revocation = revocation_,
                          .challenges = challenges_,
                          .endpoints = editor_,
                          .rollover = rollover_,
                          .crls = crls_,
                          .sign_in = sign_in_,
                          .accounts = accounts_,
                          .changes = changes_,
                          .nodes = nodes_,
                          .clusters = clusters_,
                          .orders = orders_,
                          .changes_door = changes_door_,
                          .base_url = "http://pki.example:8080",
                          .link_url = "https://pki.example:8444",
                          .version = "0.0.1"};
  AdminApi api_{services_};
  hub::Caller caller_{"admin test"};
};

}  // namespace chancery::api::example
