#include "hub/check_in.h"

#include <gtest/gtest.h>

#include "hub/certificate_chain.h"
#include "hub/link_testing.h"
#include "hub/requests.h"
#include "hub/revocation.h"
#include "hub/watched_ledger.h"
#include "pki/algorithms.h"

namespace chancery::hub {
namespace {

using CheckInTest = LinkTest;

TEST_F(CheckInTest, A_device_that_enrolled_with_its_nodes_challenge_is_that_node) {
  const fleet::NodeId id = enrolled_node();
  const CheckInDecision decision =
      call({.agent_version = "0.1.0",
            .node = "whatever it says",
            .clock = {.now = hub.clock.now() + Seconds(42), .synchronised = wire::ClockSync::no},
            .hold_seconds = 300})
          .value();
  EXPECT_EQ(decision.answer.state, wire::NodeState::admitted);
  EXPECT_EQ(decision.party.node_id, id);
  EXPECT_EQ(decision.hold, Seconds(300));
  const fleet::Node seen = node(id);
  EXPECT_EQ(seen.name, "printer-1");
  EXPECT_EQ(seen.state, fleet::NodeState::admitted);
  EXPECT_EQ(seen.agent_version, "0.1.0");
  EXPECT_EQ(seen.clock_offset_seconds, 42);
  EXPECT_EQ(seen.clock_synchronised, fleet::ClockSync::no);
  EXPECT_EQ(seen.first_seen, hub.clock.now());
  EXPECT_EQ(seen.remote_address, "192.0.2.7");
  EXPECT_EQ(seen.certificate, device.certificate()->serial().hex());
  EXPECT_EQ(last_action(), "node.appeared");
}

TEST_F(CheckInTest, A_node_is_known_by_each_of_its_certificates_and_a_stranger_by_none) {
  const fleet::NodeId id = enrolled_node();
  const auto known = [&](ByteView certificate) { return check_in.known_peer(certificate); };
  // Before its first call, its certificate leads to no node that anybody looked up.
  const auto before = known(device.certificate()->der());
  ASSERT_TRUE(before);
  EXPECT_GT(*before, std::uint64_t{1} << 63);
  ASSERT_TRUE(call());
  EXPECT_EQ(known(device.certificate()->der()), static_cast<std::uint64_t>(id));
  const Bytes old = to_bytes(device.certificate()->der());
  ASSERT_EQ(renew(device, "renewal", test_key(3)), "granted");
  ASSERT_TRUE(call());
  EXPECT_EQ(known(device.certificate()->der()), static_cast<std::uint64_t>(id));
  EXPECT_EQ(known(old), static_cast<std::uint64_t>(id));
  EXPECT_FALSE(known(hub.keyring.root().der()));
  EXPECT_FALSE(known(as_bytes("no certificate")));
  Revocation revocation(hub.context, hub.crls);
  ASSERT_TRUE(revocation.revoke(pki::Certificate::from_der(old)->serial(), pki::RevocationReason::superseded, admin));
  EXPECT_FALSE(known(old));
}

TEST_F(CheckInTest, A_call_that_brings_nothing_new_writes_nothing) {
  enrolled_node();
  ASSERT_TRUE(call());
  const int commits = hub.ledger.commits();
  hub.clock.advance(Seconds(60));
  ASSERT_TRUE(call());
  EXPECT_EQ(hub.ledger.commits(), commits);
  // When it was here is written for all together.
  ASSERT_TRUE(presence.flush(hub.ledger));
  EXPECT_EQ(hub.ledger.commits(), commits + 1);
  EXPECT_EQ(hub.ledger.contents().nodes.begin()->second.last_seen, hub.clock.now());
  ASSERT_TRUE(presence.flush(hub.ledger));
  EXPECT_EQ(hub.ledger.commits(), commits + 1);
}

TEST_F(CheckInTest, That_a_node_stays_is_written_every_ten_minutes_and_that_it_goes_or_moves_at_once) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  const auto kept = [&] { return hub.ledger.contents().nodes.at(id); };
  const auto hold = [&] {
    return presence.hold({.node_id = id, .serial = {}, .longest = std::chrono::hours(2), .wake = [] {}},
                         presence.mark());
  };
  auto ticket = hold();
  ASSERT_TRUE(ticket);
  ASSERT_TRUE(presence.flush(hub.ledger));
  std::optional<Timestamp> written = hub.clock.now();
  const auto a_minute_later = [&] {
    hub.clock.advance(Seconds(60));
    EXPECT_TRUE(presence.flush(hub.ledger));
    return kept().last_seen;
  };
  const int commits = hub.ledger.commits();
  for (int minute = 1; minute < 10; ++minute) EXPECT_EQ(a_minute_later(), written);
  EXPECT_EQ(hub.ledger.commits(), commits);
  written = a_minute_later();
  EXPECT_EQ(written, hub.clock.now());
  // It goes; for 90 seconds it may just be between two calls.
  hub.clock.advance(Seconds(30));
  const Timestamp gone = hub.clock.now();
  presence.release(*ticket);
  EXPECT_EQ(a_minute_later(), written);
  EXPECT_EQ(a_minute_later(), gone);
  // It comes, and moves.
  const Timestamp back = hub.clock.now();
  presence.seen(id, "192.0.2.9", "");
  EXPECT_EQ(a_minute_later(), back);
  EXPECT_EQ(kept().remote_address, "192.0.2.9");
  // The hub ends.
  ticket = hold();
  ASSERT_TRUE(ticket);
  hub.clock.advance(Seconds(60));
  ASSERT_TRUE(presence.flush(hub.ledger));
  EXPECT_LT(kept().last_seen, hub.clock.now());
  ASSERT_TRUE(presence.flush_all(hub.ledger));
  EXPECT_EQ(kept().last_seen, hub.clock.now());
}

TEST_F(CheckInTest, Renewals_lead_to_the_same_node_however_many_the_hub_did_not_see) {
  const fleet::NodeId id = enrolled_node();
  const pki::PrivateKey* key = &test_key(1);
  for (int i = 0; i < 4; ++i) {
    key = &test_key(1);
    ASSERT_EQ(renew(device, "renewal " + std::to_string(i), *key), "granted");
  }
  EXPECT_EQ(call().value().party.node_id, id);
  EXPECT_EQ(nodes.list({}).value().rows.size(), 1u);
}

TEST_F(CheckInTest, The_challenge_is_remembered_after_it_was_cleaned_away) {
  const fleet::NodeId id = enrolled_node();
  hub.clock.advance(std::chrono::days(100));
  ASSERT_TRUE(challenges.remove_old());
  EXPECT_EQ(call().value().party.node_id, id);
}

TEST_F(CheckInTest, An_unknown_device_waits_and_is_told_when_it_is_admitted) {
  ASSERT_EQ(enrol(device, text_of(hub.mint("printers"))), "granted");
  hold();
  const fleet::NodePage page = nodes.list({}).value();
  ASSERT_EQ(page.rows.size(), 1u);
  EXPECT_EQ(page.rows[0].name, "device");
  EXPECT_EQ(page.rows[0].state, fleet::NodeState::waiting);
  EXPECT_EQ(last_action(), "node.waiting");
  EXPECT_EQ(orders.create({.node_id = page.rows[0].id, .verb = "read_inventory"}, admin).error().text(),
            "the node is waiting");
  ASSERT_TRUE(nodes.admit(page.rows[0].id, admin));
  EXPECT_EQ(told, std::vector<std::string>{"admitted"});
  EXPECT_EQ(last_action(), "node.admitted");
}

TEST_F(CheckInTest, What_a_device_says_that_nobody_admitted_is_not_kept) {
  ASSERT_EQ(enrol(device, text_of(hub.mint("printers"))), "granted");
  const wire::CheckInAnswer said =
      answer({.agent_version = "9.9",
              .product = "printer",
              .clock = {.now = hub.clock.now() + Seconds(42), .synchronised = wire::ClockSync::no},
              .inventory_hash = hash_a,
              .inventory = wire::Inventory{.slots = {{.name = "ipps"}}},
              .results = {{.id = "1", .finished_at = hub.clock.now()}},
              .events = {{.number = 1, .at = hub.clock.now(), .what = "started"}}});
  EXPECT_EQ(said, (wire::CheckInAnswer{.now = hub.clock.now(), .check_in_again_seconds = 300}));
  const NodeDetails details = nodes.details(nodes.list({}).value().rows.at(0).id).value();
  EXPECT_TRUE(details.inventory.slots.empty());
  EXPECT_EQ(details.node.acknowledged_event, 0);
  EXPECT_EQ(details.node.agent_version, "");
  EXPECT_EQ(details.node.product, "");
  EXPECT_EQ(details.node.clock_offset_seconds, std::nullopt);
  EXPECT_EQ(details.node.clock_synchronised, fleet::ClockSync::unknown);
}

TEST_F(CheckInTest, Two_unknown_devices_of_the_same_name_are_two_nodes) {
  for (TestDevice* each : {&device, &other}) {
    ASSERT_EQ(enrol(*each, text_of(hub.mint("printers"))), "granted");
    ASSERT_TRUE(call({}, *each));
  }
  const fleet::NodePage page = nodes.list({}).value();
  ASSERT_EQ(page.rows.size(), 2u);
  EXPECT_EQ(page.rows[0].name, "device");
  EXPECT_EQ(page.rows[1].name, "device-2");
}

TEST_F(CheckInTest, Many_unknown_devices_of_one_name_are_told_apart_by_their_serials) {
  for (int i = 1; i < 10; ++i)
    ASSERT_TRUE(nodes.add({.name = i == 1 ? "device" : "device-" + std::to_string(i), .challenge = {}}, admin));
  ASSERT_EQ(enrol(device, text_of(hub.mint("printers"))), "granted");
  EXPECT_EQ(node(call().value().party.node_id).name,
            "device-" + device.certificate()->serial().hex().substr(0, 16) + "-0");
}

TEST_F(CheckInTest, A_device_that_asks_again_while_its_request_waits_stays_the_announced_node) {
  hub.add_endpoint("asked", {{"authorisers", "challenge,manual"}, {"alternative_names", "dns"}});
  const AddedNode added =
      nodes
          .add({.name = "printer-1",
                .challenge =
                    NodeChallengeOrder{.slot = "ipps",
                                       .challenge = {.endpoint = "asked", .binding = {}, .lifetime = {}, .note = {}}}},
               admin)
          .value();
  const std::string challenge = text_of(added.challenge->text);
  // A client that makes a transactionID for each try.
  for (const char* transaction : {"first", "second", "third"})
    ASSERT_EQ(to_text(device.say("asked", {.challenge = challenge, .transaction_id = transaction})), "pending");
  Requests requests(hub.context, presence);
  std::int64_t waiting = 0;
  for (const auto& [number, transaction] : hub.ledger.contents().transactions)
    if (transaction.state == TransactionRecord::State::pending) waiting = number;
  ASSERT_TRUE(requests.approve(waiting, admin));
  ASSERT_EQ(to_text(device.say("asked", {.type = scep::MessageType::cert_poll, .transaction_id = "third"})), "granted");
  EXPECT_EQ(call().value().party.node_id, added.node.id);
  EXPECT_EQ(node(added.node.id).state, fleet::NodeState::admitted);
}

TEST_F(CheckInTest, A_certificate_that_is_revoked_while_its_call_is_looked_at_is_not_held) {
  enrolled_node();
  ASSERT_TRUE(call());
  InterruptedLedger ledger(hub.ledger);
  Context context = context_with(ledger);
  CheckIn interrupted(context, presence, changes);
  ledger.after_read = [&] { presence.end(device.certificate()->serial().hex()); };
  const CheckInDecision decision = interrupted
                                       .answer({.certificate = to_bytes(device.certificate()->der()),
                                                .remote_address = "192.0.2.7",
                                                .message = {.hold_seconds = 300}})
                                       .value();
  EXPECT_FALSE(presence.hold(
      {.node_id = decision.party.node_id, .serial = decision.party.serial, .longest = Seconds(300), .wake = [] {}},
      decision.mark));
}

TEST_F(CheckInTest, The_address_that_a_held_call_came_from_is_kept) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  hub.clock.advance(Seconds(9));
  const CheckInDecision decision = check_in
                                       .answer({.certificate = to_bytes(device.certificate()->der()),
                                                .remote_address = "192.0.2.8",
                                                .message = {.hold_seconds = 300}})
                                       .value();
  ASSERT_TRUE(check_in.later(decision.party));
  ASSERT_TRUE(presence.flush(hub.ledger));
  EXPECT_EQ(node(id).remote_address, "192.0.2.8");
}

