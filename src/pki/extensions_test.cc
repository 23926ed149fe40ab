#include "pki/extensions.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki {
namespace {

using testing::error_of;
using testing::hex;

TEST(ExtensionsTest, WhatIsWrittenReadsBack) {
  const std::vector<Extension> extensions = {
      make_basic_constraints({.ca = true, .path_length = 0}),
      make_key_usage({.key_cert_sign = true, .crl_sign = true}),
      make_extended_key_usage({oids::server_auth, oids::client_auth}),
      make_subject_alternative_name({*general_name_from_text("dns:a.example")}, true),
      make_subject_key_identifier(hex("0102")),
      make_authority_key_identifier(hex("0304")),
      make_crl_distribution_points({"http://a.example/crl", "http://b.example/crl"}),
      make_authority_information_access({.ocsp = {"http://o.example"}, .ca_issuers = {"http://c.example"}}),
  };
  der::Writer out;
  write_extensions(out, extensions);
  const auto read = read_extensions(out.view());
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->size(), extensions.size());
  for (std::size_t i = 0; i < extensions.size(); ++i) {
    EXPECT_EQ((*read)[i].oid, extensions[i].oid);
    EXPECT_EQ((*read)[i].critical, extensions[i].critical);
    EXPECT_EQ((*read)[i].value, extensions[i].value);
  }
  const auto value_of = [&](const Oid& oid) -> const Bytes& { return find_extension(*read, oid)->value; };
  EXPECT_EQ(read_basic_constraints(value_of(oids::basic_constraints))->path_length, 0);
  EXPECT_TRUE(read_key_usage(value_of(oids::key_usage))->crl_sign);
  EXPECT_EQ(read_extended_key_usage(value_of(oids::extended_key_usage))->at(1), oids::client_auth);
  EXPECT_EQ(read_general_names(value_of(oids::subject_alternative_name))->at(0).text, "a.example");
  EXPECT_EQ(*read_subject_key_identifier(value_of(oids::subject_key_identifier)), hex("0102"));
  EXPECT_EQ(*read_authority_key_identifier(value_of(oids::authority_key_identifier)), hex("0304"));
  EXPECT_EQ(read_crl_distribution_points(value_of(oids::crl_distribution_points))->at(1), "http://b.example/crl");
  const auto access = read_authority_information_access(value_of(oids::authority_information_access));
  EXPECT_EQ(access->ocsp.at(0), "http://o.example");
  EXPECT_EQ(access->ca_issuers.at(0), "http://c.example");
  EXPECT_EQ(find_extension(*read, oids::name_constraints), nullptr);
}

TEST(ExtensionsTest, MalformedListsAreRefused) {
  der::Writer many;
  many.sequence([&] {
    for (int i = 0; i < 65; ++i) many.raw(hex("3007 0603 2a0304")).raw({});
  });
  der::Writer distinct;
  distinct.sequence([&] {
    for (std::uint8_t i = 0; i < 65; ++i)
      distinct.sequence([&] { distinct.primitive(der::tag::oid, Bytes{0x2a, i}).octet_string({}); });
  });
  const struct {
    const char* name;
    Bytes encoded;
    const char* error;
  } rows[] = {
      {"not a sequence", hex("3100"), "extensions: expected tag 0x30, found 0x31"},
      {"member is no sequence", hex("30020500"), "extension: expected tag 0x30, found 0x05"},
      {"no value", hex("3006 3004 06022a03"), "extension: missing"},
      {"value is no octet string", hex("3008 3006 06022a03 0500"), "extension: expected tag 0x04, found 0x05"},
      {"criticality is one", hex("300b 3009 06022a03 010101 0400"), "extension: a boolean that is neither 0 nor 0xff"},
      {"data behind the value", hex("300a 3008 06022a03 0400 0500"), "unexpected data after extension"},
      {"the same one twice", hex("3010 3006 06022a03 0400 3006 06022a03 0400"), "extension 1.2.3 twice"},
      {"65 of them", distinct.take(), "extensions: more than 64"},
  };
  for (const auto& row : rows) EXPECT_EQ(error_of(read_extensions(row.encoded)), row.error) << row.name;
  // Not DER, and harmless.
  EXPECT_FALSE(read_extensions(hex("300b 3009 06022a03 010100 0400"))->at(0).critical);
  EXPECT_TRUE(read_extensions(hex("3000"))->empty());
}

