// A whole conversation, compared byte for byte with vectors/scep/transcript: the keys are fixed, and time, nonces,
// content keys and padding are injected. A difference means that what goes over the wire has changed.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "pki/crl.h"
#include "scep/ca_certificates.h"
#include "scep/capabilities.h"
#include "scep/example_parties.h"
#include "scep/reply.h"
#include "scep/request.h"
#include "testing/fakes.h"

namespace chancery::scep {
namespace {

struct Step {
  std::string file;
  Bytes bytes;
};

const std::filesystem::path folder = std::string(CHANCERY_VECTORS) + "/scep/transcript";

// Both ends. Each step checks what a receiver must find before the next one is sent.
class Transcript {
 public:
  std::vector<Step> run() {
    get_ca_caps();
    get_ca_cert();
    pending();
    poll();
    renewal();
    get_cert();
    get_crl();
    failure();
    get_next_ca_cert();
    under_a_password();
    return std::move(steps_);
  }

 private:
  void keep(std::string_view file, Bytes bytes) { steps_.push_back({std::string(file), std::move(bytes)}); }

  // client ── GetCACaps ──▶ server
  // client ◀── keywords ─── server
  void get_ca_caps() {
    const Capabilities offered{.aes = true,
                               .post = true,
                               .renewal = true,
                               .sha256 = true,
                               .sha384 = true,
                               .sha512 = true,
                               .scep_standard = true};
    const std::string text = to_text(offered);
    const ChosenAlgorithms chosen = choose_algorithms(parse_capabilities(text));
    EXPECT_FALSE(chosen.weak);
    keep("01-get-ca-caps.txt", to_bytes(as_bytes(text)));
  }

  // client ── GetCACert ─────────────▶ server
  // client ◀── issuing CA, RA, root ── server
  void get_ca_cert() {
    const auto reply =
        make_ca_certificates({to_bytes(ca_.certificate.der()), to_bytes(ra_.certificate.der()), to_bytes(root_.der())});
    auto received = read_ca_certificates(reply.body);
    ASSERT_TRUE(received);
    const auto authority = authenticate_authority(*std::move(received), root_.fingerprint(), example::start);
    ASSERT_TRUE(authority) << authority.error().text();
    EXPECT_TRUE(equal(authority->all[authority->encryption].der(), ra_.certificate.der()));
    authority_ = authority->all;
    keep("02-get-ca-cert.der", reply.body);
  }

  // client ── PKCSReq (challenge) ──▶ server
  // client ◀── CertRep PENDING ────── server: a person has to approve it
  void pending() {
    const auto csr = example::certificate_request(client_.key, "CN=device,O=Example");
    const PkiMessage request = ask("03-pkcs-req.der", MessageType::pkcs_request, csr.der(), client_);
    const auto opened = open_request(request, ra_.identity(), random_);
    ASSERT_TRUE(opened);
    EXPECT_EQ(std::get<pki::CertificateRequest>(*opened).public_key(), client_.key.public_key());
    const Reply reply =
        answer("04-cert-rep-pending.der", *make_pending(ReplyTo::of(request), ra_.identity(), random_), client_);
    EXPECT_TRUE(std::holds_alternative<Pending>(reply));
  }

  // client ── CertPoll ───────────────────▶ server: approved meanwhile
  // client ◀── CertRep SUCCESS (leaf, CA) ── server
  void poll() {
    const auto subject = pki::Name::from_text("CN=device,O=Example")->to_der();
    const Bytes names = write_issuer_and_subject({to_bytes(ca_.certificate.subject_der()), subject});
    const PkiMessage request = ask("05-cert-poll.der", MessageType::cert_poll, names, client_);
    EXPECT_EQ(std::get<IssuerAndSubject>(*open_request(request, ra_.identity(), random_)).subject_der, subject);
    issued_ = example::issue(ca_, client_.key.public_key(), {.subject = "CN=device,O=Example", .serial = 7});
    grant("06-cert-rep-success.der", request, client_,
          {.certificates = {to_bytes(issued_->der()), to_bytes(ca_.certificate.der())}});
  }

