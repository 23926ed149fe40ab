// Sentences and findings by name: that they are what the hub writes, and what clients get of them.

#include "api/sentence.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <filesystem>
#include <map>
#include <set>

#include "api/audit_actions.h"
#include "api/doctor.h"
#include "api/hub_testing.h"
#include "testing/vectors.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

bool stands_at(std::string_view text, std::size_t at, std::string_view what) {
  return text.substr(at).starts_with(what);
}

// Where the second of two literals begins, behind a blank with a line's end in it; or where its first one ends, with
// something else between. `at` is that of the quotation mark which ends the first.
std::size_t behind_seam(std::string_view source, std::size_t at) {
  const std::size_t next = std::min(source.find_first_not_of(" \n", at + 1), source.size());
  const bool is_seam = stands_at(source, next, "\"") && source.substr(at, next - at).contains('\n');
  return is_seam ? next + 1 : at;
}

// The same for `" + record.name + "`.
std::size_t behind_sum(std::string_view source, std::size_t at) {
  constexpr std::string_view name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.";
  if (!stands_at(source, at, "\" + ")) return at;
  const std::size_t end = source.find_first_not_of(name_characters, at + 4);
  return end != std::string_view::npos && stands_at(source, end, " + \"") ? end + 4 : at;
}

// All texts of the programs as they are compiled: pieces of one literal in one, and "{}" for what is filled in.
std::string literals_of(std::string_view source) {
  std::string out;
  for (std::size_t at = 0; at < source.size();) {
    if (source[at] == '"') {
      if (const std::size_t seam = behind_seam(source, at); seam != at) {
        at = seam;
        continue;
      }
      if (const std::size_t sum = behind_sum(source, at); sum != at) {
        out += "{}";
        at = sum;
        continue;
      }
    }
    out += source[at++];
  }
  return out;
}

const std::string& all_sources() {
  static const std::string text = [] {
    const std::set<std::string> lists = {"sentence_rules.cc", "finding_rules.cc", "audit_actions.cc"};
    std::string all;
    for (const char* layer :
         {"api", "hub", "fleet", "ca", "scep", "pki", "config", "files", "base", "sql", "store/hub"})
      for (const auto& entry :
           std::filesystem::directory_iterator(std::string(CHANCERY_VECTORS "/../src/").append(layer))) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".cc") && name != "audit_check.h") continue;
        if (name.ends_with("_test.cc") || lists.contains(name)) continue;
        all +=
            literals_of(std::string(as_text(testing::read_vector(std::string("../src/").append(layer) + "/" + name))));
      }
    all += literals_of(as_text(testing::read_vector("../src/programs/chancery/init.cc")));
    return all;
  }();
  return text;
}

// With `value` for each name in braces.
std::string with(std::string_view value, std::string_view pattern) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    text.append(pattern.substr(0, open));
    if (open == pattern.size()) break;
    text.append(value);
    pattern.remove_prefix(pattern.find('}', open) + 1);
  }
  return text;
}

