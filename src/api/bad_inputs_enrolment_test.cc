// Rows of docs/bad-inputs.md: challenges, transactions, renewals, polls, GetCert, GetCRL, and a server in trouble.

#include "api/bad_inputs_testing.h"

namespace chancery::api::bad_inputs {
namespace {

using scep::MessageType;

const std::vector<pki::GeneralName>& other_host() {
  static const std::vector<pki::GeneralName> names = {value(pki::general_name_from_text("dns:other.example"))};
  return names;
}

// Changed in its last character, so that it still has the form of a challenge.
std::string mistyped(std::string challenge) {
  challenge.back() = challenge.back() == 'A' ? 'B' : 'A';
  return challenge;
}

// A renewal of the certificate that `endpoint` issued, sent to `to`.
Ask renewal(Bench& bench, std::string_view endpoint, std::string_view to) {
  return {
      .endpoint = to, .type = MessageType::renewal_request, .transaction_id = "r1", .signer = bench.enrolled(endpoint)};
}

Bytes wanted(const pki::Certificate& issuer, const pki::Serial& serial) {
  return pki::write_issuer_and_serial({.issuer_der = to_bytes(issuer.subject_der()), .serial = serial});
}

Bytes polled(Bench& bench) {
  return scep::write_issuer_and_subject({.issuer_der = to_bytes(bench.authority().issuing.subject_der()),
                                         .subject_der = value(pki::Name::from_text("CN=device")).to_der()});
}

}  // namespace

std::vector<Case> enrolment_cases() {
  return {
      {"challenge-missing", [](Bench& bench) { return bench.ask({.endpoint = "challenge"}); }},
      {"challenge-guessed", [](Bench& bench) { return bench.ask({.endpoint = "challenge", .challenge = "guess"}); }},
      {"challenge-mistyped",
       [](Bench& bench) {
         return bench.ask({.endpoint = "challenge", .challenge = mistyped(bench.mint("challenge"))});
       }},
      {"challenge-expired",
       [](Bench& bench) {
         const std::string challenge = bench.mint("challenge");
         bench.clock_.advance(std::chrono::days(366));
         return bench.ask({.endpoint = "challenge", .challenge = challenge});
       }},
      {"challenge-of-another-endpoint",
       [](Bench& bench) { return bench.ask({.endpoint = "challenge", .challenge = bench.mint("other")}); }},
      {"challenge-used",
       [](Bench& bench) {
         const std::string challenge = bench.mint("challenge");
         EXPECT_EQ(bench.ask({.endpoint = "challenge", .challenge = challenge}), "granted");
         return bench.ask({.endpoint = "challenge", .key = "rsa-4096", .challenge = challenge});
       }},
      {"challenge-for-another-subject",
       [](Bench& bench) {
         return bench.ask({.endpoint = "challenge", .challenge = bench.mint("challenge", {.subject = "CN=printer-7"})});
       }},
      {"challenge-for-other-names",
       [](Bench& bench) {
         return bench.ask({.endpoint = "challenge",
                           .names = other_host(),
                           .challenge = bench.mint("challenge", {.alternative_names = {"dns:device.example"}})});
       }},
      {"shared-challenge-wrong", [](Bench& bench) { return bench.ask({.endpoint = "shared", .challenge = "guess"}); }},
      {"web-hook-silent", [](Bench& bench) { return bench.ask({.endpoint = "hook"}); }},

      {"another-key", [](Bench& bench) { return bench.ask({.request_key = "rsa-4096"}); }},
      {"transaction-taken",
       [](Bench& bench) {
         EXPECT_EQ(bench.ask({}), "pending");
         return bench.ask({.subject = value(pki::Name::from_text("CN=other"))});
       }},
      {"transaction-rejected",
       [](Bench& bench) {
         EXPECT_EQ(bench.ask({}), "pending");
         EXPECT_TRUE(bench.requests_.reject(1, "not ours", {"admin"}));
         return bench.ask({});
       }},
      {"transaction-revoked",
       [](Bench& bench) {
         const Ask first{.endpoint = "challenge", .challenge = bench.mint("challenge")};
         EXPECT_EQ(bench.ask(first), "granted");
         EXPECT_TRUE(bench.revocation_.revoke(bench.newest_certificate().serial(), pki::RevocationReason::superseded,
                                              {"admin"}));
         return bench.ask(first);
       }},
      {"transaction-suspended",
       [](Bench& bench) {
         const Ask first{.endpoint = "challenge", .challenge = bench.mint("challenge")};
         EXPECT_EQ(bench.ask(first), "granted");
         EXPECT_TRUE(bench.revocation_.revoke(bench.newest_certificate().serial(),
                                              pki::RevocationReason::certificate_hold, {"admin"}));
         return bench.ask(first);
       }},

      {"renewal-self-signed",
       [](Bench& bench) { return bench.ask({.endpoint = "challenge", .type = MessageType::renewal_request}); }},
      {"renewal-foreign",
       [](Bench& bench) {
         // The authority's own certificate for its RA was not issued to a device.
         return bench.ask({.endpoint = "challenge",
                           .key = "ra",
                           .request_key = "rsa-2048",
                           .type = MessageType::renewal_request,
                           .signer = bench.authority().ra});
       }},
      {"renewal-other-subject",
       [](Bench& bench) {
         Ask ask = renewal(bench, "challenge", "challenge");
         ask.subject = value(pki::Name::from_text("CN=other"));
         return bench.ask(ask);
       }},
      {"renewal-other-names",
       [](Bench& bench) {
         Ask ask = renewal(bench, "challenge", "challenge");
         ask.names = other_host();
         return bench.ask(ask);
       }},
      {"renewal-revoked",
       [](Bench& bench) {
         const Ask ask = renewal(bench, "challenge", "challenge");
         EXPECT_TRUE(bench.revocation_.revoke(ask.signer->serial(), pki::RevocationReason::key_compromise, {"admin"}));
         return bench.ask(ask);
       }},
      {"renewal-suspended",
       [](Bench& bench) {
         const Ask ask = renewal(bench, "challenge", "challenge");
         EXPECT_TRUE(
             bench.revocation_.revoke(ask.signer->serial(), pki::RevocationReason::certificate_hold, {"admin"}));
         return bench.ask(ask);
       }},
      {"renewal-later-revoked",
       [](Bench& bench) {
         Ask ask = renewal(bench, "challenge", "challenge");
         EXPECT_EQ(bench.ask(ask), "granted");
         EXPECT_TRUE(bench.revocation_.revoke(bench.newest_certificate().serial(),
                                              pki::RevocationReason::key_compromise, {"admin"}));
         ask.transaction_id = "another";
         ask.request_key = "rsa-4096";
         return bench.ask(ask);
       }},
      {"renewal-expired",
       [](Bench& bench) {
         const Ask ask = renewal(bench, "challenge", "challenge");
         bench.clock_.advance(std::chrono::days(366));
         return bench.ask(ask);
       }},
      {"renewal-early", [](Bench& bench) { return bench.ask(renewal(bench, "window", "window")); }},
      {"renewal-switched-off", [](Bench& bench) { return bench.ask(renewal(bench, "no-renewal", "no-renewal")); }},
      {"renewal-once-more",
       [](Bench& bench) {
         Ask ask = renewal(bench, "one-renewal", "one-renewal");
         ask.request_key = "rsa-4096";
         EXPECT_EQ(bench.ask(ask), "granted");
         ask.transaction_id = "r2";
         return bench.ask(ask);
       }},
      {"renewal-same-key",
       [](Bench& bench) {
         Ask ask = renewal(bench, "two-of-a-key", "two-of-a-key");
         EXPECT_EQ(bench.ask(ask), "granted");
         ask.transaction_id = "r2";
         return bench.ask(ask);
       }},
      {"renewal-elsewhere", [](Bench& bench) { return bench.ask(renewal(bench, "challenge", "other")); }},

      {"poll-unknown",
       [](Bench& bench) { return bench.ask({.content = polled(bench), .type = MessageType::cert_poll}); }},
      {"poll-another-key",
       [](Bench& bench) {
         EXPECT_EQ(bench.ask({}), "pending");
         return bench.ask({.key = "rsa-4096", .content = polled(bench), .type = MessageType::cert_poll});
       }},
      {"poll-rejected",
       [](Bench& bench) {
         EXPECT_EQ(bench.ask({}), "pending");
         EXPECT_TRUE(bench.requests_.reject(1, "not ours", {"admin"}));
         return bench.ask({.content = polled(bench), .type = MessageType::cert_poll});
       }},

      {"get-cert-unknown",
       [](Bench& bench) {
         return bench.ask(
             {.content = wanted(bench.authority().issuing, {.octets = {0x77}}), .type = MessageType::get_cert});
       }},
      {"get-cert-other-issuer",
       [](Bench& bench) {
         return bench.ask({.content = wanted(bench.self_signed({}), {.octets = {1}}), .type = MessageType::get_cert});
       }},
      {"get-cert-another-key",
       [](Bench& bench) {
         const pki::Certificate certificate = bench.enrolled("challenge");
         return bench.ask({.key = "rsa-4096",
                           .content = wanted(bench.authority().issuing, certificate.serial()),
                           .type = MessageType::get_cert});
       }},
      {"get-crl-other-issuer",
       [](Bench& bench) {
         return bench.ask({.content = wanted(bench.self_signed({}), {.octets = {1}}), .type = MessageType::get_crl});
       }},

      {"disk-full",
       [](Bench& bench) {
         bench.ledger_.fail_after(0);
         return bench.ask({});
       }},
  };
}

}  // namespace chancery::api::bad_inputs