TEST_F(CheckInTest, A_certificate_that_no_inventory_names_is_not_kept) {
  const fleet::NodeId id = enrolled_node();
  const pki::Certificate junk =
      pki::make_transport_certificate(test_key(2), pki::Name::from_text("CN=junk").value(),
                                      {hub.clock.now(), hub.clock.now() + Seconds(99)}, pki::Serial{{7}})
          .value();
  const std::string hash = to_hex(junk.fingerprint());
  ASSERT_TRUE(call({.certificates = {{hash, to_bytes(junk.der())}}}));
  EXPECT_TRUE(hub.ledger.contents().foreign_certificates.empty());
  ASSERT_TRUE(call({.inventory_hash = hash_a,
                    .inventory = wire::Inventory{.trust = {{.store = "system", .sha256 = hash}}},
                    .certificates = {{hash, to_bytes(junk.der())}}}));
  EXPECT_EQ(hub.ledger.contents().foreign_certificates.size(), 1u);
  EXPECT_TRUE(nodes.details(id).value().certificates.contains(hash));
}

TEST_F(CheckInTest, Refuses_certificates_that_are_not_good) {
  enrolled_node();
  const auto refusal = [&](const pki::Certificate& certificate) {
    const auto said =
        check_in.answer({.certificate = to_bytes(certificate.der()), .remote_address = "192.0.2.7", .message = {}});
    return said ? std::string("answered") : std::string(to_string(said.error().code())) + ": " + said.error().text();
  };
  const pki::Certificate good = *device.certificate();
  const pki::Certificate stranger =
      pki::make_transport_certificate(test_key(2), good.subject(), good.validity(), good.serial()).value();
  EXPECT_EQ(refusal(stranger), "refused: the certificate was not issued here");
  EXPECT_EQ(refusal(hub.keyring.root()), "refused: the certificate was not issued here");
  EXPECT_EQ(check_in.answer({.certificate = {0x30}, .remote_address = {}, .message = {}}).error().code(),
            ErrorCode::refused);
  EXPECT_EQ(refusal(good), "answered");
  hub.clock.set(good.validity().not_after);
  EXPECT_EQ(refusal(good), "answered");
  hub.clock.advance(Seconds(1));
  EXPECT_EQ(refusal(good), "refused: the certificate expired at " + to_rfc3339(good.validity().not_after));
  ASSERT_TRUE(hub.editor.change("printers", {{"renewal_grace", "30d"}}, admin));
  EXPECT_EQ(refusal(good), "answered");
  hub.clock.advance(std::chrono::days(30));
  EXPECT_EQ(refusal(good), "refused: the certificate expired at " + to_rfc3339(good.validity().not_after));
}

