#include "agent/supervisor_testing.h"

namespace chancery::agent {
namespace {

TEST_F(SupervisorTest, TellsTheHubWhatItHasAndSaysOnlyWhatChanged) {
  with_hub = true;
  restart();
  EXPECT_FALSE(supervisor->check_in()) << "there is no certificate to show yet";
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const wire::CheckIn first = check_in({.inventory_wanted = true});
  EXPECT_EQ(first.node, "printer-7");
  EXPECT_EQ(first.clock.synchronised, wire::ClockSync::yes);
  EXPECT_FALSE(first.inventory);
  ASSERT_FALSE(first.events.empty());
  EXPECT_EQ(first.events.front().what, "started");
  const std::string fingerprint = to_hex(slot().active->sha256);
  const wire::CheckIn second =
      check_in({.certificates_wanted = {fingerprint}, .acknowledged_event = first.events.back().number});
  ASSERT_TRUE(second.inventory);
  EXPECT_EQ(second.inventory->slots.at(0).active, fingerprint);
  EXPECT_EQ(second.inventory->stored.at(0).sha256, fingerprint);
  EXPECT_EQ(second.events, first.events) << "not acknowledged";
  const wire::CheckIn third = check_in({});
  EXPECT_FALSE(third.inventory);
  EXPECT_TRUE(third.events.empty());
  EXPECT_TRUE(third.certificates.contains(fingerprint));
  // A change goes along without being asked for, and ends the request that is held.
  device.clock.advance(hours(1));
  ASSERT_TRUE(supervisor->check_in());
  EXPECT_FALSE(supervisor->wants_to_interrupt());
  ASSERT_TRUE(supervisor->renew("web"));
  supervisor->step();
  EXPECT_TRUE(supervisor->wants_to_interrupt());
  EXPECT_FALSE(supervisor->wants_to_interrupt()) << "once";
  supervisor->checked_in(unavailable("cancelled"));
  const auto again = supervisor->check_in();
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->message.inventory);
  EXPECT_EQ(again->message.events.back().what, "renewal_scheduled");
}

TEST_F(SupervisorTest, BacksOffFromAHubThatDoesNotAnswerOrDoesNotHold) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  std::vector<Seconds> waits;
  for (int tries = 0; tries < 8; ++tries) {
    ASSERT_TRUE(supervisor->check_in());
    supervisor->checked_in(unavailable("connection refused"));
    const Timestamp next = *supervisor->step();
    waits.push_back(next - device.clock.now());
    device.clock.set(next);
  }
  EXPECT_LE(waits.front(), Seconds(5));
  EXPECT_GE(waits.back(), Seconds(150));
  EXPECT_LE(waits.back(), minutes(5));
  EXPECT_EQ(supervisor->view().link->last_error, "connection refused");
  int sent = 0;
  for (; sent < 100; ++sent) {
    if (!supervisor->check_in()) break;
    supervisor->checked_in(wire::CheckInAnswer{});
  }
  EXPECT_LT(sent, 35) << "a hub that answers at once is not asked without end";
}

// Whose answers take a moment, so that no two come in the same second.
TEST_F(SupervisorTest, IsNotKeptTalkingByAHubThatAlwaysAnswersSoon) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  int sent = 0;
  for (const Timestamp end = device.clock.now() + hours(1); device.clock.now() < end;) {
    if (supervisor->check_in()) {
      ++sent;
      device.clock.advance(Seconds(1));
      supervisor->checked_in(wire::CheckInAnswer{.certificates_wanted = {std::string(64, 'a')}});
    }
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
  }
  EXPECT_LE(sent, 700);
  EXPECT_GE(sent, 60);
}

TEST_F(SupervisorTest, SaysLessAtOnceToAHubThatCannotTakeAMessage) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  for (std::size_t event = 0; event < 40; ++event)
    ASSERT_TRUE(store.append({.at = device.clock.now(), .slot = "web", .what = "failed", .text = "again"}));
  std::size_t most_taken = 0;
  for (int tries = 0; tries < 100 && store.link()->acknowledged_event < 40; ++tries) {
    device.clock.advance(minutes(10));
    supervisor->step();
    const auto message = supervisor->check_in();
    ASSERT_TRUE(message);
    const auto& events = message->message.events;
    if (events.size() > 10) {
      supervisor->checked_in(invalid("the hub answers: it is too long"));
      continue;
    }
    most_taken = std::max(most_taken, events.size());
    supervisor->checked_in(wire::CheckInAnswer{.acknowledged_event = events.empty() ? 0 : events.back().number});
  }
  EXPECT_GE(store.link()->acknowledged_event, 40);
  EXPECT_GE(most_taken, 4U);
}