  // client ── RenewalReq (new key, signed with the old certificate) ──▶ server
  // client ◀── CertRep SUCCESS, encrypted to the old key ────────────── server
  void renewal() {
    const example::Party old{example::key("new-client"), *issued_};
    const auto csr = example::certificate_request(new_key_, "CN=device,O=Example");
    const PkiMessage request = ask("07-renewal-req.der", MessageType::renewal_request, csr.der(), old);
    const auto renewed = example::issue(ca_, new_key_.public_key(), {.subject = "CN=device,O=Example", .serial = 8});
    const pki::Bundle bundle =
        grant("08-cert-rep-renewed.der", request, old, {.certificates = {to_bytes(renewed.der())}});
    EXPECT_TRUE(find_issued(bundle, new_key_.public_key()));
  }

  // client ── GetCert (issuer, serial number) ──▶ server
  // client ◀── CertRep SUCCESS (the leaf) ─────── server
  void get_cert() {
    const example::Party old{example::key("new-client"), *issued_};
    const Bytes wanted = pki::write_issuer_and_serial({to_bytes(issued_->issuer_der()), issued_->serial()});
    const PkiMessage request = ask("09-get-cert.der", MessageType::get_cert, wanted, old);
    EXPECT_EQ(std::get<pki::IssuerAndSerial>(*open_request(request, ra_.identity(), random_)).serial,
              issued_->serial());
    grant("10-cert-rep-certificate.der", request, old, {.certificates = {to_bytes(issued_->der())}});
  }

  // client ── GetCRL (issuer, serial number) ──▶ server
  // client ◀── CertRep SUCCESS (the CRL) ─────── server
  void get_crl() {
    const example::Party old{example::key("new-client"), *issued_};
    const Bytes wanted = pki::write_issuer_and_serial({to_bytes(issued_->issuer_der()), issued_->serial()});
    const PkiMessage request = ask("11-get-crl.der", MessageType::get_crl, wanted, old);
    const pki::CrlContent content{.issuer_der = to_bytes(ca_.certificate.subject_der()),
                                  .this_update = example::start,
                                  .next_update = example::start + std::chrono::hours(24),
                                  .number = 1,
                                  .entries = {{.serial = issued_->serial(), .revoked_at = example::start}}};
    const Bytes crl = *pki::make_crl(content, ca_.key, ca_.key.default_algorithm());
    EXPECT_EQ(grant("12-cert-rep-crl.der", request, old, {.crls = {crl}}).crls.size(), 1U);
  }

  // client ── PKCSReq ──────────────────────────────▶ server
  // client ◀── CertRep FAILURE badRequest, with why ── server
  void failure() {
    const auto csr = example::certificate_request(client_.key, "CN=somebody-else,O=Example");
    const PkiMessage request = ask("13-pkcs-req-refused.der", MessageType::pkcs_request, csr.der(), client_);
    const auto encoded = make_failure(ReplyTo::of(request), FailInfo::bad_request, "the subject is not permitted",
                                      ra_.identity(), random_);
    const Reply reply = answer("14-cert-rep-failure.der", *encoded, client_);
    EXPECT_EQ(std::get<Rejected>(reply).info, FailInfo::bad_request);
    EXPECT_EQ(std::get<Rejected>(reply).text, "the subject is not permitted");
  }

  // client ── GetNextCACert ─────────────────────────────▶ server: a rollover is announced
  // client ◀── next CA and root, signed by the current RA ── server
  void get_next_ca_cert() {
    const auto next = example::issue(example::root(), new_key_.public_key(),
                                     {.subject = "CN=Next CA,O=Example",
                                      .extensions = {pki::make_basic_constraints({.ca = true, .path_length = 0}),
                                                     pki::make_key_usage({.key_cert_sign = true, .crl_sign = true})},
                                      .serial = 9});
    const std::vector<Bytes> certificates = {to_bytes(next.der()), to_bytes(root_.der())};
    Bytes reply = *make_next_ca_certificates(certificates, ra_.identity());
    const auto received = read_next_ca_certificates(reply, authority_);
    ASSERT_TRUE(received) << received.error().text();
    ASSERT_EQ(received->size(), 2U);
    EXPECT_EQ(to_bytes(received->front().der()), certificates.front());
    keep("15-get-next-ca-cert.der", std::move(reply));
  }