TEST_F(CheckInTest, A_revoked_certificate_ends_the_link_at_once_and_is_refused_from_then_on) {
  const fleet::NodeId id = enrolled_node();
  // As the server wires it: the ledger tells what was committed.
  WatchedLedger watched(hub.ledger);
  watched.watch([&](const std::vector<Committed>& events) {
    for (const Committed& event : events)
      if (event.action == "certificate.revoked") end_links(hub.ledger, presence, event.subject);
  });
  Context context = context_with(watched);
  Revocation revocation(context, hub.crls);
  hold();
  ASSERT_TRUE(revocation.revoke(device.certificate()->serial(), pki::RevocationReason::key_compromise, admin));
  EXPECT_EQ(told, std::vector<std::string>{"the certificate is revoked"});
  EXPECT_FALSE(presence.online(id)) << "it is not here for another 90 seconds";
  EXPECT_EQ(call().error().code(), ErrorCode::refused);
  EXPECT_FALSE(presence.online(id));
}

TEST_F(CheckInTest, A_blocked_node_is_shut_out_and_may_come_back) {
  const fleet::NodeId id = enrolled_node();
  hold();
  ASSERT_TRUE(nodes.block(id, admin));
  EXPECT_EQ(told, std::vector<std::string>{"blocked"});
  const CheckInDecision decision = call().value();
  EXPECT_EQ(decision.answer.state, wire::NodeState::blocked);
  EXPECT_EQ(decision.hold, Seconds(0)) << "whoever is shut out takes no place";
  EXPECT_FALSE(nodes.block(id, admin));
  ASSERT_TRUE(nodes.admit(id, admin));
  EXPECT_EQ(answer().state, wire::NodeState::admitted);
}

