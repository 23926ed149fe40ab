#include "scep/pki_message.h"

#include <gtest/gtest.h>

#include "scep/attributes.h"
#include "scep/example_parties.h"

namespace chancery::scep {
namespace {

namespace der = pki::der;
namespace tag = pki::der::tag;

Bytes element(std::uint8_t identifier, std::string_view content) {
  der::Writer out;
  out.text(identifier, content);
  return out.take();
}

const Attributes request_attributes{.type = MessageType::pkcs_request,
                                    .transaction_id = TransactionId::from_text("T1"),
                                    .sender_nonce = Nonce{Bytes(16, 7)}};

// The attributes of an ordinary request, with the one of this type replaced by `values`.
std::vector<pki::CmsAttribute> with(const pki::Oid& type, std::vector<Bytes> values) {
  auto attributes = encode_attributes(request_attributes);
  std::erase_if(attributes, [&](const pki::CmsAttribute& attribute) { return attribute.type == type; });
  if (!values.empty()) attributes.push_back({type, std::move(values)});
  return attributes;
}

class PkiMessageTest : public ::testing::Test {
 protected:
  Result<PkiMessage> read(std::vector<pki::CmsAttribute> attributes) const {
    return PkiMessage::parse(example::sign_without_content(client_, std::move(attributes)));
  }
  const example::Party client_ = example::client();
};

TEST_F(PkiMessageTest, has_the_attributes_that_were_encoded) {
  Attributes sent = request_attributes;
  sent.type = MessageType::cert_rep;
  sent.recipient_nonce = Nonce{Bytes(8, 9)};
  sent.status = PkiStatus::failure;
  sent.fail_info = FailInfo::bad_time;
  sent.fail_info_text = "clock is off by 3 h";
  sent.signing_time = example::start;
  const auto message = read(encode_attributes(sent));
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_EQ(message->transaction_id(), sent.transaction_id);
  EXPECT_EQ(*message->type(), MessageType::cert_rep);
  EXPECT_EQ(message->sender_nonce(), sent.sender_nonce);
  EXPECT_EQ(message->recipient_nonce(), sent.recipient_nonce);
  EXPECT_EQ(*message->status(), PkiStatus::failure);
  EXPECT_EQ(message->fail_info(), FailInfo::bad_time);
  EXPECT_EQ(message->fail_info_text(), "clock is off by 3 h");
  EXPECT_EQ(message->signing_time(), example::start);
  EXPECT_EQ(message->digest(), pki::Digest::sha256);
  EXPECT_TRUE(message->verify());
}

// Checklist 21 to 26: the string types of RFC 8894 table 1.
TEST_F(PkiMessageTest, attributes_are_encoded_as_the_table_of_the_rfc_wants) {
  Attributes sent = request_attributes;
  sent.status = PkiStatus::pending;
  sent.fail_info = FailInfo::bad_cert_id;
  sent.fail_info_text = "ü";
  const struct {
    pki::Oid type;
    Bytes value;
  } rows[] = {
      {attribute_types::transaction_id, element(tag::printable_string, "T1")},
      {attribute_types::message_type, element(tag::printable_string, "19")},
      {attribute_types::pki_status, element(tag::printable_string, "3")},
      {attribute_types::fail_info, element(tag::printable_string, "4")},
      {attribute_types::fail_info_text, element(tag::utf8_string, "ü")},
      {attribute_types::sender_nonce, element(tag::octet_string, std::string(16, 7))},
  };
  const auto attributes = encode_attributes(sent);
  EXPECT_EQ(attributes.size(), std::size(rows));
  for (const auto& row : rows) {
    SCOPED_TRACE(row.type.dotted());
    const auto found = std::ranges::find(attributes, row.type, &pki::CmsAttribute::type);
    ASSERT_NE(found, attributes.end());
    EXPECT_EQ(found->values, std::vector<Bytes>{row.value});
  }
}

TEST_F(PkiMessageTest, a_request_has_the_attributes_of_a_request_and_no_others) {
  EXPECT_EQ(encode_attributes(request_attributes).size(), 3U);
}

// Nobody could be answered: HTTP 400 in the layer above.
TEST_F(PkiMessageTest, without_a_readable_transaction_id_is_not_parsed_at_all) {
  const pki::Oid& type = attribute_types::transaction_id;
  const struct {
    const char* name;
    std::vector<Bytes> values;
    const char* expect;
  } rows[] = {
      {"absent", {}, "no transactionID"},
      {"empty", {element(tag::printable_string, "")}, "transactionID is empty"},
      {"too long", {element(tag::printable_string, std::string(256, 'x'))}, "transactionID is longer than 255 octets"},
      {"an INTEGER", {element(tag::integer, "1")}, "transactionID is no character string"},
      {"an OCTET STRING", {element(tag::octet_string, "T1")}, "transactionID is no character string"},
      {"a BMPString", {element(tag::bmp_string, std::string("\0T", 2))}, "transactionID is no character string"},
      {"two values",
       {element(tag::printable_string, "T1"), element(tag::printable_string, "T2")},
       "more than one transactionID"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto message = read(with(type, row.values));
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().text(), row.expect);
  }
  auto twice = encode_attributes(request_attributes);
  twice.push_back({type, {element(tag::printable_string, "T2")}});
  const auto message = read(twice);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().text(),
            "reading the pkiMessage: the signed attribute 2.16.840.1.113733.1.9.7 occurs twice");
}

// Checklist 21: what old clients send comes back as it came.
TEST_F(PkiMessageTest, transaction_id_keeps_its_octets_and_its_string_type) {
  const std::string longest(255, 'x');
  for (const std::uint8_t type : {tag::printable_string, tag::utf8_string, tag::ia5_string, tag::visible_string}) {
    for (const std::string& octets : {std::string("+a/b="), std::string("\0\xff\n", 3), longest}) {
      const auto message = read(with(attribute_types::transaction_id, {element(type, octets)}));
      ASSERT_TRUE(message) << message.error().text();
      EXPECT_EQ(as_text(message->transaction_id().octets), octets);
      EXPECT_EQ(message->transaction_id().tag, type);
      Attributes echo{.transaction_id = message->transaction_id()};
      EXPECT_EQ(encode_attributes(echo).front().values.front(), element(type, octets));
    }
  }
}

// Checklist 22: told to the client, never processed.
TEST_F(PkiMessageTest, message_type_that_is_not_one_of_the_six_is_an_error) {
  const struct {
    const char* name;
    std::vector<Bytes> values;
    const char* expect;
  } rows[] = {
      {"absent", {}, "no messageType"},
      {"UpdateReq", {element(tag::printable_string, "18")}, "messageType 18 (UpdateReq) is obsolete and not processed"},
      {"unknown", {element(tag::printable_string, "23")}, "messageType 23 is not defined"},
      {"empty", {element(tag::printable_string, "")}, "messageType is not a decimal number"},
      {"an INTEGER", {element(tag::integer, "\x13")}, "messageType is no PrintableString"},
      {"an OCTET STRING", {element(tag::octet_string, "19")}, "messageType is no PrintableString"},
      {"a BMPString", {element(tag::bmp_string, std::string("\0001\0009", 4))}, "messageType is no PrintableString"},
      {"other digits", {element(tag::utf8_string, "１９")}, "messageType is not a decimal number"},
      {"a sign", {element(tag::ia5_string, "+19")}, "messageType is not a decimal number"},
      {"two values",
       {element(tag::printable_string, "19"), element(tag::printable_string, "3")},
       "more than one messageType"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto message = read(with(attribute_types::message_type, row.values));
    ASSERT_TRUE(message) << message.error().text();
    ASSERT_FALSE(message->type());
    EXPECT_EQ(message->type().error().text(), row.expect);
  }
}

// Checklist 25.
TEST_F(PkiMessageTest, pki_status_that_is_not_0_2_or_3_is_an_error) {
  const struct {
    std::vector<Bytes> values;
    const char* expect;
  } rows[] = {
      {{}, "no pkiStatus"},
      {{element(tag::printable_string, "1")}, "pkiStatus is not 0, 2 or 3"},
      {{element(tag::printable_string, "4")}, "pkiStatus is not 0, 2 or 3"},
      {{element(tag::printable_string, "00")}, "pkiStatus is not 0, 2 or 3"},
      {{element(tag::printable_string, "")}, "pkiStatus is not 0, 2 or 3"},
      {{element(tag::integer, std::string(1, 0))}, "pkiStatus is no PrintableString"},
      {{element(tag::printable_string, "0"), element(tag::printable_string, "2")}, "more than one pkiStatus"},
  };
  for (const auto& row : rows) {
    const auto message = read(with(attribute_types::pki_status, row.values));
    ASSERT_TRUE(message) << message.error().text();
    ASSERT_FALSE(message->status());
    EXPECT_EQ(message->status().error().text(), row.expect);
  }
}

// RFC 8894 has PrintableString only, which is what we write; digits are the same octets in each of these.
TEST_F(PkiMessageTest, numbers_are_read_in_other_strings_than_the_RFCs_too) {
  for (const std::uint8_t tag : {tag::printable_string, tag::utf8_string, tag::ia5_string}) {
    const auto message = read({{attribute_types::transaction_id, {element(tag::printable_string, "T1")}},
                               {attribute_types::message_type, {element(tag, "3")}},
                               {attribute_types::pki_status, {element(tag, "2")}},
                               {attribute_types::fail_info, {element(tag, "4")}}});
    ASSERT_TRUE(message) << message.error().text();
    EXPECT_EQ(message->type().value(), MessageType::cert_rep);
    EXPECT_EQ(message->status().value(), PkiStatus::failure);
    EXPECT_EQ(message->fail_info(), FailInfo::bad_cert_id);
  }
}

TEST_F(PkiMessageTest, fail_info_that_is_not_defined_is_none) {
  for (const Bytes& value :
       {element(tag::printable_string, "5"), element(tag::printable_string, "-1"), element(tag::printable_string, "02"),
        element(tag::printable_string, ""), element(tag::integer, "\2"), element(tag::octet_string, "2")}) {
    const auto message = read(with(attribute_types::fail_info, {value}));
    ASSERT_TRUE(message);
    EXPECT_FALSE(message->fail_info()) << to_hex(value);
  }
}

// Checklist 23 and 24: 16 octets is ours; others come with other lengths and get them back.
TEST_F(PkiMessageTest, nonces_of_1_to_64_octets_are_kept_as_they_are) {
  const struct {
    Bytes value;
    bool expect;
  } rows[] = {
      {element(tag::octet_string, std::string(16, 'n')), true},
      {element(tag::octet_string, std::string(8, 'n')), true},
      {element(tag::octet_string, "n"), true},
      {element(tag::octet_string, std::string(64, '\0')), true},
      {element(tag::octet_string, ""), false},
      {element(tag::octet_string, std::string(65, 'n')), false},
      {element(tag::printable_string, std::string(16, 'n')), false},
      {element(tag::integer, std::string(16, 'n')), false},
  };
  for (const auto& row : rows) {
    for (const pki::Oid& type : {attribute_types::sender_nonce, attribute_types::recipient_nonce}) {
      const auto message = read(with(type, {row.value}));
      ASSERT_TRUE(message);
      const auto& nonce = type == attribute_types::sender_nonce ? message->sender_nonce() : message->recipient_nonce();
      ASSERT_EQ(nonce.has_value(), row.expect) << to_hex(row.value);
      const bool is_senders = type == attribute_types::sender_nonce;
      EXPECT_EQ(message->nonce_status() ? "" : message->nonce_status().error().text(),
                row.expect || !is_senders ? "" : "senderNonce is no OCTET STRING of 1 to 64 octets");
      if (nonce) {
        EXPECT_EQ(element(tag::octet_string, as_text(nonce->octets)), row.value);
      }
    }
  }
}

// Checklist 32.
TEST_F(PkiMessageTest, unknown_attributes_are_ignored) {
  auto attributes = encode_attributes(request_attributes);
  attributes.push_back({pki::Oid::of("1.3.6.1.4.1.99999.1"), {element(tag::null, ""), element(tag::integer, "\1")}});
  const auto message = read(attributes);
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_TRUE(message->verify());
  EXPECT_EQ(*message->type(), MessageType::pkcs_request);
}

TEST_F(PkiMessageTest, malformed_signing_time_or_fail_info_text_is_none) {
  auto attributes = with(pki::oids::signing_time, {element(tag::utc_time, "yesterday")});
  attributes.push_back({attribute_types::fail_info_text, {element(tag::octet_string, "no text")}});
  const auto message = read(attributes);
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_FALSE(message->signing_time());
  EXPECT_EQ(message->fail_info_text(), "");
}

TEST_F(PkiMessageTest, a_reason_is_read_in_other_strings_than_the_RFCs_too) {
  for (const std::uint8_t tag : {tag::utf8_string, tag::printable_string, tag::ia5_string}) {
    const auto message = read(with(attribute_types::fail_info_text, {element(tag, "wrong password")}));
    ASSERT_TRUE(message) << message.error().text();
    EXPECT_EQ(message->fail_info_text(), "wrong password");
  }
}

// Checklist 57: RFC 8894 does not ask for signingTime.
TEST_F(PkiMessageTest, absent_signing_time_is_no_error) {
  const auto message = read(encode_attributes(request_attributes));
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->signing_time());
}

// Checklist 19 and 20.
TEST_F(PkiMessageTest, envelope_that_is_absent_or_malformed_is_an_error_of_its_own) {
  const auto absent = read(encode_attributes(request_attributes));
  ASSERT_TRUE(absent);
  ASSERT_FALSE(absent->envelope());
  EXPECT_EQ(absent->envelope().error().text(), "no pkcsPKIEnvelope");

  for (const std::string_view content : {"", "not an envelope", "\x30\x80"}) {
    const auto message =
        PkiMessage::parse(example::sign(client_, as_bytes(content), encode_attributes(request_attributes)));
    ASSERT_TRUE(message) << message.error().text();
    EXPECT_TRUE(message->verify());
    ASSERT_FALSE(message->envelope());
    EXPECT_TRUE(message->envelope().error().text().starts_with("reading the pkcsPKIEnvelope: "))
        << message->envelope().error().text();
  }
}

// Checklist 29.
TEST_F(PkiMessageTest, without_the_signers_certificate_is_not_parsed_at_all) {
  pki::SignedDataContent content{.has_content = false, .signer = &client_.certificate};
  content.attributes = encode_attributes(request_attributes);
  const auto message = PkiMessage::parse(*pki::sign_data(content, client_.key));
  ASSERT_FALSE(message);
  EXPECT_TRUE(message.error().text().starts_with("finding the signer: ")) << message.error().text();
}

// RFC 8894 section 3.2.1.4: to be answered with badAlg, which needs no key of the signer's.
TEST_F(PkiMessageTest, names_the_first_algorithm_that_is_not_supported) {
  const auto replaced_last = [](Bytes octets, std::string_view from, std::string_view to) {
    const auto found = std::find_end(octets.begin(), octets.end(), as_bytes(from).begin(), as_bytes(from).end());
    EXPECT_NE(found, octets.end());
    std::ranges::copy(as_bytes(to), found);
    return octets;
  };
  const Bytes good = example::sign_without_content(client_, encode_attributes(request_attributes));
  const auto supported = PkiMessage::parse(good);
  ASSERT_TRUE(supported);
  EXPECT_FALSE(supported->unsupported());

  const auto pss = PkiMessage::parse(
      replaced_last(good, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"));
  ASSERT_TRUE(pss) << pss.error().text();
  EXPECT_EQ(pss->unsupported(), "signatures with RSASSA-PSS are not supported: use RSASSA-PKCS1-v1_5");
  EXPECT_FALSE(pss->verify());

  const example::Party ec = example::ec_client();
  const Bytes by_ec = example::sign_without_content(ec, encode_attributes(request_attributes));
  const auto curve =
      PkiMessage::parse(replaced_last(by_ec, "\x2a\x86\x48\xce\x3d\x03\x01\x07", "\x2a\x86\x48\xce\x3d\x03\x01\x01"));
  ASSERT_TRUE(curve) << curve.error().text();
  EXPECT_EQ(curve->unsupported(), "keys on the curve 1.2.840.10045.3.1.1 are not supported");
  EXPECT_FALSE(curve->verify());
  EXPECT_EQ(curve->transaction_id(), request_attributes.transaction_id);

  // A key that is malformed is no key of another kind: there is no sender.
  const auto malformed = PkiMessage::parse(
      replaced_last(by_ec, std::string_view("\x07\x03\x42\x00\x04", 5), std::string_view("\x07\x03\x42\x00\x05", 5)));
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().text(), "reading the signer's key: EC: the point is not in uncompressed form");
}

TEST_F(PkiMessageTest, signer_is_found_among_a_chain) {
  const example::Party ca = example::ca();
  pki::SignedDataContent content{.has_content = false, .signer = &client_.certificate};
  content.attributes = encode_attributes(request_attributes);
  content.certificates = {to_bytes(ca.certificate.der()), to_bytes(client_.certificate.der())};
  const auto message = PkiMessage::parse(*pki::sign_data(content, client_.key));
  ASSERT_TRUE(message) << message.error().text();
  EXPECT_TRUE(equal(message->signer().der(), client_.certificate.der()));
  EXPECT_EQ(message->signer_key(), client_.key.public_key());
  EXPECT_TRUE(message->verify());
}

TEST_F(PkiMessageTest, signed_by_another_key_than_its_certificates_does_not_verify) {
  const example::Party forger{example::key("client"), client_.certificate};
  const auto message = PkiMessage::parse(example::sign_without_content(forger, encode_attributes(request_attributes)));
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->verify());
}

// Checklist 10.
TEST_F(PkiMessageTest, that_is_no_signed_data_is_not_parsed_at_all) {
  for (const std::string_view text : {"", "0", "GET / HTTP/1.0", "\x30\x03\x02\x01\x01"}) {
    const auto message = PkiMessage::parse(as_bytes(text));
    ASSERT_FALSE(message);
    EXPECT_TRUE(message.error().text().starts_with("reading the pkiMessage: ")) << message.error().text();
  }
}

}  // namespace
}  // namespace chancery::scep
