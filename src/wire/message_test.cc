#include "wire/check_in.h"

#include <gtest/gtest.h>

namespace chancery::wire {
namespace {

const std::string fingerprint_a(64, 'a');
const std::string fingerprint_b(64, 'b');

Timestamp at(int second) { return from_rfc3339("2026-11-21T17:20:00Z").value() + Seconds(second); }

CheckIn full_check_in() {
  return {.agent_version = "0.1.0",
          .node = "printer-1",
          .product = "printer",
          .boot_id = "0f",
          .clock = {.now = at(1), .synchronised = ClockSync::yes},
          .inventory_hash = fingerprint_a,
          .inventory = Inventory{.slots = {{.name = "ipps",
                                            .service = "cups",
                                            .stage = SlotStage::renewing,
                                            .active = fingerprint_b,
                                            .not_after = at(2),
                                            .renew_at = at(3),
                                            .next_attempt = at(4),
                                            .last_error = "the hub said „no“\nthen it went",
                                            .csr = "-----BEGIN CERTIFICATE REQUEST-----\n"},
                                           {.name = "empty"}},
                                 .trust = {{.store = "system", .sha256 = fingerprint_a}},
                                 .stored = {{.sha256 = fingerprint_b, .slot = "ipps", .installed_at = at(5)}}},
          .certificates = {{fingerprint_b, {0x30, 0x00}}},
          .results =
              {{.id = "7", .outcome = Outcome::done, .text = "fine", .data = {{"csr", "PEM"}}, .finished_at = at(6)}},
          .events = {{.number = 12, .at = at(7), .slot = "ipps", .what = "installed", .text = "serial 01"}},
          .hold_seconds = 300};
}

CheckInAnswer full_answer() {
  return {.state = NodeState::admitted,
          .now = at(1),
          .inventory_wanted = true,
          .certificates_wanted = {fingerprint_a},
          .acknowledged_results = {"7"},
          .acknowledged_event = 12,
          .orders = {{.id = "8",
                      .verb = Verb::add_trust,
                      .slot = "ipps",
                      .parameters = {{"store", "system"}},
                      .certificates = {{0x30, 0x01, 0x02}},
                      .deadline = at(9)}},
          .request_decided = true,
          .check_in_again_seconds = 5};
}

TEST(WireMessage, ACheckInIsReadAsItWasWritten) {
  for (const CheckIn& message : {full_check_in(), CheckIn()}) {
    const auto read = check_in_from_json(to_json(message));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, message);
  }
}

TEST(WireMessage, AnAnswerIsReadAsItWasWritten) {
  for (const CheckInAnswer& message : {full_answer(), CheckInAnswer()}) {
    const auto read = check_in_answer_from_json(to_json(message));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, message);
  }
}

TEST(WireMessage, PartsThatAreKeptOnTheirOwnAreReadAsTheyWereWritten) {
  const CheckIn message = full_check_in();
  EXPECT_EQ(inventory_from_json(to_json(*message.inventory)), *message.inventory);
  EXPECT_EQ(event_from_json(to_json(message.events[0])), message.events[0]);
  EXPECT_EQ(order_result_from_json(to_json(message.results[0])), message.results[0]);
  EXPECT_EQ(order_from_json(to_json(full_answer().orders[0])), full_answer().orders[0]);
}

TEST(WireMessage, EveryWordIsReadAsItWasWritten) {
  for (const Verb verb : {Verb::unknown, Verb::read_inventory, Verb::renew_slot, Verb::generate_csr,
                          Verb::install_certificate, Verb::add_trust, Verb::remove_trust, Verb::reload, Verb::restart})
    EXPECT_EQ(order_from_json(to_json(Order{.id = "1", .verb = verb}))->verb, verb);
  for (const Outcome outcome : {Outcome::failed, Outcome::done, Outcome::expired, Outcome::unsupported})
    EXPECT_EQ(order_result_from_json(to_json(OrderResult{.id = "1", .outcome = outcome}))->outcome, outcome);
  EXPECT_EQ(verb_from_text("restart"), Verb::restart);
  EXPECT_EQ(verb_from_text("unknown"), std::nullopt);
  EXPECT_EQ(verb_from_text("sing"), std::nullopt);
}

TEST(WireMessage, APeerOfAnotherAgeIsUnderstood) {
  const auto check_in = check_in_from_json(R"({"version": 1, "colour": {"deep": [1]}, "clock": {"mood": 7},
      "inventory": {"slots": [{"name": "a", "stage": "hibernating", "later": true}]}})");
  ASSERT_TRUE(check_in) << check_in.error().text();
  EXPECT_EQ(check_in->inventory->slots[0].stage, SlotStage::unknown);
  EXPECT_EQ(check_in->clock.synchronised, ClockSync::unknown);
  EXPECT_EQ(check_in->hold_seconds, 0);
  const auto answer = check_in_answer_from_json(R"({"version": 1, "state": "cherished", "orders":
      [{"id": "1", "verb": "sing", "deadline": "2026-11-21T17:20:02Z"}]})");
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->state, NodeState::waiting);
  EXPECT_EQ(answer->orders[0].verb, Verb::unknown);
  // The words that stand for what is missing are the careful ones.
  EXPECT_EQ(check_in_answer_from_json(R"({"version": 1})"), CheckInAnswer());
  EXPECT_EQ(order_result_from_json(R"({"id": "1", "finished_at": "2026-11-21T17:20:02Z"})")->outcome, Outcome::failed);
}