TEST_F(CheckInTest, A_node_that_was_removed_comes_back_as_an_unknown_one) {
  const fleet::NodeId id = enrolled_node();
  hold();
  ASSERT_TRUE(nodes.remove(id, admin));
  EXPECT_EQ(told, std::vector<std::string>{"waiting"});
  EXPECT_EQ(answer().state, wire::NodeState::waiting);
  const fleet::NodeId anew = call().value().party.node_id;
  EXPECT_NE(anew, id) << "whoever still sees the removed one would mean the stranger";
  EXPECT_EQ(node(anew).state, fleet::NodeState::waiting);
  EXPECT_FALSE(nodes.details(id));
}

TEST_F(CheckInTest, The_hub_asks_for_the_inventory_and_for_certificates_that_it_does_not_know) {
  const fleet::NodeId id = enrolled_node();
  wire::CheckInAnswer said = answer({.inventory_hash = hash_a, .hold_seconds = 300});
  EXPECT_TRUE(said.inventory_wanted);
  const std::string own = to_hex(device.certificate()->fingerprint());
  const std::string root = to_hex(hub.keyring.root().fingerprint());
  const pki::Certificate foreign =
      pki::make_transport_certificate(test_key(2), pki::Name::from_text("CN=elsewhere").value(),
                                      {hub.clock.now(), hub.clock.now() + Seconds(99)}, pki::Serial{{7}})
          .value();
  const std::string foreign_hash = to_hex(foreign.fingerprint());
  said =
      answer({.inventory_hash = hash_a,
              .inventory = wire::Inventory{.slots = {{.name = "ipps", .stage = wire::SlotStage::valid, .active = own},
                                                     {.name = "sip",
                                                      .stage = wire::SlotStage::failed,
                                                      .active = foreign_hash,
                                                      .last_error = "no route"}},
                                           .trust = {{.store = "system", .sha256 = root}},
                                           .stored = {{.sha256 = own, .slot = "ipps", .installed_at = {}}}},
              .hold_seconds = 300});
  EXPECT_FALSE(said.inventory_wanted);
  EXPECT_EQ(said.certificates_wanted, std::vector<std::string>{foreign_hash});
  // One that is not what it is called is not taken.
  said = answer({.inventory_hash = hash_a,
                 .certificates = {{foreign_hash, to_bytes(device.certificate()->der())}},
                 .hold_seconds = 300});
  EXPECT_EQ(said.certificates_wanted, std::vector<std::string>{foreign_hash});
  const CheckInDecision settled =
      call({.inventory_hash = hash_a, .certificates = {{foreign_hash, to_bytes(foreign.der())}}, .hold_seconds = 300})
          .value();
  EXPECT_TRUE(settled.answer.certificates_wanted.empty());
  EXPECT_EQ(settled.hold, Seconds(300));
  const NodeDetails details = nodes.details(id).value();
  ASSERT_EQ(details.inventory.slots.size(), 2u);
  EXPECT_EQ(details.inventory.slots[0].subject, "CN=device");
  EXPECT_EQ(details.inventory.slots[0].serial, device.certificate()->serial().hex());
  EXPECT_EQ(details.inventory.slots[0].not_after, device.certificate()->validity().not_after);
  EXPECT_EQ(details.inventory.slots[1].subject, "CN=elsewhere");
  EXPECT_EQ(details.inventory.slots[1].serial, "");
  EXPECT_EQ(details.inventory.slots[1].last_error, "no route");
  EXPECT_EQ(details.certificates.at(root).subject, hub.keyring.root().subject().to_text());
  EXPECT_EQ(details.node.failed_slots, 1);
  EXPECT_EQ(details.node.next_expiry, foreign.validity().not_after);
  EXPECT_EQ(details.node.inventory_hash, hash_a);
  EXPECT_TRUE(answer({.inventory_hash = hash_b, .hold_seconds = 300}).inventory_wanted);
}