TEST(Sentences, AreWhatTheSourcesSay) {
  // Those that are put together, by their parts.
  const std::map<std::string_view, std::vector<std::string_view>> parts = {
      {"certificate_revoked", {"\"certificate {} \"", "is revoked already"}},
      {"expected_duration", {"expected {}", "a length of time such as 90s, 12h or 30d"}},
      {"expected_duration_range", {"expected {}, found {}", "a duration from {} to {}"}},
      {"expected_least_duration", {"expected {}, found {}", "a duration of at least {}"}},
      {"expected_any_duration", {"expected {}, found {}", "a duration such as 30s, 12h or 90d"}},
      {"expected_text", {"expected {}, found {}", "a text that is not empty"}},
      {"of_field", {"{}: {}"}},
      {"of_alternative_name", {"alternative name '{}'"}},
      {"of_subject_template", {"\"subject template\""}},
      {"of_alternative_names", {"\"alternative names\""}},
      {"of_extensions", {"\"extensions of the request\""}},
      {"of_key_usage", {"\"extended key usage\""}},
      {"endpoint_authoriser_needs", {"needed by the authoriser shared-challenge", "needed by the authoriser web-hook"}},
      {"template_placeholder",
       {"unknown placeholder ", "expected CN, O, OU, SERIALNUMBER, C, L, ST, EMAIL, UID or DC in braces"}},
      {"setting_subject", {"Template of the subject, for example CN=", ",O=Example; empty: as requested"}},
      {"secret_file_open", {"{} may be read by others: chmod 600 it"}},
      {"file_unreadable", {"\"reading\", path"}},
      {"order_certificate_bad", {"\"a certificate\""}},
      {"lint_wildcard_name", {"\"wildcard-not-allowed\", \"'{}'\""}},
      {"expected_list", {"expected {}, found {}", "a list of at least one text"}},
      {"expected_time", {"expected {}", "a time such as 2026-11-21T17:20:02Z"}},
      {"expected_number", {"expected {}", "an integer"}},
      {"no_base64", {"\"not base64: "}},
      {"name_escape", {"'{}' must be written as '"}},
      {"uri_host", {"has a host that "}},
      {"type_bits", {"an integer from {} to {}{}", " ({})"}},
  };
  std::set<std::string_view> names;
  for (const SentenceRule& rule : sentence_rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name << " twice";
    const auto found = parts.find(rule.name);
    const std::vector<std::string_view> wanted = found == parts.end() ? std::vector{rule.text} : found->second;
    for (const std::string_view part : wanted)
      EXPECT_TRUE(all_sources().contains(with("{}", part)))
          << rule.name << ": nothing in src/ says '" << part << "' any more: change the list, and its translations";
  }
}