TEST(WireMessage, AMessageOfALaterVersionSaysThatTheProgramIsTooOld) {
  const auto read = check_in_from_json(R"({"version": 2})");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), ErrorCode::refused);
  EXPECT_EQ(read.error().text(), "the message is of version 2, this program understands version 1: update it");
}

TEST(WireMessage, TextsForPeopleAreMadeFitWhenTheyAreWritten) {
  const struct {
    const char* name;
    std::string text;
    std::string expect;
  } rows[] = {
      {"line breaks stay", "a\nb\tc", "a\nb\tc"},
      {"control characters", std::string("a\x1b[31mb\0c", 9), "a?[31mb?c"},
      {"not UTF-8", "caf\xe9!", "caf?!"},
      {"an overlong form", "\xc0\xaf", "??"},
      {"a surrogate", "\xed\xa0\x80", "???"},
      {"too long", std::string(most_text_bytes + 1, 'x'), std::string(most_text_bytes, 'x')},
      {"cut between characters", std::string(most_text_bytes - 1, 'x') + "é", std::string(most_text_bytes - 1, 'x')},
  };
  for (const auto& row : rows) {
    const auto read = order_result_from_json(to_json(OrderResult{.id = "1", .text = row.text}));
    ASSERT_TRUE(read) << row.name << read.error().text();
    EXPECT_EQ(read->text, row.expect) << row.name;
  }
}

TEST(WireMessage, RefusesACheckInThatIsNotAsItShouldBe) {
  const std::string name = R"("name": "a")";
  const auto with = [](std::string_view field) { return R"({"version": 1, )" + std::string(field) + "}"; };
  const auto slot = [&](std::string_view field) {
    return with(R"("inventory": {"slots": [{"name": "a"}, {"name": "b", )" + std::string(field) + "}]}");
  };
  const auto repeated = [](std::string_view item, std::size_t count) {
    std::string items;
    for (std::size_t i = 0; i < count; ++i) items.append(i == 0 ? "" : ",").append(item);
    return items;
  };
  const struct {
    const char* name;
    std::string json;
    std::string expect;
  } rows[] = {
      {"nothing", "", "not JSON: incomplete JSON"},
      {"half", R"({"version": 1)", "not JSON: incomplete JSON"},
      {"more behind it", R"({"version": 1} x)", "not JSON: extra data"},
      {"a list", "[]", "expected a JSON object"},
      {"too long", std::string(most_message_bytes + 1, ' '), "longer than 1048576 bytes"},
      {"too deep", with(R"("x": [[[[[[[[[1]]]]]]]]])"), "not JSON: too deep"},
      {"not UTF-8", with("\"node\": \"\xff\""), "not JSON: syntax error"},
      {"no version", "{}", "version: missing"},
      {"version 0", R"({"version": 0})", "version: expected an integer from 1 to 9007199254740992"},
      {"version as text", R"({"version": "1"})", "version: expected an integer"},
      {"version as a fraction", R"({"version": 1.0})", "version: expected an integer"},
      {"version beyond 64 bits", R"({"version": 9223372036854775808})", "version: expected an integer"},
      {"a number for a name", with(R"("node": 5)"), "node: expected a text"},
      {"null for a name", with(R"("node": null)"), "node: expected a text"},
      {"a long name", with(R"("node": ")" + std::string(most_name_bytes + 1, 'n') + "\""),
       "node: longer than 256 bytes"},
      {"a line break in a name", with(R"("node": "a\nb")"), "node: holds a control character"},
      {"a clock that is a time", with(R"("clock": "2026-11-21T17:20:02Z")"), "clock: expected an object"},
      {"a local time", with(R"("clock": {"now": "2026-11-21 17:20"})"),
       "clock.now: expected a time such as 2026-11-21T17:20:02Z"},
      {"a truth for a word", with(R"("clock": {"synchronised": true})"), "clock.synchronised: expected a text"},
      {"upper-case fingerprint", with(R"("inventory_hash": ")" + std::string(64, 'A') + "\""),
       "inventory_hash: expected SHA-256 as 64 lower-case hexadecimal digits"},
      {"short fingerprint", with(R"("inventory_hash": "aa")"),
       "inventory_hash: expected SHA-256 as 64 lower-case hexadecimal digits"},
      {"an inventory that is a list", with(R"("inventory": [])"), "inventory: expected an object"},
      {"slots that are an object", with(R"("inventory": {"slots": {}})"), "inventory.slots: expected an array"},
      {"a slot that is a text", with(R"("inventory": {"slots": ["a"]})"), "inventory.slots[0]: expected an object"},
      {"a slot without a name", with(R"("inventory": {"slots": [{}]})"), "inventory.slots[0].name: missing"},
      {"a slot with an empty name", with(R"("inventory": {"slots": [{"name": ""}]})"),
       "inventory.slots[0].name: must not be empty"},
      {"a stage that is a number", slot(R"("stage": 1)"), "inventory.slots[1].stage: expected a text"},
      {"a long error", slot(R"("last_error": ")" + std::string(most_text_bytes + 1, 'e') + "\""),
       "inventory.slots[1].last_error: longer than 4096 bytes"},
      {"too many slots", with(R"("inventory": {"slots": [)" + repeated("{" + name + "}", most_slots + 1) + "]}"),
       "inventory.slots: more than 64 items"},
      {"trust without a fingerprint", with(R"("inventory": {"trust": [{"store": "a"}]})"),
       "inventory.trust[0].sha256: missing"},
      {"an empty fingerprint of a stored one", with(R"("inventory": {"stored": [{"sha256": ""}]})"),
       "inventory.stored[0].sha256: expected SHA-256 as 64 lower-case hexadecimal digits"},
      {"certificates in a list", with(R"("certificates": [])"), "certificates: expected an object"},
      {"a certificate under another name", with(R"("certificates": {"a": "MAA="})"),
       "certificates: a name in it is not SHA-256 in lower-case hexadecimal"},
      {"a certificate that is not base64", with(R"("certificates": {")" + fingerprint_a + R"(": "MA!"})"),
       "certificates." + fingerprint_a + ": expected base64"},
      {"an empty certificate", with(R"("certificates": {")" + fingerprint_a + R"(": ""})"),
       "certificates." + fingerprint_a + ": expected 1 to 32768 bytes"},
      {"a result without an id", with(R"("results": [{"finished_at": "2026-11-21T17:20:02Z"}])"),
       "results[0].id: missing"},
      {"a result without a time", with(R"("results": [{"id": "1"}])"), "results[0].finished_at: missing"},
      {"a result's data with a number",
       with(R"("results": [{"id": "1", "finished_at": "2026-11-21T17:20:02Z", "data": {"a": 1}}])"),
       "results[0].data.a: expected a text"},
      {"an event of number 0", with(R"("events": [{"number": 0, "what": "x", "at": "2026-11-21T17:20:02Z"}])"),
       "events[0].number: expected an integer from 1 to 9007199254740992"},
      {"an event of nothing", with(R"("events": [{"number": 1, "at": "2026-11-21T17:20:02Z"}])"),
       "events[0].what: missing"},
      {"a negative hold", with(R"("hold_seconds": -1)"), "hold_seconds: expected an integer from 0 to 3600"},
      {"a hold of a day", with(R"("hold_seconds": 86400)"), "hold_seconds: expected an integer from 0 to 3600"},
  };
  for (const auto& row : rows) {
    const auto read = check_in_from_json(row.json);
    ASSERT_FALSE(read) << row.name;
    EXPECT_EQ(read.error().code(), ErrorCode::invalid) << row.name;
    EXPECT_EQ(read.error().text().substr(0, row.expect.size()), row.expect) << row.name;
  }
}