TEST_F(SupervisorTest, EnrolsAnewWhenTheHubRefusesItsCertificateAndANewChallengeIsThere) {
  with_hub = true;
  restart();
  // The first try of the installation fails, and so does a second way to know that the challenge was spent.
  services.failure = Error(ErrorCode::unavailable, "health check: connection refused");
  supervisor->step();
  services.failure.reset();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const auto refuse = [&] {
    device.clock.advance(hours(1));
    supervisor->step();
    ASSERT_TRUE(supervisor->check_in());
    supervisor->checked_in(refused("the hub refuses this certificate: the certificate is revoked"));
    supervisor->step();
  };
  refuse();
  EXPECT_EQ(device.server.issued.size(), 1U) << "the challenge is spent";
  challenge = "another one";
  refuse();
  EXPECT_EQ(device.server.issued.size(), 2U);
  EXPECT_EQ(device.server.seen.back(), "POST PKCSReq");
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  restart();
  supervisor->step();
  refuse();
  EXPECT_EQ(device.server.issued.size(), 2U) << "that one is spent, too";
  EXPECT_TRUE(std::ranges::any_of(*store.events_after(0, 1000), [](const wire::Event& event) {
    return event.text ==
           "the hub refuses this certificate: the certificate is revoked: there is a challenge to ask with";
  }));
}

TEST_F(SupervisorTest, TriesAgainSoonWhenItsHubAnswersAfterItDidNot) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.server.status = 502;
  device.clock.set(slot().active->renew_at);
  const auto call = [&](Result<wire::CheckInAnswer> answer) {
    supervisor->step();
    if (supervisor->check_in()) supervisor->checked_in(answer);
  };
  for (const Timestamp end = device.clock.now() + days(2); device.clock.now() < end;) {
    call(unavailable("connection refused"));
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
  }
  EXPECT_GT(*slot().next_attempt - device.clock.now(), minutes(20));
  device.server.status.reset();
  call(wire::CheckInAnswer{.state = wire::NodeState::admitted, .check_in_again_seconds = 300});
  EXPECT_LE(*slot().next_attempt - device.clock.now(), minutes(1));
  device.clock.advance(minutes(1));
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 2U);
}

TEST_F(SupervisorTest, PollsAtOnceWhenItsHubSaysThatARequestWasDecided) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.server.approved = false;
  ASSERT_TRUE(supervisor->renew("web"));
  ASSERT_EQ(slot().stage, wire::SlotStage::awaiting_approval);
  for (const Timestamp end = device.clock.now() + hours(5); device.clock.now() < end;)
    device.clock.set(std::max(*slot().next_attempt, device.clock.now())), supervisor->step();
  device.server.approved = true;
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 1U) << "it is not polled yet";
  ASSERT_TRUE(supervisor->check_in());
  supervisor->checked_in(wire::CheckInAnswer{.state = wire::NodeState::admitted, .request_decided = true});
  supervisor->step();
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(device.server.issued.size(), 2U);
}

TEST_F(SupervisorTest, TellsABlockedNodeFromARefusedCertificate) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.clock.advance(hours(1));
  challenge = "another one";
  ASSERT_TRUE(supervisor->check_in());
  supervisor->checked_in(wire::CheckInAnswer{.state = wire::NodeState::blocked, .check_in_again_seconds = 1800});
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 1U) << "another certificate would not help";
  LinkView link = *supervisor->view().link;
  EXPECT_EQ(link.state, wire::NodeState::blocked);
  EXPECT_FALSE(link.certificate_refused);
  EXPECT_EQ(link.last_error, "the hub has blocked this node, until an administrator admits it again");
  EXPECT_GE(*link.next - device.clock.now(), minutes(15));

  challenge.clear();
  device.clock.advance(hours(1));
  supervisor->step();
  ASSERT_TRUE(supervisor->check_in());
  supervisor->checked_in(refused("the hub refuses this certificate: the certificate is revoked"));
  link = *supervisor->view().link;
  EXPECT_TRUE(link.certificate_refused);
  EXPECT_EQ(link.last_error, "the hub refuses this certificate: the certificate is revoked");

  device.clock.advance(hours(1));
  check_in({});
  EXPECT_FALSE(supervisor->view().link->certificate_refused);
  EXPECT_EQ(supervisor->view().link->last_error, "");
}

