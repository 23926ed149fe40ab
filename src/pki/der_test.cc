#include "pki/der.h"

#include <gtest/gtest.h>

#include "pki/x509_testing.h"

namespace chancery::pki::der {
namespace {

using pki::testing::error_of;
using pki::testing::hex;
using pki::testing::time_of;

TEST(DerReaderTest, ReadsElementsInOrderAndTellsTheEnd) {
  const Bytes bytes = hex("0500 0403 010203 3003 020107");
  Reader reader(bytes);
  EXPECT_FALSE(reader.optional(tag::integer)->has_value());
  EXPECT_TRUE(reader.optional(tag::null)->has_value());
  EXPECT_TRUE(reader.skip_optional(tag::null));
  EXPECT_EQ(to_hex(*reader.octet_string("octets")), "010203");
  auto inner = reader.enter(tag::sequence, "sequence");
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->small_integer("number"), 7);
  EXPECT_TRUE(inner->end("number"));
  EXPECT_TRUE(reader.at_end());
  EXPECT_EQ(reader.peek(), 0);
  EXPECT_EQ(error_of(reader.any()), "the encoding ends inside an element");
}

TEST(DerReaderTest, RefusesWhatIsNoElement) {
  const struct {
    const char* name;
    const char* bytes;
    const char* der_error;
    const char* ber_error;
  } rows[] = {
      {"nothing", "", "the encoding ends inside an element", "the encoding ends inside an element"},
      {"no length", "04", "the encoding ends inside an element", "the encoding ends inside an element"},
      {"content missing", "040201", "the encoding ends inside an element", "the encoding ends inside an element"},
      {"length missing", "0482 01", "the encoding ends inside an element", "the encoding ends inside an element"},
      {"high tag number", "1f8101 00", "an element with a tag number above 30",
       "an element with a tag number above 30"},
      {"five length octets", "04850000000001 00", "an element of more than 4 GiB", "an element of more than 4 GiB"},
      {"long form of a short length", "048101 00", "a length that is not minimal, which DER does not allow", ""},
      {"leading zero in the length", "04820001 00", "a length that is not minimal, which DER does not allow", ""},
      {"indefinite length", "3080 0500 0000", "an indefinite length, which DER does not allow", ""},
      {"indefinite primitive", "0480 0000", "an indefinite length, which DER does not allow",
       "an indefinite length on a primitive element"},
      {"indefinite without end", "3080 0500", "an indefinite length, which DER does not allow",
       "the encoding ends inside an element"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Bytes bytes = hex(row.bytes);
    EXPECT_EQ(error_of(Reader(bytes, Rules::der).any()), row.der_error);
    EXPECT_EQ(error_of(Reader(bytes, Rules::ber).any()), row.ber_error);
  }
}

TEST(DerReaderTest, AnIndefiniteLengthEndsAtItsOwnEnd) {
  const Bytes bytes = hex("3080 3080 0500 0000 020101 0000 0101ff");
  Reader reader(bytes, Rules::ber);
  const auto element = reader.any();
  ASSERT_TRUE(element);
  EXPECT_EQ(to_hex(element->content), "308005000000020101");
  EXPECT_EQ(to_hex(reader.rest()), "0101ff");
}

TEST(DerReaderTest, NestingIsBounded) {
  Bytes deep;
  for (int i = 0; i < 100000; ++i) append(deep, hex("3080"));
  EXPECT_EQ(error_of(Reader(deep, Rules::ber).any()), "elements nested too deeply");
  Bytes level = hex("0500");
  for (int i = 0; i < max_depth + 2; ++i) {
    Writer out;
    out.sequence([&] { out.raw(level); });
    level = out.take();
  }
  Reader reader(level);
  std::string error;
  while (error.empty()) {
    auto inner = reader.enter(tag::sequence, "level");
    if (inner) reader = *inner;
    error = error_of(inner);
  }
  EXPECT_EQ(error, "level: elements nested too deeply");
}

TEST(DerReaderTest, NamesWhatIsMissingOrOfAnotherKind) {
  const Bytes bytes = hex("0500");
  EXPECT_EQ(error_of(Reader(bytes).expect(tag::integer, "serial")), "serial: expected tag 0x02, found 0x05");
  EXPECT_EQ(error_of(Reader({}).expect(tag::integer, "serial")), "serial: missing");
  EXPECT_EQ(error_of(only_element(hex("050000"), tag::null, "nothing")), "unexpected data after nothing");
}

TEST(DerReaderTest, IntegersAreMinimalAndInRange) {
  const struct {
    const char* bytes;
    int value;
    const char* error;
  } rows[] = {
      {"020100", 0, ""},
      {"02017f", 127, ""},
      {"02020080", 128, ""},
      {"02047fffffff", 0x7fffffff, ""},
      {"02050080000000", 0, "n: an integer out of range"},
      {"0201ff", 0, "n: an integer out of range"},
      {"0200", 0, "n: an integer of an unsupported size"},
      {"0206010000000000", 0, "n: an integer of an unsupported size"},
      {"0202007f", 0, "n: an integer that is not minimal"},
      {"0202ff80", 0, "n: an integer that is not minimal"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.bytes);
    const Bytes bytes = hex(row.bytes);
    const auto value = Reader(bytes).small_integer("n");
    EXPECT_EQ(error_of(value), row.error);
    if (value) {
      EXPECT_EQ(*value, row.value);
    }
  }
  const Bytes padded = hex("0202007f");
  EXPECT_EQ(Reader(padded, Rules::ber).small_integer("n"), 127);
}

TEST(DerReaderTest, BooleansAndBitStringsFollowDer) {
  EXPECT_EQ(Reader(hex("0101ff")).boolean("b"), true);
  EXPECT_EQ(error_of(Reader(hex("010101")).boolean("b")), "b: a boolean that is neither 0 nor 0xff");
  EXPECT_EQ(error_of(Reader(hex("0100")).boolean("b")), "b: a boolean of a wrong size");
  const Bytes loose = hex("010101");
  EXPECT_EQ(Reader(loose, Rules::ber).boolean("b"), true);
  EXPECT_EQ(error_of(Reader(hex("0300")).bit_string("s")), "s: a bit string with unused bits");
  EXPECT_EQ(error_of(Reader(hex("03020780")).bit_string("s")), "s: a bit string with unused bits");
}

TEST(DerReaderTest, TimesAreInSecondsAndUtc) {
  const struct {
    std::uint8_t tag;
    const char* text;
    const char* expect;  // RFC 3339, or an error
  } rows[] = {
      {tag::utc_time, "500101000000Z", "1950-01-01T00:00:00Z"},
      {tag::utc_time, "491231235959Z", "2049-12-31T23:59:59Z"},
      {tag::generalized_time, "20500101000000Z", "2050-01-01T00:00:00Z"},
      {tag::generalized_time, "99991231235959Z", "9999-12-31T23:59:59Z"},
      {tag::generalized_time, "20240229000000Z", "2024-02-29T00:00:00Z"},
      {tag::generalized_time, "20230229000000Z", "t: no such date or time of day"},
      {tag::utc_time, "231301000000Z", "t: no such date or time of day"},
      {tag::utc_time, "230101240000Z", "t: no such date or time of day"},
      {tag::utc_time, "230101006000Z", "t: no such date or time of day"},
      {tag::utc_time, "230101000060Z", "t: no such date or time of day"},
      {tag::utc_time, "2301010000Z", "t: not a time with seconds and Z"},
      {tag::utc_time, "230101000000+0100", "t: not a time with seconds and Z"},
      {tag::utc_time, "23010100000 Z", "t: not a time with seconds and Z"},
      {tag::generalized_time, "20230101000000.5Z", "t: not a time with seconds and Z"},
      {tag::generalized_time, "230101000000Z", "t: not a time with seconds and Z"},
      {tag::ia5_string, "230101000000Z", "t: expected tag 0x18, found 0x16"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    Writer out;
    out.text(row.tag, row.text);
    const auto time = Reader(out.view()).time("t");
    EXPECT_EQ(time ? to_rfc3339(*time) : time.error().text(), row.expect);
  }
}

TEST(DerReaderTest, StringsInPiecesAreJoinedUnderBerOnly) {
  const Bytes pieces = hex("2480 0402 0102 2403 040103 0000");
  const auto element = Reader(pieces, Rules::ber).any();
  ASSERT_TRUE(element);
  EXPECT_EQ(to_hex(*string_content(*element, tag::octet_string, Rules::ber)), "010203");
  EXPECT_EQ(error_of(string_content(*element, tag::octet_string, Rules::der)),
            "expected a string with tag 0x04, found 0x24");
  const Bytes odd = hex("2403 020101");
  EXPECT_EQ(error_of(string_content(*Reader(odd, Rules::ber).any(), tag::octet_string, Rules::ber)),
            "a constructed string that holds something else than strings");
}

TEST(DerWriterTest, WritesMinimalLengths) {
  for (const std::size_t size : {0, 1, 127, 128, 255, 256, 65535, 65536}) {
    Writer out;
    out.sequence([&] { out.octet_string(Bytes(size, 0xab)); });
    const auto outer = only_element(out.view(), tag::sequence, "outer");
    ASSERT_TRUE(outer) << size;
    const auto inner = only_element(outer->content, tag::octet_string, "inner");
    ASSERT_TRUE(inner) << size;
    EXPECT_EQ(inner->content.size(), size);
  }
}

TEST(DerWriterTest, SortsTheMembersOfASet) {
  Writer out;
  out.set_of([&] { out.small_integer(300).null().small_integer(2).small_integer(1); });
  EXPECT_EQ(to_hex(out.view()), "310c0201010201020202012c0500");
}

TEST(DerWriterTest, IntegersGetASignOctetOnlyWhereNeeded) {
  Writer out;
  out.unsigned_integer({}).unsigned_integer(hex("0000")).unsigned_integer(hex("0080")).unsigned_integer(hex("7f"));
  EXPECT_EQ(to_hex(out.view()),
            "020100"
            "020100"
            "02020080"
            "02017f");
}

TEST(DerWriterTest, TheYear2050TurnsUtcTimeIntoGeneralizedTime) {
  Writer out;
  out.time(time_of("2049-12-31T23:59:59Z")).time(time_of("2050-01-01T00:00:00Z")).time(time_of("1949-12-31T00:00:00Z"));
  EXPECT_EQ(as_text(out.view()),
            "\x17\x0d"
            "491231235959Z"
            "\x18\x0f"
            "20500101000000Z"
            "\x18\x0f"
            "19491231000000Z");
}

}  // namespace
}  // namespace chancery::pki::der
