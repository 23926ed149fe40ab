#include "scep/capabilities.h"

#include <gtest/gtest.h>

namespace chancery::scep {
namespace {

constexpr Capabilities everything{.aes = true,
                                  .des3 = true,
                                  .get_next_ca_cert = true,
                                  .post = true,
                                  .renewal = true,
                                  .sha1 = true,
                                  .sha256 = true,
                                  .sha384 = true,
                                  .sha512 = true,
                                  .scep_standard = true};

// Checklist 12 and 13: LF-separated, in the RFC's case.
TEST(Capabilities, are_told_one_a_line_in_the_case_of_the_rfc) {
  EXPECT_EQ(to_text(everything),
            "AES\nDES3\nGetNextCACert\nPOSTPKIOperation\nRenewal\nSHA-1\nSHA-256\nSHA-384\nSHA-512\nSCEPStandard\n");
}

TEST(Capabilities, without_any_are_an_empty_text) { EXPECT_EQ(to_text({}), ""); }

// Checklist 16.
TEST(Capabilities, scep_standard_is_told_together_with_what_it_implies) {
  EXPECT_EQ(to_text({.scep_standard = true}), "AES\nPOSTPKIOperation\nSHA-256\nSCEPStandard\n");
  const Capabilities read = parse_capabilities("SCEPStandard\n");
  EXPECT_TRUE(read.aes && read.post && read.sha256);
  EXPECT_FALSE(read.renewal || read.des3 || read.sha1 || read.sha512 || read.get_next_ca_cert);
}

// Checklist 17: a server says these only when it means them, so they are never implied.
TEST(Capabilities, renewal_and_next_ca_are_told_only_when_set) {
  EXPECT_EQ(to_text({.renewal = true}), "Renewal\n");
  EXPECT_EQ(to_text({.get_next_ca_cert = true}), "GetNextCACert\n");
}

// strongSwan 5.9.8 refuses AES without it.
TEST(Capabilities, have_the_sha_384_keyword_when_it_is_set) {
  EXPECT_NE(to_text({.aes = true, .sha384 = true}).find("SHA-384\n"), std::string::npos);
  EXPECT_EQ(to_text({.aes = true}).find("SHA-384"), std::string::npos);
}

// Checklist 12, 13 and 14, at the client.
TEST(Capabilities, are_read_in_every_form_in_which_servers_send_them) {
  const struct {
    const char* name;
    std::string_view text;
  } rows[] = {
      {"LF", "AES\nSHA-512\n"},
      {"CRLF", "AES\r\nSHA-512\r\n"},
      {"CR", "AES\rSHA-512"},
      {"no line end at the end", "AES\nSHA-512"},
      {"another case", "aes\nsha-512\n"},
      {"white space around", "  AES \n\tSHA-512\t\n"},
      {"empty lines", "\n\nAES\n\n\nSHA-512\n"},
      {"unknown keywords", "AES\nTELEPATHY\nAES256\nXSHA-256\nSHA-512\nSHA-25\n"},
      {"repeated", "AES\nAES\nSHA-512\nSHA-512\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(to_text(parse_capabilities(row.text)), "AES\nSHA-512\n");
  }
}

TEST(Capabilities, from_anything_at_all_can_be_read) {
  EXPECT_EQ(to_text(parse_capabilities("")), "");
  EXPECT_EQ(to_text(parse_capabilities("<html><body>404 Not Found</body></html>")), "");
  EXPECT_EQ(to_text(parse_capabilities(std::string_view("AES\0\nAES ES\n", 11))), "");
  // Beyond the first 64 KiB nothing is looked at.
  EXPECT_EQ(to_text(parse_capabilities(std::string(65536, '\n') + "AES\n")), "");
  EXPECT_EQ(to_text(parse_capabilities(std::string(65532, '\n') + "AES\n")), "AES\n");
}

TEST(Capabilities, read_again_are_the_same) {
  EXPECT_EQ(to_text(parse_capabilities(to_text(everything))), to_text(everything));
}

// Checklist 15 and RFC 8894 section 3.5.2: nothing listed means 3DES and SHA-1 at worst, never DES or MD5.
TEST(Capabilities, decide_what_a_client_uses) {
  using pki::Cipher;
  using pki::Digest;
  const struct {
    const char* text;
    Cipher cipher;
    Digest digest;
    bool weak;
  } rows[] = {
      {"SCEPStandard\n", Cipher::aes128, Digest::sha256, false},
      {"AES\nSHA-256\nSHA-512\n", Cipher::aes128, Digest::sha256, false},
      {"AES\nSHA-512\n", Cipher::aes128, Digest::sha512, false},
      {"AES\nSHA-384\nSHA-1\n", Cipher::aes128, Digest::sha384, false},
      {"AES\nSHA-1\n", Cipher::aes128, Digest::sha1, true},
      {"DES3\nSHA-256\n", Cipher::des3, Digest::sha256, true},
      {"DES3\nSHA-1\n", Cipher::des3, Digest::sha1, true},
      {"MD5\nDES\n", Cipher::des3, Digest::sha1, true},
      {"", Cipher::des3, Digest::sha1, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const ChosenAlgorithms chosen = choose_algorithms(parse_capabilities(row.text));
    EXPECT_EQ(chosen.cipher, row.cipher);
    EXPECT_EQ(chosen.digest, row.digest);
    EXPECT_EQ(chosen.weak, row.weak);
  }
}

}  // namespace
}  // namespace chancery::scep