TEST_F(SupervisorTest, TakesARefusalForTheCertificateThatWasShown) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  device.clock.advance(hours(1));
  ASSERT_TRUE(supervisor->check_in());
  ASSERT_TRUE(supervisor->renew("web"));
  challenge = "another one";
  supervisor->checked_in(refused("the hub refuses this certificate"));
  supervisor->step();
  EXPECT_EQ(device.server.issued.size(), 2U) << "another certificate is in use meanwhile";
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
}

// A hub that was restored from a copy may give an id again.
TEST_F(SupervisorTest, DoesNotAnswerAnotherOrderOfTheSameIdFromMemory) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_EQ(order({.id = "1", .verb = wire::Verb::read_inventory}).outcome, wire::Outcome::done);
  const Bytes der = to_bytes(device.server.root.certificate.der());
  const auto result =
      order({.id = "1", .verb = wire::Verb::add_trust, .parameters = {{"store", "more"}}, .certificates = {der}});
  EXPECT_EQ(result.outcome, wire::Outcome::done) << result.text;
  EXPECT_EQ(services.trust["more"], 1U);
}

TEST_F(SupervisorTest, PerformsAnOrderOnceAndAnswersARepeat) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const wire::Order renew{
      .id = "o1", .verb = wire::Verb::renew_slot, .slot = "web", .deadline = device.clock.now() + days(1)};
  const auto result = order(renew);
  EXPECT_EQ(result.outcome, wire::Outcome::done);
  EXPECT_TRUE(result.text.starts_with("the certificate is in use, good until ")) << result.text;
  EXPECT_EQ(device.server.issued.size(), 2U);
  EXPECT_EQ(order(renew), result);
  EXPECT_EQ(device.server.issued.size(), 2U);
}

TEST_F(SupervisorTest, AnswersOrdersWithTheRealError) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  services.failure = Error(ErrorCode::unavailable, "nginx: no such process");
  const struct {
    const char* name;
    wire::Order order;
    wire::Outcome outcome;
    const char* text;
  } rows[] = {
      {"no slot",
       {.id = "a", .verb = wire::Verb::renew_slot, .slot = "x"},
       wire::Outcome::failed,
       "there is no slot 'x'"},
      {"reload",
       {.id = "b", .verb = wire::Verb::reload, .slot = "web"},
       wire::Outcome::failed,
       "nginx: no such process"},
      {"restart", {.id = "c", .verb = wire::Verb::restart, .slot = "web"}, wire::Outcome::done, ""},
      {"newer",
       {.id = "d", .verb = wire::Verb::unknown},
       wire::Outcome::unsupported,
       "this agent does not know the order"},
      {"no key",
       {.id = "e",
        .verb = wire::Verb::install_certificate,
        .slot = "web",
        .certificates = {to_bytes(test_party("client").certificate.der())}},
       wire::Outcome::failed,
       "the certificate is for another key than the one that waits here"},
      {"no certificate", {.id = "f", .verb = wire::Verb::add_trust}, wire::Outcome::failed, "no certificate was given"},
      {"nothing to remove",
       {.id = "g", .verb = wire::Verb::remove_trust, .parameters = {{"sha256", std::string(64, 'a')}}},
       wire::Outcome::done,
       ""},
  };
  for (const auto& row : rows) {
    const auto result = order(row.order);
    EXPECT_EQ(result.outcome, row.outcome) << row.name;
    EXPECT_EQ(result.text, row.text) << row.name;
  }
  check_in(
      {.orders = {
           {.id = "late", .verb = wire::Verb::restart, .slot = "web", .deadline = device.clock.now() - hours(1)}}});
  EXPECT_EQ(store.unacknowledged_results(1)->front().outcome, wire::Outcome::expired);
}

