// Messages made by other programs: every folder of vectors/scep that has a scenario.txt is read and compared with what
// the scenario says.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "scep/example_parties.h"
#include "scep/get_message.h"
#include "scep/reply.h"
#include "scep/request.h"
#include "testing/fakes.h"

namespace chancery::scep {
namespace {

// The `name: value` lines of a scenario.
using Scenario = std::map<std::string, std::string, std::less<>>;

Scenario read_scenario(std::string_view folder) {
  const Bytes file = example::vector_file(std::string(folder) + "/scenario.txt");
  std::string_view text = as_text(file);
  Scenario scenario;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    scenario[std::string(line.substr(0, colon))] = value;
  }
  return scenario;
}

std::vector<std::string> scenarios_of(std::string_view kind) {
  std::vector<std::string> folders;
  const std::filesystem::path root = std::string(CHANCERY_VECTORS) + "/scep";
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string folder = entry.path().filename();
    if (std::filesystem::exists(entry.path() / "scenario.txt") && read_scenario(folder)["kind"] == kind)
      folders.push_back(folder);
  }
  return folders;
}

Bytes message_of(const std::string& folder) {
  if (!folder.starts_with("certmonger")) return example::vector_file(folder + "/message.der");
  const Bytes raw = example::vector_file(folder + "/message.txt");
  const auto decoded = decode_get_message(as_text(raw));
  EXPECT_TRUE(decoded);
  return decoded.value_or(Bytes());
}

// Single DES is there only where OpenSSL's legacy provider is.
bool can_decrypt(pki::Cipher cipher) {
  const Bytes zeros(32, 0);
  return pki::encrypt_cbc(cipher, ByteView(zeros).first(pki::key_size_of(cipher)),
                          ByteView(zeros).first(pki::block_size_of(cipher)), {})
      .has_value();
}

void check_request(const std::string& folder, Scenario scenario) {
  const auto message = PkiMessage::parse(message_of(folder));
  ASSERT_TRUE(message) << message.error().text();
  const auto verified = message->verify();
  EXPECT_TRUE(verified) << verified.error().text();
  ASSERT_TRUE(message->type()) << message->type().error().text();
  EXPECT_EQ(to_string(*message->type()), scenario["type"]);
  EXPECT_EQ(message->transaction_id().to_text(), scenario["transaction"]);
  EXPECT_EQ(to_hex(Bytes{message->transaction_id().tag}), scenario.contains("tag") ? scenario["tag"] : "13");
  ASSERT_TRUE(message->sender_nonce());
  if (scenario.contains("nonce")) {
    EXPECT_EQ(to_hex(message->sender_nonce()->octets), scenario["nonce"]);
  } else {
    EXPECT_EQ(message->sender_nonce()->octets.size(), 16U);
  }
  ASSERT_TRUE(message->digest());
  EXPECT_EQ(pki::to_string(*message->digest()), scenario["digest"]);
  if (scenario.contains("signer")) {
    EXPECT_EQ(message->signer().subject().to_text(), scenario["signer"]);
  }
  ASSERT_TRUE(message->envelope()) << message->envelope().error().text();
  ASSERT_TRUE(message->envelope()->cipher);
  EXPECT_EQ(pki::to_string(*message->envelope()->cipher), scenario["cipher"]);

  const example::Party ra = example::ra();
  const auto* recipient = message->envelope()->recipient_for(ra.certificate);
  ASSERT_NE(recipient, nullptr);
  EXPECT_EQ(recipient->oaep ? pki::to_string(recipient->oaep_digest) : "", scenario["oaep"]);
  const ReplyTo to = ReplyTo::of(*message);
  EXPECT_EQ(to.oaep, recipient->oaep);
  EXPECT_EQ(to.cipher, *message->envelope()->cipher);
  EXPECT_EQ(to.recipient_nonce, message->sender_nonce());

  if (!can_decrypt(*message->envelope()->cipher)) GTEST_SKIP() << "no legacy provider";
  testing::FakeRandom random;
  const auto opened = open_request(*message, ra.identity(), random);
  ASSERT_TRUE(opened) << opened.error().text();
  const auto& request = std::get<pki::CertificateRequest>(*opened);
  EXPECT_EQ(request.subject().to_text(), scenario["subject"]);
  EXPECT_EQ(as_text(request.challenge_password().view()), scenario["challenge"]);
  const auto& names = request.subject_alternative_names();
  EXPECT_EQ(names.empty() ? "" : pki::to_string(names.front()), scenario["name"]);
  // Checklist 34: the same key outside and inside, but for a renewal, whose signer is the old one.
  EXPECT_EQ(request.public_key() == message->signer_key(), *message->type() == MessageType::pkcs_request);
}

TEST(Stranger, requests_verify_open_and_hold_what_was_asked) {
  const auto folders = scenarios_of("request");
  EXPECT_GE(folders.size(), 20U);
  for (const std::string& folder : folders) {
    SCOPED_TRACE(folder);
    check_request(folder, read_scenario(folder));
  }
}

