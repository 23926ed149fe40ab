#include "ca/crl_signing.h"
#include "hub/scep_service_testing.h"

#include <thread>

namespace chancery::hub {
namespace {

TEST_F(ScepServiceTest, A_one_time_challenge_lets_one_device_in) {
  const std::string challenge = text_of(hub.mint("challenge"));
  EXPECT_EQ(to_text(device.say("challenge", {.challenge = challenge})), "granted");
  ASSERT_TRUE(device.certificate());
  EXPECT_EQ(device.certificate()->subject().to_text(), "CN=device");
  TestDevice other(hub, test_key(2));
  EXPECT_EQ(to_text(other.say("challenge", {.challenge = challenge})), wrong_challenge);
  EXPECT_EQ(hub.certificates().size(), 1U);
  EXPECT_EQ(hub.audit_actions().back(), "challenge.reused");
}

TEST_F(ScepServiceTest, Every_wrong_challenge_has_the_same_answer) {
  const std::string right = text_of(hub.mint("challenge"));
  std::string wrong = right;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  const std::string rows[] = {"", "x", "not.there", wrong, right + "x", right.substr(0, right.size() - 1)};
  for (const std::string& challenge : rows)
    EXPECT_EQ(to_text(device.say("challenge", {.challenge = challenge})), wrong_challenge) << challenge;
  hub.clock.advance(std::chrono::hours(2));
  EXPECT_EQ(to_text(device.say("challenge", {.challenge = right})), wrong_challenge);
}

TEST_F(ScepServiceTest, A_challenge_is_good_for_the_names_it_was_made_for) {
  const std::string challenge =
      text_of(hub.mint("challenge", {.subject = "CN=printer-7", .alternative_names = {"dns:printer-7.example"}}));
  EXPECT_EQ(to_text(device.say("challenge", {.subject = "CN=printer-8",
                                             .alternative_names = {"dns:printer-7.example"},
                                             .challenge = challenge}))
                .substr(0, 11),
            "badRequest:");
  EXPECT_EQ(to_text(device.say("challenge", {.subject = "CN=printer-7",
                                             .alternative_names = {"dns:printer-8.example"},
                                             .challenge = challenge}))
                .substr(0, 11),
            "badRequest:");
  EXPECT_EQ(to_text(device.say("challenge", {.subject = "CN=printer-7", .challenge = challenge})).substr(0, 11),
            "badRequest:");
  EXPECT_EQ(to_text(device.say(
                "challenge",
                {.subject = "CN=printer-7", .alternative_names = {"dns:printer-7.example"}, .challenge = challenge})),
            "granted");
}

TEST_F(ScepServiceTest, A_template_is_filled_once_however_often_the_certificate_is_renewed) {
  hub.add_endpoint("template", {{"authorisers", "challenge"}, {"subject", "CN=printer-{CN},O=Example"}});
  const std::string challenge = text_of(hub.mint("template", {.subject = "CN=7"}));
  EXPECT_EQ(to_text(device.say("template", {.subject = "CN=8", .challenge = challenge})).substr(0, 11), "badRequest:");
  ASSERT_EQ(to_text(device.say("template", {.subject = "CN=7", .challenge = challenge})), "granted");
  EXPECT_EQ(device.certificate()->subject().to_text(), "CN=printer-7,O=Example");
  device.sign_with(device.certificate());
  // Some devices ask again as they did at first, others for what their certificate says.
  for (const char* subject : {"CN=7", "CN=printer-7,O=Example"}) {
    ASSERT_EQ(to_text(device.say(
                  "template", {.type = MessageType::renewal_request, .subject = subject, .transaction_id = subject})),
              "granted");
    EXPECT_EQ(device.certificate()->subject().to_text(), "CN=printer-7,O=Example");
  }
}

TEST_F(ScepServiceTest, The_same_message_again_gets_the_same_certificate) {
  const Bytes message = device.request_message({.challenge = text_of(hub.mint("challenge"))});
  ASSERT_TRUE(hub.scep.pki_operation("challenge", message, "192.0.2.7"));
  ASSERT_TRUE(hub.scep.pki_operation("challenge", message, "192.0.2.7"));
  EXPECT_EQ(hub.certificates().size(), 1U);
}

TEST_F(ScepServiceTest, A_device_that_lost_the_reply_may_start_a_new_transaction_with_its_used_challenge) {
  const std::string challenge = text_of(hub.mint("challenge"));
  ASSERT_EQ(to_text(device.say("challenge", {.challenge = challenge})), "granted");
  const Bytes first = to_bytes(device.certificate()->der());
  EXPECT_EQ(to_text(device.say("challenge", {.challenge = challenge, .transaction_id = "t2"})), "granted");
  EXPECT_TRUE(equal(device.certificate()->der(), first));
}

TEST_F(ScepServiceTest, A_waiting_device_may_start_anew_with_its_used_challenge_as_often_as_it_likes) {
  const std::string challenge = text_of(hub.mint("both"));
  for (const char* transaction : {"a", "b", "c"})
    EXPECT_EQ(to_text(device.say("both", {.challenge = challenge, .transaction_id = transaction})), "pending")
        << transaction;
  EXPECT_EQ(hub.audit_actions().back(), "request.waiting") << "no false alarm";
}

TEST_F(ScepServiceTest, A_used_challenge_is_not_good_for_other_names_of_the_same_device) {
  hub.add_endpoint(
      "asked",
      {{"authorisers", "challenge,web-hook"}, {"web_hook_url", "https://hook.example/"}, {"alternative_names", "dns"}});
  hub.web_hook.answer = WebHookAnswer{.verdict = WebHookAnswer::Verdict::ask_a_person};
  const std::string challenge = text_of(hub.mint("asked"));
  EXPECT_EQ(to_text(device.say("asked", {.alternative_names = {"dns:a.example"}, .challenge = challenge})), "pending");
  EXPECT_EQ(to_text(device.say(
                "asked", {.alternative_names = {"dns:b.example"}, .challenge = challenge, .transaction_id = "t2"})),
            wrong_challenge)
      << "the hook never saw these names";
}

TEST_F(ScepServiceTest, Another_request_under_the_same_transaction_id_is_refused) {
  ASSERT_EQ(to_text(device.say("challenge", {.challenge = text_of(hub.mint("challenge"))})), "granted");
  EXPECT_EQ(to_text(device.say("challenge", {.subject = "CN=other", .challenge = text_of(hub.mint("challenge"))})),
            "badRequest: this transactionID is in use for another request");
}

// jscep and others make the transactionID from their key.
TEST_F(ScepServiceTest, What_is_over_leaves_its_transaction_id_to_the_next_request) {
  const auto ask = [&](const std::string& subject) {
    return to_text(device.say("challenge", {.subject = subject, .challenge = text_of(hub.mint("challenge"))}));
  };
  const char* const taken = "badRequest: this transactionID is in use for another request";
  Revocation revocation(hub.context, hub.crls);
  ASSERT_EQ(ask("CN=one"), "granted");
  for (const char* subject : {"CN=two", "CN=three"}) {
    EXPECT_EQ(ask(subject), taken);
    ASSERT_TRUE(revocation.revoke(device.certificate()->serial(), pki::RevocationReason::superseded, {"admin"}));
    EXPECT_EQ(ask(subject), "granted");
    EXPECT_EQ(device.certificate()->subject().to_text(), subject);
    EXPECT_EQ(ask("CN=four"), taken);
  }
  EXPECT_EQ(hub.certificates().size(), 3U);
}

TEST_F(ScepServiceTest, No_message_of_old_brings_another_certificate) {
  const auto ask = [&](const std::string& subject) {
    return to_text(device.say("shared", {.subject = subject, .challenge = "secret of f"}));
  };
  Revocation revocation(hub.context, hub.crls);
  const char* const subjects[] = {"CN=one", "CN=two", "CN=three"};
  for (const char* subject : subjects) {
    ASSERT_EQ(ask(subject), "granted");
    EXPECT_EQ(ask(subject), "granted") << "the same one";
    ASSERT_TRUE(revocation.revoke(device.certificate()->serial(), pki::RevocationReason::superseded, {"admin"}));
  }
  for (const char* subject : subjects)
    EXPECT_EQ(ask(subject), "badRequest: the certificate of this transaction was revoked; start a new transaction");
  EXPECT_EQ(hub.certificates().size(), 3U);
}

TEST_F(ScepServiceTest, Who_was_rejected_asks_again_under_the_same_transaction_id_and_polls_for_the_new_request) {
  Requests requests(hub.context, presence);
  const auto waiting = [&]() -> std::int64_t {
    for (const auto& [id, record] : hub.ledger.contents().transactions)
      if (record.state == TransactionRecord::State::pending) return id;
    return 0;
  };
  ASSERT_EQ(to_text(device.say("manual", {.subject = "CN=wrong"})), "pending");
  EXPECT_EQ(to_text(device.say("manual", {.subject = "CN=right"})),
            "badRequest: this transactionID is in use for another request");
  ASSERT_TRUE(requests.reject(waiting(), "the name is wrong", {"admin"}));
  EXPECT_EQ(to_text(device.say("manual", {.subject = "CN=wrong"})), "badRequest: \"the name is wrong\"");
  ASSERT_EQ(to_text(device.say("manual", {.subject = "CN=right"})), "pending");
  EXPECT_EQ(to_text(device.say("manual", {.type = MessageType::cert_poll})), "pending");
  ASSERT_TRUE(requests.approve(waiting(), {"admin"}));
  EXPECT_EQ(to_text(device.say("manual", {.type = MessageType::cert_poll})), "granted");
  EXPECT_EQ(device.certificate()->subject().to_text(), "CN=right");
}

// Certmonger and others make the transactionID from their key, and keep the key when they renew.
TEST_F(ScepServiceTest, A_renewal_may_have_the_transaction_id_of_what_it_renews) {
  ASSERT_EQ(to_text(device.say("challenge", {.challenge = text_of(hub.mint("challenge"))})), "granted");
  for (std::size_t issued = 2; issued < 4; ++issued) {
    device.sign_with(device.certificate());
    for (int time = 0; time < 2; ++time)
      ASSERT_EQ(to_text(device.say("challenge", {.type = MessageType::renewal_request})), "granted");
    EXPECT_EQ(hub.certificates().size(), issued) << "one for the renewal, the same one when it is asked again";
  }
}

TEST_F(ScepServiceTest, Another_device_may_use_the_same_transaction_id) {
  ASSERT_EQ(to_text(device.say("challenge", {.challenge = text_of(hub.mint("challenge"))})), "granted");
  TestDevice other(hub, test_key(2));
  EXPECT_EQ(to_text(other.say("challenge", {.challenge = text_of(hub.mint("challenge"))})), "granted");
  EXPECT_EQ(hub.certificates().size(), 2U);
}

TEST_F(ScepServiceTest, A_request_for_anothers_key_is_refused) {
  EXPECT_EQ(
      to_text(device.say("challenge", {.challenge = text_of(hub.mint("challenge")), .request_key = &test_key(2)})),
      "badRequest: the message is not signed with the key in the request");
}

TEST_F(ScepServiceTest, The_same_request_from_many_threads_issues_once) {
  const Bytes message = device.request_message({.challenge = text_of(hub.mint("challenge"))});
  std::vector<std::jthread> threads;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back(
        [&] { answered += hub.scep.pki_operation("challenge", message, "192.0.2.7").has_value() ? 1 : 0; });
  threads.clear();
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(hub.certificates().size(), 1U);
  EXPECT_EQ(hub.scep.counters().granted, 8U);
}

TEST_F(ScepServiceTest, A_full_disk_is_worth_a_retry_and_loses_nothing) {
  const Bytes message = device.request_message({.challenge = text_of(hub.mint("challenge"))});
  // 0: the intent cannot be written. 1: the intent is there, the result cannot be written.
  for (const int writes : {0, 1}) {
    hub.ledger.fail_after(writes);
    const auto failed = hub.scep.pki_operation("challenge", message, "192.0.2.7");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(hub.certificates().size(), static_cast<std::size_t>(writes));
    hub.ledger.recover();
  }
  ASSERT_TRUE(hub.scep.pki_operation("challenge", message, "192.0.2.7"));
  ASSERT_EQ(hub.certificates().size(), 1U);
  EXPECT_EQ(hub.certificates()[0].state, ca::CertificateRecord::State::issued);
}

TEST_F(ScepServiceTest, A_person_decides_and_the_device_polls) {
  EXPECT_EQ(to_text(device.say("manual", {})), "pending");
  EXPECT_EQ(to_text(device.say("manual", {.type = MessageType::cert_poll})), "pending");
  Requests requests(hub.context, presence);
  const std::int64_t id = hub.ledger.contents().transactions.begin()->first;
  const auto view = requests.show(id);
  ASSERT_TRUE(view) << view.error().text();
  EXPECT_EQ(view->request->subject().to_text(), "CN=device");
  ASSERT_TRUE(requests.approve(id, {"admin"}));
  EXPECT_EQ(requests.approve(id, {"admin"}).error().code(), ErrorCode::conflict);
  EXPECT_EQ(to_text(device.say("manual", {.type = MessageType::cert_poll})), "granted");
  EXPECT_EQ(to_text(device.say("manual", {})), "granted") << "the first message again";
  EXPECT_EQ(hub.certificates().size(), 1U);
}

TEST_F(ScepServiceTest, What_a_stranger_can_leave_waiting_is_small) {
  EXPECT_EQ(to_text(device.say("manual", {.challenge = std::string(20'000, 'x')})),
            "badRequest: the request is too large to wait for approval");
  EXPECT_TRUE(hub.ledger.contents().transactions.empty());
}

TEST_F(ScepServiceTest, A_rejected_request_fails_with_the_reason) {
  EXPECT_EQ(to_text(device.say("manual", {})), "pending");
  ASSERT_TRUE(
      Requests(hub.context, presence).reject(hub.ledger.contents().transactions.begin()->first, "not ours", {"admin"}));
  EXPECT_EQ(to_text(device.say("manual", {.type = MessageType::cert_poll})), "badRequest: \"not ours\"");
}

TEST_F(ScepServiceTest, A_rejected_request_is_forgotten_after_thirty_days) {
  const auto poll = [&] { return to_text(device.say("manual", {.type = MessageType::cert_poll})); };
  Requests requests(hub.context, presence);
  EXPECT_EQ(to_text(device.say("manual", {})), "pending");
  const std::int64_t id = hub.ledger.contents().transactions.begin()->first;
  hub.clock.advance(std::chrono::days(31));
  ASSERT_TRUE(requests.forget_old());
  EXPECT_EQ(poll(), "pending") << "it waits for as long as nobody decides";
  ASSERT_TRUE(requests.reject(id, "not ours", {"admin"}));
  TestDevice other(hub, test_key(2));
  EXPECT_EQ(to_text(other.say("manual", {})), "pending");
  hub.clock.advance(std::chrono::days(30));
  ASSERT_TRUE(requests.forget_old());
  EXPECT_EQ(poll(), "badRequest: \"not ours\"");
  hub.clock.advance(Seconds(1));
  ASSERT_TRUE(requests.forget_old());
  EXPECT_EQ(poll(), "badCertId: no request with this transactionID and key");
  EXPECT_EQ(to_text(other.say("manual", {.type = MessageType::cert_poll})), "pending");
  EXPECT_EQ(to_text(device.say("manual", {})), "pending") << "it may ask again";
}

TEST_F(ScepServiceTest, A_device_that_asks_anew_takes_its_own_place_in_the_queue) {
  EXPECT_EQ(to_text(device.say("manual", {.transaction_id = "a"})), "pending");
  EXPECT_EQ(to_text(device.say("manual", {.transaction_id = "b"})), "pending");
  int waiting = 0;
  for (const auto& [id, record] : hub.ledger.contents().transactions)
    waiting += record.state == TransactionRecord::State::pending ? 1 : 0;
  EXPECT_EQ(waiting, 1);
}

TEST_F(ScepServiceTest, A_poll_without_a_request_or_with_another_key_finds_nothing) {
  const char* expected = "badCertId: no request with this transactionID and key";
  EXPECT_EQ(to_text(device.say("manual", {.type = MessageType::cert_poll})), expected);
  EXPECT_EQ(to_text(device.say("manual", {})), "pending");
  TestDevice other(hub, test_key(2));
  EXPECT_EQ(to_text(other.say("manual", {.type = MessageType::cert_poll})), expected);
}

TEST_F(ScepServiceTest, All_authorisers_must_agree) {
  EXPECT_EQ(to_text(device.say("both", {})), wrong_challenge);
  EXPECT_EQ(to_text(device.say("both", {.challenge = text_of(hub.mint("both"))})), "pending");
}

TEST_F(ScepServiceTest, The_web_hook_decides) {
  hub.web_hook.answer = WebHookAnswer{.verdict = WebHookAnswer::Verdict::refuse, .reason = "not in the inventory"};
  EXPECT_EQ(to_text(device.say("hook", {})), "badRequest: \"not in the inventory\"");
  hub.web_hook.answer = unavailable("no answer");
  EXPECT_EQ(device.say("hook", {}).error().code(), ErrorCode::unavailable);
  hub.web_hook.answer = WebHookAnswer{.verdict = WebHookAnswer::Verdict::ask_a_person};
  EXPECT_EQ(to_text(device.say("hook", {.transaction_id = "t2"})), "pending");
  hub.web_hook.answer = WebHookAnswer{.verdict = WebHookAnswer::Verdict::allow};
  EXPECT_EQ(to_text(device.say("hook", {.transaction_id = "t3"})), "granted");
}

TEST_F(ScepServiceTest, A_shared_challenge_is_compared_with_the_file) {
  EXPECT_EQ(to_text(device.say("shared", {.challenge = "wrong"})), wrong_challenge);
  EXPECT_EQ(to_text(device.say("shared", {.challenge = "secret of f"})), "granted");
}

TEST_F(ScepServiceTest, GetCRL_gives_the_latest_CRL_and_no_certificate) {
  const auto reply = device.say("challenge", {.type = MessageType::get_crl});
  ASSERT_EQ(to_text(reply), "granted");
  const auto& bundle = std::get<scep::Granted>(*reply).bundle;
  EXPECT_TRUE(bundle.certificates.empty());
  ASSERT_EQ(bundle.crls.size(), 1U);
  EXPECT_EQ(pki::Crl::from_der(bundle.crls[0])->number(), 1U);
}

TEST_F(ScepServiceTest, Who_names_the_RA_or_the_root_as_the_issuer_gets_what_can_be_meant) {
  const pki::Certificate& ra = hub.keyring.current().keys().ra;
  EXPECT_EQ(to_text(device.say("shared", {.challenge = "secret of f"})), "granted");
  EXPECT_EQ(to_text(device.say("shared", {.type = MessageType::get_cert, .transaction_id = "t2", .issuer = &ra})),
            "granted");
  const auto latest = device.say("shared", {.type = MessageType::get_crl, .transaction_id = "t3", .issuer = &ra});
  ASSERT_EQ(to_text(latest), "granted");
  const pki::Crl crl = *pki::Crl::from_der(std::get<scep::Granted>(*latest).bundle.crls.at(0));
  EXPECT_TRUE(crl.issuer().matches(hub.keyring.current().keys().issuing.subject()));
  const Say root_crl_wanted{.type = MessageType::get_crl, .transaction_id = "t4", .issuer = &hub.keyring.root()};
  EXPECT_EQ(to_text(device.say("shared", root_crl_wanted)), "badCertId: that issuer is not this authority")
      << "the root's key is elsewhere";
  const pki::CrlContent content{.issuer_der = to_bytes(hub.keyring.root().subject_der()),
                                .this_update = hub.clock.now(),
                                .next_update = hub.clock.now() + std::chrono::days(1),
                                .number = 1,
                                .authority_key_identifier = {},
                                .entries = {}};
  const Bytes der = *pki::make_crl(content, test_key(1), test_key(1).default_algorithm());
  ASSERT_TRUE(hub.ledger.write([&](Books& books) {
    return books.crls().add({.generation = ca::root_crl,
                             .number = 1,
                             .this_update = content.this_update,
                             .next_update = content.next_update,
                             .der = der});
  }));
  const auto of_root = device.say("shared", root_crl_wanted);
  ASSERT_EQ(to_text(of_root), "granted");
  const pki::Crl root_crl = *pki::Crl::from_der(std::get<scep::Granted>(*of_root).bundle.crls.at(0));
  EXPECT_TRUE(root_crl.issuer().matches(hub.keyring.root().subject()));
  EXPECT_EQ(to_text(device.say(
                "shared", {.type = MessageType::get_crl, .transaction_id = "t5", .issuer = &*device.certificate()})),
            "badCertId: that issuer is not this authority");
}

TEST_F(ScepServiceTest, Weak_algorithms_need_the_endpoints_consent) {
  const Say weak[] = {{.cipher = pki::Cipher::des3}, {.digest = pki::Digest::sha1}};
  for (const Say& say : weak) {
    EXPECT_EQ(to_text(device.say("hook", say)).substr(0, 7), "badAlg:");
    EXPECT_EQ(to_text(device.say("legacy", say)), "granted");
  }
  const Say broken[] = {{.cipher = pki::Cipher::des}, {.digest = pki::Digest::md5}};
  for (const Say& say : broken) EXPECT_EQ(to_text(device.say("legacy", say)).substr(0, 7), "badAlg:");
}

TEST_F(ScepServiceTest, A_refused_digest_is_not_signed_with) {
  const auto sent = device.request_message({.digest = pki::Digest::sha1});
  const auto answer = hub.scep.pki_operation("hook", sent, "192.0.2.7");
  ASSERT_TRUE(answer);
  EXPECT_EQ(scep::PkiMessage::parse(*answer)->digest(), pki::Digest::sha256);
}

TEST_F(ScepServiceTest, A_key_that_cannot_decrypt_gets_its_reply_under_the_challenge) {
  const auto key = pki::PrivateKey::generate({pki::KeyFamily::ec, 256}).value();
  TestDevice ec(hub, key);
  EXPECT_EQ(to_text(ec.say("hook", {})).substr(0, 7), "badAlg:") << "no password to encrypt under";
  EXPECT_TRUE(hub.certificates().empty()) << "nothing is issued that cannot be sent";
  EXPECT_EQ(to_text(ec.say("hook", {.challenge = "a password", .transaction_id = "t2"})), "granted");
}

TEST_F(ScepServiceTest, A_key_that_cannot_decrypt_may_wait_for_approval) {
  const auto key = pki::PrivateKey::generate({pki::KeyFamily::ed25519, 256}).value();
  TestDevice ed(hub, key);
  EXPECT_EQ(to_text(ed.say("manual", {.challenge = "a password"})), "pending");
  ASSERT_TRUE(Requests(hub.context, presence).approve(hub.ledger.contents().transactions.begin()->first, {"admin"}));
  EXPECT_EQ(to_text(ed.say("manual", {.type = MessageType::cert_poll, .challenge = "a password"})), "granted");
}

TEST_F(ScepServiceTest, A_disabled_or_unknown_endpoint_is_not_there) {
  ASSERT_TRUE(hub.editor.change("hook", {{"enabled", "false"}}, {"admin"}));
  EXPECT_EQ(device.say("hook", {}).error().code(), ErrorCode::not_found);
  EXPECT_EQ(hub.scep.capabilities("nothing").error().code(), ErrorCode::not_found);
}

TEST_F(ScepServiceTest, GetNextCACert_has_nothing_while_no_rollover_is_planned) {
  EXPECT_EQ(hub.scep.next_ca_certificates("hook").error().code(), ErrorCode::not_found);
  EXPECT_EQ(hub.scep.capabilities("hook")->find("GetNextCACert"), std::string::npos);
}

TEST_F(ScepServiceTest, Garbage_has_nobody_to_answer) {
  const Bytes garbage = {0x30, 0x03, 0x02, 0x01, 0x05};
  EXPECT_EQ(hub.scep.pki_operation("hook", garbage, "192.0.2.7").error().code(), ErrorCode::invalid);
}

TEST_F(ScepServiceTest, No_secret_reaches_log_or_audit) {
  const std::string challenge = text_of(hub.mint("challenge"));
  ASSERT_EQ(to_text(device.say("challenge", {.challenge = challenge})), "granted");
  EXPECT_EQ(to_text(device.say("shared", {.challenge = "wrong-shared-secret", .transaction_id = "t9"})),
            wrong_challenge);
  const std::string secret = challenge.substr(challenge.find('.') + 1);
  for (const std::string& line : hub.log.lines()) {
    EXPECT_EQ(line.find(secret), std::string::npos) << line;
    EXPECT_EQ(line.find("wrong-shared-secret"), std::string::npos) << line;
  }
  for (const auto& [sequence, event] : hub.ledger.contents().audit)
    for (const auto& [name, value] : event.details) EXPECT_EQ(value.find(secret), std::string::npos) << event.action;
}

}  // namespace
}  // namespace chancery::hub