// A message that is under way is not cut off for events that it had no room for: it would be for ever.
TEST_F(SupervisorTest, TellsALongHistoryInSeveralMessages) {
  with_hub = true;
  restart();
  for (std::size_t event = 0; event < wire::most_events + 10; ++event)
    ASSERT_TRUE(store.append({.at = device.clock.now(), .slot = "web", .what = "failed", .text = "again"}));
  ASSERT_TRUE(pass_until(wire::SlotStage::valid));
  const auto first = supervisor->check_in();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->message.events.size(), wire::most_events);
  EXPECT_FALSE(supervisor->wants_to_interrupt());
  supervisor->checked_in(wire::CheckInAnswer{.state = wire::NodeState::admitted,
                                             .acknowledged_event = first->message.events.back().number,
                                             .check_in_again_seconds = 1});
  device.clock.advance(Seconds(2));
  supervisor->step();
  const auto second = supervisor->check_in();
  ASSERT_TRUE(second);
  EXPECT_GT(second->message.events.size(), 10U);
  EXPECT_FALSE(supervisor->wants_to_interrupt());
  ASSERT_TRUE(store.append({.at = device.clock.now(), .slot = "web", .what = "failed", .text = "once more"}));
  EXPECT_TRUE(supervisor->wants_to_interrupt());
}

TEST_F(SupervisorTest, GivesARequestOutAndInstallsItsCertificate) {
  with_source = false;
  with_hub = true;
  restart();
  EXPECT_EQ(supervisor->step(), std::nullopt);
  // Without a certificate nothing is said to the hub, so the order comes by another slot's: here straight.
  supervisor->checked_in(
      wire::CheckInAnswer{.state = wire::NodeState::admitted,
                          .orders = {{.id = "csr",
                                      .verb = wire::Verb::generate_csr,
                                      .slot = "web",
                                      .parameters = {{"subject", "CN=other"}, {"names", "dns:a.example,dns:b.example"}},
                                      .deadline = device.clock.now() + days(1)}}});
  supervisor->step();
  const auto result = store.order("csr").value()->result;
  ASSERT_TRUE(result);
  EXPECT_EQ(result->text, "");
  EXPECT_TRUE(result->data.at("csr").starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
  EXPECT_EQ(supervisor->inventory()->slots.at(0).csr, result->data.at("csr"));
  restart();
  supervisor->step();
  EXPECT_EQ(supervisor->inventory()->slots.at(0).csr, result->data.at("csr")) << "survives a restart";
  const auto pending = device.folder.pending();
  ASSERT_TRUE(*pending);
  const auto request = pki::CertificateRequest::from_der((*pending)->request.view());
  EXPECT_EQ(request->subject().to_text(), "CN=other");
  EXPECT_EQ(request->subject_alternative_names().size(), 2U);
}

TEST_F(SupervisorTest, ARequestThatIsOutIsShownAsLongAsItsKeyIsThere) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const auto ask = [&](const std::string& id, wire::Texts parameters) {
    return order({.id = id, .verb = wire::Verb::generate_csr, .slot = "web", .parameters = std::move(parameters)});
  };
  const auto first = ask("1", {{"subject", "CN=other"}});
  ASSERT_EQ(first.outcome, wire::Outcome::done) << first.text;
  EXPECT_EQ(ask("2", {{"subject", "CN=other"}}).data.at("csr"), first.data.at("csr"));
  EXPECT_EQ(ask("3", {}).data.at("csr"), first.data.at("csr"));
  const auto another = ask("4", {{"key", "ec:p384"}});
  EXPECT_EQ(another.outcome, wire::Outcome::failed);
  EXPECT_TRUE(another.text.starts_with("a request for 'CN=other' with another name or key is out until "))
      << another.text;
  EXPECT_EQ(supervisor->inventory()->slots.at(0).csr, first.data.at("csr"));
  ASSERT_TRUE(supervisor->renew("web"));
  EXPECT_EQ(supervisor->inventory()->slots.at(0).csr, "");
}

TEST_F(SupervisorTest, GivesNoRequestOutWhileTheAnswerToAnotherMayCome) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  Fault fault;
  device.server.fault = &fault;
  fault.strike_at(1, true);
  EXPECT_FALSE(supervisor->renew("web")) << "the answer is lost";
  device.server.status = 500;
  EXPECT_EQ(device.server.issued.size(), 2U);
  const auto key_of_pending = [&] { return to_bytes(device.folder.pending().value()->key.public_key().spki()); };
  const Bytes waits = key_of_pending();
  const auto result = order({.id = "1", .verb = wire::Verb::generate_csr, .slot = "web"});
  EXPECT_EQ(result.text, "a request of this slot is under way, and its answer may come");
  EXPECT_EQ(key_of_pending(), waits);
}