TEST(Sentences, AreKnownByTheirTextWithWhatIsFilledIn) {
  const struct {
    const char* text;
    const char* rule;  // "": it is not ours
    const char* values;
  } rows[] = {
      {"there is no user 'anna'", "user_unknown", R"({"user":"anna"})"},
      {"there is no user ''", "user_unknown", R"({"user":""})"},
      {"there is no user 'it's'", "user_unknown", R"({"user":"it's"})"},
      {"there is no user 'anna", "", ""},
      {"there is no user 'anna' here", "", ""},
      {"There is no user 'anna'", "", ""},
      {"", "", ""},
      {"sign in first", "sign_in_first", ""},
      {"sign in first, please", "", ""},
      {"this needs the role operator, and yours is auditor", "role_needed",
       R"({"needed_role":"operator","role":"auditor"})"},
      {"the node is waiting", "node_not_admitted", R"({"node_state":"waiting"})"},
      {"the node is blocked already", "node_blocked_already", ""},
      {"the challenge is for no alternative names, the request is for dns:a", "challenge_no_names",
       R"({"found":"dns:a"})"},
      {"the challenge is for CN=a, the request has an empty subject", "challenge_subject_missing",
       R"({"expected":"CN=a"})"},
      {"the challenge is for CN=a, the request is for CN=b", "challenge_other_subject",
       R"({"expected":"CN=a","found":"CN=b"})"},
      {"handshake failed", "", ""},
      {"there is no order 'sing'", "order_verb", R"({"verb":"sing"})"},
      {"a certificate: the encoding ends inside an element", "order_certificate_bad",
       R"({"detail":"the encoding ends inside an element"})"},
      {"unknown placeholder {CM}: expected CN, O, OU, SERIALNUMBER, C, L, ST, EMAIL, UID or DC in braces",
       "template_placeholder", R"({"word":"{CM}"})"},
      {"reading /etc/secret: Permission denied", "file_unreadable",
       R"({"path":"etc/secret","detail":"Permission denied"})"},
      {"an integer from 2048 to 4096 (bits)", "type_bits", R"({"least":"2048","most":"4096"})"},
  };
  for (const auto& row : rows) {
    const json::object found = sentence_json(row.text);
    EXPECT_EQ(found.at("text").as_string(), row.text);
    EXPECT_EQ(found.contains("rule") ? std::string(found.at("rule").as_string()) : "", row.rule) << row.text;
    EXPECT_EQ(found.contains("values") ? json::serialize(found.at("values")) : "", row.values) << row.text;
    EXPECT_EQ(example::complaint(sentence_shape(), found), "");
  }
}

TEST(Sentences, WhatStandsInQuotationMarksIsSomebodyElsesWords) {
  const std::string ours = "there is no user 'anna'";
  ASSERT_EQ(sentence_json(ours).at("rule"), "user_unknown");
  for (const std::string& words :
       {ours, "sign in first; " + ours, "2.5.29.37 cannot be taken from a request: " + ours}) {
    const std::string text = '"' + words + '"';
    json::object object;
    put_sentence(object, "sentence", text);
    EXPECT_TRUE(object.empty()) << object;
    EXPECT_EQ(sentences_json(text), json::array({json::object({{"text", text}})})) << text;
  }
}

TEST(Sentences, EachIsItselfAndNoOther) {
  for (const SentenceRule& rule : sentence_rules()) {
    if (rule.text.contains("{cause}")) continue;
    const std::string text = with("x7", rule.text);
    const json::object found = sentence_json(text);
    ASSERT_TRUE(found.contains("rule")) << text;
    EXPECT_EQ(found.at("rule").as_string(), rule.name) << text;
  }
}

TEST(Sentences, StandInLinesAndBehindSemicolonsAndHaveCauses) {
  EXPECT_EQ(json::serialize(sentences_json("name: holds a control character\nsomething else")),
            R"([{"text":"name: holds a control character","rule":"of_field","values":{"name":"name"},)"
            R"("cause":{"text":"holds a control character","rule":"text_control_character"}},)"
            R"({"text":"something else"}])");
  const json::array lint = sentences_json(
      "weak-key: RSA keys need at least 2048 bits, this one has 1024; missing-name: there is neither a subject nor an "
      "alternative name");
  ASSERT_EQ(lint.size(), 2U);
  EXPECT_EQ(lint[1].at("cause").at("rule"), "lint_no_name");
  // What was being done, and what was wrong.
  const json::object key_away = sentence_json(
      "making the next generation: the root's key is not here: a new generation must be signed where it is kept");
  EXPECT_EQ(key_away.at("rule"), "root_key_away");
  EXPECT_TRUE(key_away.at("text").as_string().starts_with("making the next generation: "));
  // The name of a rule before a sentence that begins with what is filled in.
  const json::object long_name =
      sentence_json("name-too-long: CN has 70 characters, at most 64 are allowed").at("cause").as_object();
  EXPECT_EQ(json::serialize(long_name.at("values")), R"({"attribute":"CN","count":"70","most":"64"})");
  EXPECT_EQ(sentence_json("empty-attribute: CN has no value").at("cause").at("rule"), "lint_no_value");
  EXPECT_EQ(sentence_json("wildcard-not-allowed: '*.example.com'").at("rule"), "lint_wildcard_name");
  // Behind what was being looked at, and inside of what was found.
  EXPECT_EQ(sentence_json("subject template: CN has no value").at("cause").at("values").at("attribute"), "CN");
  EXPECT_EQ(sentence_json("alternative names: DNS suffix 'a_b' has an underscore").at("cause").at("cause").at("rule"),
            "dns_underscore");
  EXPECT_EQ(sentence_json("bad-dns-name: 'a_b' has an underscore").at("cause").at("cause").at("rule"),
            "dns_underscore");
  EXPECT_EQ(sentence_json("bad-uri: 'http://a_b/' has a host that has an underscore")
                .at("cause")
                .at("cause")
                .at("cause")
                .at("rule"),
            "dns_underscore");
  EXPECT_FALSE(sentence_json("'a' is mine").contains("rule"));
  // A semicolon of one sentence, and one of somebody else.
  EXPECT_EQ(sentences_json("the certificate of this transaction has expired; start a new transaction").size(), 1U);
  EXPECT_EQ(sentences_json("sign in first; or not").size(), 1U);
  // What was being done, when it failed, is no field.
  EXPECT_FALSE(sentence_json("reading the ledger: sign in first").contains("rule"));
  EXPECT_FALSE(sentence_json("name: nobody knows this").contains("rule"));
  EXPECT_FALSE(sentence_json("a: b: c: d: e: f: sign in first").contains("rule")) << "however deep";
}

TEST(Findings, AreFilledInWhole) {
  std::set<std::string_view> names;
  for (const FindingRule& rule : finding_rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name << " twice";
    EXPECT_FALSE(rule.fix.contains('{')) << rule.name;
    EXPECT_TRUE(all_sources().contains("\"" + std::string(rule.name) + "\"")) << rule.name << " is found by nobody";
  }
  EXPECT_EQ(filled("{a} and {b}", {{"b", "2"}, {"a", "1"}}), "1 and 2");
}

TEST(AuditActions, AreThoseThatAreWrittenDown) {
  std::set<std::string> written;
  std::set<std::string> subjects;
  for (const std::string_view action : audit_actions()) subjects.emplace(action.substr(0, action.find('.')));
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_";
  const std::string_view sources = all_sources();
  for (std::size_t quote = sources.find('"'); quote != std::string_view::npos; quote = sources.find('"', quote + 1)) {
    const std::size_t dot = sources.find_first_not_of(letters, quote + 1);
    const std::size_t end = dot == std::string_view::npos ? dot : sources.find_first_not_of(letters, dot + 1);
    if (end == std::string_view::npos || sources[dot] != '.' || end == dot + 1 || sources[end] != '"') continue;
    if (subjects.contains(std::string(sources.substr(quote + 1, dot - quote - 1))))
      written.emplace(sources.substr(quote + 1, end - quote - 1));
  }
  // What a node says of an order: fmt::format("order.{}", …).
  for (const char* state : {"done", "failed", "expired"}) written.insert(std::string("order.") + state);
  const std::vector<std::string_view> actions = audit_actions();
  EXPECT_EQ(std::set<std::string>(actions.begin(), actions.end()), written);
}

class TellingTest : public example::HubTest {};

TEST_F(TellingTest, AProblemComesWithWhatItSays) {
  const http::Response response = send("GET", "/v1/users");
  EXPECT_EQ(response.status, 200U);
  const json::value unknown = json::parse(as_text(send("DELETE", "/v1/users/nobody").body));
  EXPECT_EQ(json::serialize(unknown.at("error").at("sentences")),
            R"([{"text":"there is no user 'nobody'","rule":"user_unknown","values":{"user":"nobody"}}])");
  const json::value wrong = json::parse(as_text(send("POST", "/v1/users", R"({"name": "eve", "role": "queen"})").body));
  const json::value& choice = wrong.at("error").at("sentences").at(0);
  EXPECT_EQ(choice.at("values").at("name"), "role");
  EXPECT_EQ(choice.at("cause").at("rule"), "expected_choice");
  EXPECT_EQ(choice.at("cause").at("values").at("found"), "queen");
}

TEST_F(TellingTest, AFindingComesWithItsRuleAndItsCause) {
  add_endpoint("hall", {{"authorisers", "challenge"}, {"allow_3des_sha1", "true"}});
  const json::object found = get("/v1/doctor");
  bool warned = false;
  for (const json::value& finding : found.at("findings").as_array()) {
    if (finding.at("rule") != "endpoint_warning") continue;
    warned = true;
    EXPECT_EQ(finding.at("what"),
              "endpoint hall: 3DES and SHA-1 are weak; allow them only where a client cannot do better");
    EXPECT_EQ(json::serialize(finding.at("values")), R"({"endpoint":"hall"})");
    EXPECT_EQ(finding.at("cause").at("rule"), "warning_3des");
  }
  EXPECT_TRUE(warned);
}

}  // namespace
}  // namespace chancery::api