TEST_F(CheckInTest, Events_are_kept_once_and_acknowledged) {
  const fleet::NodeId id = enrolled_node();
  const auto event = [&](std::int64_t number) {
    return wire::Event{.number = number, .at = hub.clock.now(), .slot = "ipps", .what = "installed", .text = {}};
  };
  EXPECT_EQ(answer({.events = {event(1), event(2)}, .hold_seconds = 300}).acknowledged_event, 2);
  const CheckInDecision again = call({.events = {event(2), event(3)}, .hold_seconds = 300}).value();
  EXPECT_EQ(again.answer.acknowledged_event, 3);
  EXPECT_EQ(again.hold, Seconds(0));
  EXPECT_EQ(nodes.events(id, 0, 9).value().size(), 3u);
  EXPECT_EQ(answer().acknowledged_event, 3);
}

TEST_F(CheckInTest, An_agent_that_lost_its_memory_counts_its_events_anew) {
  const fleet::NodeId id = enrolled_node();
  const auto event = [&](std::int64_t number, const char* what) {
    return wire::Event{.number = number, .at = hub.clock.now(), .slot = {}, .what = what, .text = {}};
  };
  EXPECT_EQ(answer({.events = {event(1, "started"), event(2, "installed"), event(3, "activated")}}).acknowledged_event,
            3);
  hub.clock.advance(Seconds(9));
  EXPECT_EQ(answer({.events = {event(1, "started"), event(2, "failed")}}).acknowledged_event, 2);
  const auto events = nodes.events(id, 0, 9).value();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].what, "failed");
}