TEST(WireMessage, RefusesAnAnswerThatIsNotAsItShouldBe) {
  const struct {
    const char* name;
    const char* field;
    const char* expect;
  } rows[] = {
      {"a truth as a number", R"("inventory_wanted": 1)", "inventory_wanted: expected true or false"},
      {"wanted that is no fingerprint", R"("certificates_wanted": ["a"])",
       "certificates_wanted[0]: expected SHA-256 as 64 lower-case hexadecimal digits"},
      {"acknowledged that is a number", R"("acknowledged_results": [1])", "acknowledged_results[0]: expected a text"},
      {"an order without a verb", R"("orders": [{"id": "1", "deadline": "2026-11-21T17:20:02Z"}])",
       "orders[0].verb: missing"},
      {"an order without a deadline", R"("orders": [{"id": "1", "verb": "reload"}])", "orders[0].deadline: missing"},
      {"parameters with an empty name",
       R"("orders": [{"id": "1", "verb": "reload", "parameters": {"": "a"}, "deadline": "2026-11-21T17:20:02Z"}])",
       "orders[0].parameters: a name in it is empty, too long or holds a control character"},
      {"a certificate that is a number",
       R"("orders": [{"id": "1", "verb": "reload", "certificates": [1], "deadline": "2026-11-21T17:20:02Z"}])",
       "orders[0].certificates[0]: expected a text"},
      {"again in a month", R"("check_in_again_seconds": 2592000)",
       "check_in_again_seconds: expected an integer from 0 to 604800"},
  };
  for (const auto& row : rows) {
    const auto read = check_in_answer_from_json(R"({"version": 1, )" + std::string(row.field) + "}");
    ASSERT_FALSE(read) << row.name;
    EXPECT_EQ(read.error().text(), row.expect) << row.name;
  }
}

}  // namespace
}  // namespace chancery::wire
