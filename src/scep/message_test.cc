#include "scep/message.h"

#include <gtest/gtest.h>

#include "scep/attributes.h"

namespace chancery::scep {
namespace {

// Checklist 22.
TEST(MessageType, is_one_of_six_numbers) {
  const struct {
    const char* text;
    MessageType type;
    const char* name;
  } rows[] = {
      {"3", MessageType::cert_rep, "CertRep"},      {"17", MessageType::renewal_request, "RenewalReq"},
      {"19", MessageType::pkcs_request, "PKCSReq"}, {"20", MessageType::cert_poll, "CertPoll"},
      {"21", MessageType::get_cert, "GetCert"},     {"22", MessageType::get_crl, "GetCRL"},
  };
  for (const auto& row : rows) {
    const auto type = message_type_from_text(row.text);
    ASSERT_TRUE(type) << row.text;
    EXPECT_EQ(*type, row.type);
    EXPECT_EQ(to_string(*type), row.name);
  }
}

TEST(MessageType, that_is_anything_else_is_an_error_and_never_a_request) {
  using namespace std::string_view_literals;
  const struct {
    std::string_view text;
    const char* expect;
  } rows[] = {
      {"18", "messageType 18 (UpdateReq) is obsolete and not processed"},
      {"0", "messageType 0 is not defined"},
      {"1", "messageType 1 is not defined"},
      {"23", "messageType 23 is not defined"},
      {"019", "messageType 019 is not defined"},
      {"190", "messageType 190 is not defined"},
      {"19000", "messageType is not a decimal number"},
      {"", "messageType is not a decimal number"},
      {" 19", "messageType is not a decimal number"},
      {"19 ", "messageType is not a decimal number"},
      {"+19", "messageType is not a decimal number"},
      {"-3", "messageType is not a decimal number"},
      {"19\0"sv, "messageType is not a decimal number"},
      {"0x13", "messageType is not a decimal number"},
      {"PKCSReq", "messageType is not a decimal number"},
  };
  for (const auto& row : rows) {
    const auto type = message_type_from_text(row.text);
    ASSERT_FALSE(type) << row.text;
    EXPECT_EQ(type.error().text(), row.expect);
  }
}

TEST(FailInfo, has_the_names_of_the_rfc) {
  EXPECT_EQ(to_string(FailInfo::bad_alg), "badAlg");
  EXPECT_EQ(to_string(FailInfo::bad_message_check), "badMessageCheck");
  EXPECT_EQ(to_string(FailInfo::bad_request), "badRequest");
  EXPECT_EQ(to_string(FailInfo::bad_time), "badTime");
  EXPECT_EQ(to_string(FailInfo::bad_cert_id), "badCertId");
}

TEST(TransactionId, is_shown_so_that_two_different_ones_never_look_the_same) {
  EXPECT_EQ(TransactionId::from_text("A1+/=").to_text(), "A1+/=");
  const TransactionId odd{.octets = {'a', 0, '\n', 0xff}};
  EXPECT_EQ(odd.to_text(), "a\\00\\0a\\ff");
  EXPECT_EQ(TransactionId::from_text("a\\00").to_text(), "a\\5c00");
}

TEST(TransactionId, with_another_string_type_is_another_one) {
  TransactionId other = TransactionId::from_text("1");
  other.tag = pki::der::tag::utf8_string;
  EXPECT_NE(other, TransactionId::from_text("1"));
}

TEST(FailInfoText, is_made_harmless_before_anybody_sees_it) {
  EXPECT_EQ(text_for_people("Schlüssel zu kurz"), "Schlüssel zu kurz");
  EXPECT_EQ(text_for_people("a\x1b[31m\r\nb\x7f"), "a?[31m??b?");
  EXPECT_EQ(text_for_people("\xc2\x9b"
                            "31m"),
            "?31m")
      << "CSI as one character";
  EXPECT_EQ(text_for_people("\xff\xc0\xaf\xed\xa0\x80\xe2\x82"), "????????") << "invalid UTF-8";
  EXPECT_EQ(text_for_people(std::string(300, 'x')), std::string(255, 'x'));
  // A character is never cut.
  EXPECT_EQ(text_for_people(std::string(254, 'x') + "ü"), std::string(254, 'x'));
}

}  // namespace
}  // namespace chancery::scep