TEST_F(CheckInTest, A_full_disk_loses_nothing) {
  const fleet::NodeId id = enrolled_node();
  ASSERT_TRUE(call());
  hub.ledger.fail_after(0);
  const wire::CheckIn message{.results = {}, .events = {{.number = 1, .at = hub.clock.now(), .what = "started"}}};
  EXPECT_EQ(call(message).error().code(), ErrorCode::unavailable);
  hub.ledger.recover();
  EXPECT_EQ(answer(message).acknowledged_event, 1);
  EXPECT_EQ(nodes.events(id, 0, 9).value().size(), 1u);
}

TEST_F(CheckInTest, A_device_that_was_off_renews_within_the_grace_and_it_is_told) {
  const fleet::NodeId id = enrolled_node();
  const pki::Certificate old = *device.certificate();
  hub.clock.set(old.validity().not_after + std::chrono::days(20));
  EXPECT_EQ(renew(device, "late", test_key(1)), "badCertId: the certificate to renew is not valid any more");
  ASSERT_TRUE(hub.editor.change("printers", {{"renewal_grace", "30d"}}, admin));
  EXPECT_EQ(renew(device, "in time", test_key(1)), "granted");
  const std::vector<std::string> actions = hub.audit_actions();
  EXPECT_EQ(std::ranges::count(actions, "certificate.renewed_after_expiry"), 1);
  EXPECT_EQ(call().value().party.node_id, id);
}

TEST_F(CheckInTest, The_grace_ends_and_does_not_help_a_revoked_certificate) {
  enrolled_node();
  const pki::Certificate old = *device.certificate();
  ASSERT_TRUE(hub.editor.change("printers", {{"renewal_grace", "30d"}}, admin));
  hub.clock.set(old.validity().not_after + std::chrono::days(30) + Seconds(1));
  EXPECT_EQ(renew(device, "too late", test_key(1)), "badCertId: the certificate to renew is not valid any more");
  hub.clock.set(old.validity().not_after + Seconds(1));
  Revocation revocation(hub.context, hub.crls);
  ASSERT_TRUE(revocation.revoke(old.serial(), pki::RevocationReason::superseded, admin));
  EXPECT_EQ(renew(device, "revoked", test_key(1)), "badCertId: the certificate to renew is revoked");
}

}  // namespace
}  // namespace chancery::hub