  // client ── PKCSReq with an EC key ────────────────────────────▶ server: ../openssl-ec-client/message.der, because
  //                                                                an ECDSA signature is another one each time
  // client ◀── CertRep SUCCESS, encrypted under its challenge ──── server (RFC 8894 section 3.1)
  void under_a_password() {
    const example::Party ec = example::ec_client();
    const PkiMessage request = *PkiMessage::parse(example::vector_file("openssl-ec-client/message.der"));
    const auto opened = open_request(request, ra_.identity(), random_);
    ASSERT_TRUE(opened) << opened.error().text();
    const auto& csr = std::get<pki::CertificateRequest>(*opened);
    const auto issued = example::issue(ca_, csr.public_key(), {.subject = "CN=ec-device,O=Example", .serial = 10});
    const pki::Bundle bundle{.certificates = {to_bytes(issued.der())}};
    const ByteView password = csr.challenge_password().view();
    Bytes encoded = *make_success({ReplyTo::of(request), bundle, request.signer(), request.signer_key(), password},
                                  ra_.identity(), random_);
    const auto reply = read_reply(encoded,
                                  {.transaction_id = request.transaction_id(),
                                   .sender_nonce = *request.sender_nonce(),
                                   .authority = authority_,
                                   .requester = {request.signer(), ec.key},
                                   .password = password},
                                  random_);
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_TRUE(find_issued(std::get<Granted>(*reply).bundle, ec.key.public_key()));
    keep("16-cert-rep-under-password.der", std::move(encoded));
  }

  PkiMessage ask(std::string_view file, MessageType type, ByteView content, const example::Party& signer) {
    nonce_ = Nonce{random_.bytes(16)};
    const OutgoingRequest outgoing{.type = type,
                                   .transaction_id = transaction_,
                                   .sender_nonce = nonce_,
                                   .content = content,
                                   .recipient = ra_.certificate};
    Bytes encoded = *make_request_message(outgoing, signer.identity(), random_);
    auto message = PkiMessage::parse(encoded);
    EXPECT_TRUE(message && message->verify() && *message->type() == type);
    keep(file, std::move(encoded));
    return *std::move(message);
  }

  Reply answer(std::string_view file, Bytes encoded, const example::Party& requester) {
    const Expected expected{.transaction_id = transaction_,
                            .sender_nonce = nonce_,
                            .authority = authority_,
                            .requester = requester.identity()};
    auto reply = read_reply(encoded, expected, random_);
    EXPECT_TRUE(reply) << reply.error().text();
    keep(file, std::move(encoded));
    return *std::move(reply);
  }

  pki::Bundle grant(std::string_view file, const PkiMessage& request, const example::Party& requester,
                    const pki::Bundle& bundle) {
    const ReplyTo to = ReplyTo::of(request);
    const auto encoded =
        make_success({to, bundle, request.signer(), request.signer_key(), {}}, ra_.identity(), random_);
    const Reply reply = answer(file, *encoded, requester);
    EXPECT_EQ(std::get<Granted>(reply).bundle.certificates, bundle.certificates);
    return std::get<Granted>(reply).bundle;
  }

  testing::FakeRandom random_{8894};
  const pki::Certificate root_ = example::certificate("root");
  const example::Party ca_ = example::ca();
  const example::Party ra_ = example::ra();
  const example::Party client_ = example::client();
  const pki::PrivateKey new_key_ = example::key("client");
  const TransactionId transaction_ = transaction_id_for(client_.key.public_key());
  std::vector<pki::Certificate> authority_;
  std::optional<pki::Certificate> issued_;
  Nonce nonce_;
  std::vector<Step> steps_;
};

TEST(Transcript, is_the_same_byte_for_byte) {
  const auto steps = Transcript().run();
  ASSERT_EQ(steps.size(), 16U);
  for (const Step& step : steps) {
    SCOPED_TRACE(step.file);
    EXPECT_EQ(to_hex(step.bytes), to_hex(example::vector_file("transcript/" + step.file)));
  }
}

// Writes the files anew. To be run by hand, after a change that was meant: see vectors/scep/transcript/README.md.
TEST(Transcript, DISABLED_Regenerate) {
  for (const Step& step : Transcript().run()) {
    std::ofstream file(folder / step.file, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(step.bytes.data()), static_cast<std::streamsize>(step.bytes.size()));
    ASSERT_TRUE(file.good()) << step.file;
  }
}

}  // namespace
}  // namespace chancery::scep
