#include "cli/words.h"

#include <gtest/gtest.h>

namespace chancery::cli {
namespace {

TEST(Words, AMistypedOneIsTakenForTheNearestAndNotForAnyOther) {
  const std::vector<std::string> names = {"cert",     "challenge", "crl",      "ca",
                                          "endpoint", "request",   "printers", "phones"};
  const struct {
    const char* word;
    const char* expect;
  } rows[] = {
      {"cert", "cert"},
      {"certs", "cert"},
      {"cret", "cert"},
      {"challange", "challenge"},
      {"endpiont", "endpoint"},
      {"pritners", "printers"},
      {"phone", "phones"},
      {"reqeusts", "request"},
      {"xyz", ""},
      {"", ""},
      {"c", "ca"},
      {"printing-office", ""},
      {"cr", ""} /* ca, crl */,
      {"devices", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(closest(row.word, names), row.expect) << row.word;
  EXPECT_EQ(closest(std::string(10'000, 'a'), names), "");
}

TEST(Words, AreAskedBackOnlyWhenAnotherIsNear) {
  EXPECT_EQ(did_you_mean("pritners", {"printers"}), "; did you mean 'printers'?");
  EXPECT_EQ(did_you_mean("printers", {"printers"}), "");
  EXPECT_EQ(did_you_mean("guests", {"printers"}), "");
}

TEST(Words, AShellReadsThemBack) {
  EXPECT_EQ(shell_word("CN=printer-7,O=Example"), "CN=printer-7,O=Example");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Words, AChoiceIsOneOfItsWords) {
  const std::vector<std::string> states = {"issued", "revoked"};
  EXPECT_EQ(no_choice("revoked", states), "");
  EXPECT_EQ(no_choice("bogus", states), "expected one of issued, revoked, found bogus");
  EXPECT_EQ(no_choice("revokd", states), "expected one of issued, revoked, found revokd; did you mean 'revoked'?");
  EXPECT_EQ(no_choice("", states), "expected one of issued, revoked, found nothing");
}

TEST(Words, TextsAreQuotedForJson) {
  EXPECT_EQ(json_text("a 'b' \"c\" \\ é"), R"("a 'b' \"c\" \\ é")");
  EXPECT_EQ(json_text("one\ntwo\tthree\x01"), R"("one\ntwo\u0009three\u0001")");
}

}  // namespace
}  // namespace chancery::cli
