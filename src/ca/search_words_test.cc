#include "ca/search_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chancery::ca {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SearchWords, AreTheWordsOfTheNamesWithoutTheirTypes) {
  EXPECT_THAT(search_words("CN=Printer-7,O=Acme \\+ Sons", {"dns:printer-7.example.com", "ip:10.0.0.7"}),
              ElementsAre("0", "10", "7", "acme", "com", "example", "printer", "sons"));
  EXPECT_THAT(search_words("", {}), IsEmpty());
  EXPECT_THAT(search_words("CN=Büro", {}), ElementsAre("büro"));
}

TEST(SearchWords, AreBounded) {
  std::string many;
  for (int i = 0; i < 500; ++i) many += std::to_string(i) + " ";
  EXPECT_EQ(search_words(many, {}).size(), 48u);
  EXPECT_EQ(search_words(std::string(200, 'a'), {}).at(0).size(), 64u);
  EXPECT_EQ(search_words(std::string(63, 'a') + "\xc3\xa4", {}).at(0).size(), 63u) << "no half of a character";
}

TEST(SearchWords, FindWhatBeginsSo) {
  const std::vector<std::string> words = search_words("CN=printer-4711,O=Acme", {"dns:printer-4711.berlin.example"});
  const Bytes fingerprint = {0xab, 0xcd, 0xef, 0x01};
  const struct {
    const char* text;
    bool found;
  } rows[] = {
      {"printer", true},     {"PRINT", true},      {"printer-4711", true},
      {"47 ber", true},      {"rinter", false},    {"printer 4712", false},
      {"acme", true},        {"cn=printer", true}, {"dns:printer", true},
      {"***", false},        {"", false},          {"4100ff", true},
      {"41:00:FF", true},    {"4100", false},      {"abcdef", true},
      {"AB:CD:EF:01", true}, {"abcdef02", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(matches(search_of(row.text), words, "4100ff12", fingerprint), row.found) << row.text;
}

}  // namespace
}  // namespace chancery::ca