// Also proves that the reply's cipher can be mirrored for each of them.
TEST(Stranger, requests_can_be_answered_in_kind) {
  testing::FakeRandom random;
  const example::Party ra = example::ra();
  for (const std::string& folder : scenarios_of("request")) {
    SCOPED_TRACE(folder);
    const auto message = PkiMessage::parse(message_of(folder));
    ASSERT_TRUE(message);
    const ReplyTo to = ReplyTo::of(*message);
    if (!can_decrypt(to.cipher)) continue;
    const pki::Bundle bundle{.certificates = {to_bytes(message->signer().der())}};
    const auto reply = make_success(
        {to, bundle, message->signer(), message->signer_key(), as_bytes(example::challenge)}, ra.identity(), random);
    ASSERT_TRUE(reply) << reply.error().text();
    const auto read = PkiMessage::parse(*reply);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_TRUE(read->verify());
    EXPECT_EQ(read->transaction_id(), message->transaction_id());
    EXPECT_EQ(read->recipient_nonce(), message->sender_nonce());
    EXPECT_EQ(read->digest(), message->digest());
  }
}

// A reply of another server to its client, whose key and request are in the folder.
class ForeignReply {
 public:
  explicit ForeignReply(const std::string& folder)
      : key_(*pki::PrivateKey::from_pem(as_text(example::vector_file(folder + "/client.test-key.pem")))),
        request_(*PkiMessage::parse(example::vector_file(folder + "/request.der"))),
        authority_(*read_ca(folder)),
        reply_(message_of(folder)) {}
  [[nodiscard]] Expected lenient() const {
    return {.transaction_id = request_.transaction_id(),
            .sender_nonce = *request_.sender_nonce(),
            .authority = authority_,
            .requester = {request_.signer(), key_},
            .least_digest = pki::Digest::sha1,
            .least_cipher = pki::Cipher::des};
  }
  [[nodiscard]] Result<Reply> read(const Expected& expected) const {
    testing::FakeRandom random;
    return read_reply(reply_, expected, random);
  }

 private:
  static Result<std::vector<pki::Certificate>> read_ca(const std::string& folder) {
    TRY(auto certificate, pki::Certificate::from_der(example::vector_file(folder + "/authority.der")));
    return std::vector<pki::Certificate>{std::move(certificate)};
  }
  pki::PrivateKey key_;
  PkiMessage request_;
  std::vector<pki::Certificate> authority_;
  Bytes reply_;
};

TEST(Stranger, reply_with_old_algorithms_is_read_where_the_operator_allows_them) {
  if (!can_decrypt(pki::Cipher::des)) GTEST_SKIP() << "no legacy provider";
  const ForeignReply reply("micromdm-reply-granted");
  const Expected lenient = reply.lenient();
  const auto read = reply.read(lenient);
  ASSERT_TRUE(read) << read.error().text();
  const auto issued = find_issued(std::get<Granted>(*read).bundle, lenient.requester.key.public_key());
  ASSERT_TRUE(issued) << issued.error().text();
  EXPECT_EQ(issued->subject().to_text(), read_scenario("micromdm-reply-granted")["subject"]);
}

TEST(Stranger, reply_with_old_algorithms_is_refused_everywhere_else) {
  const ForeignReply reply("micromdm-reply-granted");
  Expected strict = reply.lenient();
  strict.least_digest = pki::Digest::sha256;
  EXPECT_EQ(reply.read(strict).error().text(), "the reply is signed with sha1, and at least sha256 is wanted");
  strict.least_digest = pki::Digest::sha1;
  // 3DES is weak, and single DES is none at all.
  strict.least_cipher = pki::Cipher::des3;
  EXPECT_EQ(reply.read(strict).error().text(), "the reply is encrypted with des, which is not allowed");
}

TEST(Stranger, failure_is_understood) {
  const ForeignReply reply("micromdm-reply-refused");
  const auto read = reply.read(reply.lenient());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(std::get<Rejected>(*read).info, FailInfo::bad_request);
}

TEST(Stranger, reply_under_a_password_is_opened_by_an_ec_client) {
  Scenario scenario = read_scenario("openssl-password-reply");
  const example::Party client = example::ec_client();
  const std::vector<pki::Certificate> authority{example::certificate("ra")};
  Nonce nonce;
  for (std::uint8_t i = 0; i < 16; ++i) nonce.octets.push_back(i);
  const Expected expected{.transaction_id = TransactionId::from_text(scenario["transaction"]),
                          .sender_nonce = nonce,
                          .authority = authority,
                          .requester = client.identity(),
                          .password = as_bytes(example::challenge)};
  testing::FakeRandom random;
  const auto read = read_reply(message_of("openssl-password-reply"), expected, random);
  ASSERT_TRUE(read) << read.error().text();
  const auto issued = find_issued(std::get<Granted>(*read).bundle, client.key.public_key());
  ASSERT_TRUE(issued);
  EXPECT_EQ(issued->subject().to_text(), scenario["subject"]);
}

}  // namespace
}  // namespace chancery::scep