TEST(ExtensionsTest, MalformedValuesAreRefused) {
  const auto nothing = [](auto) { return std::string(); };
  (void)nothing;
  const auto key_usage = [](ByteView v) { return error_of(read_key_usage(v)); };
  const auto constraints = [](ByteView v) { return error_of(read_basic_constraints(v)); };
  const auto purposes = [](ByteView v) { return error_of(read_extended_key_usage(v)); };
  const auto subject_key = [](ByteView v) { return error_of(read_subject_key_identifier(v)); };
  const auto authority_key = [](ByteView v) { return error_of(read_authority_key_identifier(v)); };
  const auto points = [](ByteView v) { return error_of(read_crl_distribution_points(v)); };
  const auto access = [](ByteView v) { return error_of(read_authority_information_access(v)); };
  const struct {
    std::string (*read)(ByteView);
    const char* value;
    const char* error;
  } rows[] = {
      {key_usage, "0300", "keyUsage: not a bit string"},
      {key_usage, "030101", "keyUsage: not a bit string"},
      {key_usage, "03020880", "keyUsage: not a bit string"},
      {key_usage, "040180", "keyUsage: expected tag 0x03, found 0x04"},
      {key_usage, "030207800500", "unexpected data after keyUsage"},
      {constraints, "0500", "basicConstraints: expected tag 0x30, found 0x05"},
      {constraints, "3003010101", "basicConstraints: a boolean that is neither 0 nor 0xff"},
      {constraints, "30030201ff", "basicConstraints: an integer out of range"},
      {constraints, "30020500", "unexpected data after basicConstraints"},
      {purposes, "3000", "extKeyUsage: no purpose"},
      {purposes, "30020500", "extKeyUsage: expected tag 0x06, found 0x05"},
      {subject_key, "0102", "subjectKeyIdentifier: expected tag 0x04, found 0x01"},
      {authority_key, "30020500", "unexpected data after authorityKeyIdentifier"},
      {points, "30020500", "distribution point: expected tag 0x30, found 0x05"},
      {points, "30043002 0500", "cRLDistributionPoints: unexpected data after distribution point"},
      {points, "30083006a004a0028600", ""},
      {points, "30073005a003a00186", "cRLDistributionPoints: the encoding ends inside an element"},
      {access, "30023000", "access method: missing"},
      {access, "3006300406022a03", "the encoding ends inside an element"},
      {access, "3008300606022a038900", "authorityInfoAccess: a general name with tag 0x89"},
  };
  for (const auto& row : rows) EXPECT_EQ(row.read(hex(row.value)), row.error) << row.value;
}

TEST(ExtensionsTest, KeyUsageHasNoTrailingZeros) {
  const struct {
    KeyUsage usage;
    const char* value;
  } rows[] = {
      {{}, "030100"},
      {{.digital_signature = true}, "03020780"},
      {{.digital_signature = true, .key_encipherment = true}, "030205a0"},
      {{.key_cert_sign = true, .crl_sign = true}, "03020106"},
      {{.encipher_only = true}, "03020001"},
      {{.key_agreement = true, .decipher_only = true}, "0303070880"},
  };
  for (const auto& row : rows) {
    const Extension extension = make_key_usage(row.usage);
    EXPECT_EQ(to_hex(extension.value), row.value);
    EXPECT_TRUE(extension.critical);
    EXPECT_EQ(*read_key_usage(extension.value), row.usage);
  }
  // Zero bits at the end, and bits that nobody has defined.
  EXPECT_TRUE(read_key_usage(hex("03020080"))->digital_signature);
  EXPECT_TRUE(read_key_usage(hex("030500800000ff"))->digital_signature);
}

TEST(ExtensionsTest, PurposesHaveNames) {
  for (const char* name : {"serverAuth", "clientAuth", "ipsecIKE", "sipDomain", "1.2.3.4"})
    EXPECT_EQ(extended_key_usage_text(*extended_key_usage_from_text(name)), name);
  EXPECT_EQ(*extended_key_usage_from_text("1.3.6.1.5.5.7.3.2"), oids::client_auth);
  EXPECT_EQ(error_of(extended_key_usage_from_text("serverauth")),
            "'serverauth' is not an extended key usage: expected serverAuth, clientAuth, … or dotted numbers");
}

TEST(ExtensionsTest, OtherFormsOfPointersArePassedOver) {
  // An LDAP server's name relative to the issuer, reasons, cRLIssuer, and a directory name instead of a URI.
  const auto uris = read_crl_distribution_points(
      hex("3025 3005 a003 a101 00 3008 8102 0780 a202 8200 3012 a010 a00e a402 3000 8608 687474703a2f2f61"));
  ASSERT_TRUE(uris) << uris.error().text();
  EXPECT_EQ(*uris, std::vector<std::string>{"http://a"});
  // Issuer and serial number beside or instead of the key identifier.
  EXPECT_EQ(*read_authority_key_identifier(hex("300b 800101 a1028200 820205 06")), hex("01"));
  EXPECT_TRUE(read_authority_key_identifier(hex("3007 a1028200 820105"))->empty());
}

}  // namespace
}  // namespace chancery::pki