TEST_F(SupervisorTest, InstallsACertificateThatTheHubBringsUnlessItsAuthorityIsAnother) {
  with_hub = true;
  restart();
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const auto asked = order({.id = "csr", .verb = wire::Verb::generate_csr, .slot = "web"});
  ASSERT_EQ(asked.outcome, wire::Outcome::done) << asked.text;
  const auto pending = device.folder.pending().value();
  ASSERT_TRUE(pending);
  const auto request = pki::CertificateRequest::from_der(pending->request.view()).value();
  const auto bring = [&](const std::string& id, const TestParty& by) {
    const pki::SignatureAlgorithm algorithm{.family = pki::KeyFamily::rsa, .digest = pki::Digest::sha256};
    const Bytes tbs = pki::encode_tbs({.serial = {Bytes{77}},
                                       .issuer_der = to_bytes(by.certificate.subject_der()),
                                       .subject_der = to_bytes(request.subject_der()),
                                       .validity = {device.clock.now() - hours(2), device.clock.now() + days(50)},
                                       .spki = to_bytes(request.public_key().spki()),
                                       .extensions = request.extensions()},
                                      algorithm);
    return order({.id = id,
                  .verb = wire::Verb::install_certificate,
                  .slot = "web",
                  .certificates = {pki::sign_tbs(tbs, algorithm, by.key).value(), to_bytes(by.certificate.der()),
                                   to_bytes(device.server.root.certificate.der())}});
  };
  const auto authorities = [&] { return device.folder.active().value()->authorities; };
  const std::size_t trusted = authorities().size();
  const auto wrong = bring("wrong", test_party("client"));
  EXPECT_EQ(wrong.outcome, wire::Outcome::failed);
  EXPECT_TRUE(wrong.text.starts_with("the certificate does not lead to the trusted CA: ")) << wrong.text;
  EXPECT_EQ(authorities().size(), trusted);
  const auto right = bring("right", device.server.ca);
  EXPECT_EQ(right.outcome, wire::Outcome::done) << right.text;
  EXPECT_EQ(slot().certificate->serial().octets, Bytes{77});
  EXPECT_EQ(authorities().size(), 2U);
  EXPECT_EQ(slot().request, "");
}

TEST_F(SupervisorTest, KeepsTrustInItsRecordAndInItsFile) {
  const Bytes root = to_bytes(device.server.root.certificate.der());
  const Bytes ca = to_bytes(device.server.ca.certificate.der());
  EXPECT_TRUE(supervisor->add_trust("radius", {root, ca}));
  EXPECT_TRUE(supervisor->add_trust("radius", {root}));
  EXPECT_EQ(services.trust["radius"], 2U);
  EXPECT_TRUE(supervisor->remove_trust("radius", device.server.root.certificate.fingerprint()));
  EXPECT_EQ(services.trust["radius"], 1U);
  EXPECT_EQ(supervisor->remove_trust("radius", Bytes(32, 1)).error().code(), ErrorCode::not_found);
  for (const char* name : {"../x", "-x", "", "x_y", "X"})
    EXPECT_EQ(supervisor->add_trust(name, {root}).error().text(),
              "a trust store's name is lower-case letters, digits and '-'")
        << name;
  services.trust.clear();
  restart();
  EXPECT_EQ(services.trust["radius"], 1U);
}

TEST_F(SupervisorTest, PutsACertificateThatIsKeptBackIntoUse) {
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  const Bytes first = slot().active->sha256;
  ASSERT_TRUE(supervisor->renew("web"));
  EXPECT_NE(slot().active->sha256, first);
  ASSERT_TRUE(supervisor->activate("web", first));
  EXPECT_EQ(slot().active->sha256, first);
  EXPECT_EQ(slot().stage, wire::SlotStage::valid);
  EXPECT_EQ(supervisor->activate("web", Bytes(32, 9)).error().text(), "the slot keeps no such certificate");
}

}  // namespace
}  // namespace chancery::agent
