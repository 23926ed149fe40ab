#include "config/toml_text.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chancery::config {
namespace {

// "key@line=value", one a line.
std::string told(std::string_view toml) {
  const auto entries = read_toml(toml);
  if (!entries) return fmt::format("{}: {}", entries.error().line, entries.error().text);
  std::string text;
  for (const TomlEntry& entry : *entries) {
    text += fmt::format("{}@{}=", entry.key, entry.line);
    if (const auto* flag = std::get_if<bool>(&entry.value)) text += *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&entry.value)) text += std::to_string(*number);
    if (const auto* string = std::get_if<std::string>(&entry.value)) text += "'" + *string + "'";
    if (const auto* list = std::get_if<std::vector<std::string>>(&entry.value))
      text += fmt::format("[{}]", fmt::join(*list, "|"));
    if (const auto* other = std::get_if<OtherToml>(&entry.value)) text += other->what;
    text += "\n";
  }
  return text;
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(TomlText, IsAFlatListInTheOrderOfTheFile) {
  EXPECT_EQ(
      told("name = 'x' # a comment\n\n[http]\nport = 8080\nnames = [\"a\", 'b']\n[http.tls]\non = true\nempty = []\n"),
      "name@1='x'\nhttp.port@4=8080\nhttp.names@5=[a|b]\nhttp.tls.on@7=true\nhttp.tls.empty@8=[]\n");
  EXPECT_EQ(told("a.b = {c = 1, d = \"\"}\r\n"), "a.b.c@1=1\na.b.d@1=''\n");
  EXPECT_EQ(told(""), "");
  EXPECT_EQ(told("\xef\xbb\xbfname = 1"), "name@1=1\n");
}

TEST(TomlText, NamesValuesThatNoOptionTakes) {
  EXPECT_EQ(told("a = 1.5\nb = 2026-01-01\nc = [1, 2]\nd = {}\n[[e]]\nf = 1\n[g]\n"),
            "a@1=a number with a fraction\nb@2=a date\nc@3=a list of other things than texts\nd@4=a table\n"
            "e@5=a list of other things than texts\ng@7=a table\n");
}

TEST(TomlText, KeepsTheQuotesOfKeysThatNeedThem) { EXPECT_EQ(told("\"a.b\".c = 1"), "\"a.b\".c@1=1\n"); }

TEST(TomlText, RefusesWhatIsNotToml) {
  const struct {
    const char* name;
    std::string toml;
    std::size_t line;
    const char* expect;
  } rows[] = {
      {"too large", std::string(most_toml_bytes + 1, '\n'), 0, "larger than 1 MiB"},
      {"control character", std::string("a = 1\nb\0 = 1", 12), 2, "a control character"},
      {"control character in a string", "a = '\x01'", 1, "a control character"},
      {"Latin-1", "a = '\xe4'", 1, "the text is not UTF-8"},
      {"overlong UTF-8", "a = '\xc0\x80'", 1, "the text is not UTF-8"},
      {"half a surrogate", "a = '\xed\xa0\x80'", 1, "the text is not UTF-8"},
      {"deep lists", "\na = " + repeated("[", 17) + repeated("]", 17), 2, "nested more than 16 deep"},
      {"endless lists", "a = " + repeated("[", 500000), 1, "nested more than 16 deep"},
      {"endless tables", "a = " + repeated("{a=", 300000), 1, "nested more than 16 deep"},
      {"endless dots", repeated("a.", 300000) + "a = 1", 1, "nested more than 16 deep"},
      {"endless quoted dots", repeated("'a' . ", 150000) + "a = 1", 1, "nested more than 16 deep"},
      {"endless lists behind strings", "a = \"\"\"\\\"\"\"\"\"\nb = '''''''\nc = '\\'\nd = " + repeated("[", 500000), 4,
       "nested more than 16 deep"},
  };
  for (const auto& row : rows) {
    const auto entries = read_toml(row.toml);
    ASSERT_FALSE(entries) << row.name;
    EXPECT_EQ(entries.error().line, row.line) << row.name;
    EXPECT_EQ(entries.error().text, row.expect) << row.name;
  }
}

TEST(TomlText, TellsTheLineOfASyntaxError) {
  const char* rows[] = {"a = 1\nb =\n",   "a = 1\nb = 'x\n", "a = 1\n= 2\n",
                        "a = 1\na = 2\n", "a = 1\n[b\n",     "a = 1\nb = 1 2\n"};
  for (const char* toml : rows) {
    const auto entries = read_toml(toml);
    ASSERT_FALSE(entries) << toml;
    EXPECT_EQ(entries.error().line, 2u) << toml << entries.error().text;
    EXPECT_THAT(entries.error().text, ::testing::Not(::testing::HasSubstr("toml::")));
    EXPECT_THAT(entries.error().text, ::testing::Not(::testing::HasSubstr("\n")));
  }
}

TEST(TomlText, CountsBracketsInStringsAndCommentsForNothing) {
  const std::string many = repeated("[", 100) + repeated("{.", 100);
  EXPECT_EQ(told("a = '" + many + "' # " + many + "\nb = '''\n" + many + "'''"),
            "a@1='" + many + "'\nb@2='" + many + "'\n");
}

TEST(TomlText, BoundsTheNumberOfValues) {
  std::string toml;
  for (std::size_t i = 0; i <= most_toml_entries; ++i) toml += fmt::format("a{} = 1\n", i);
  EXPECT_EQ(told(toml), "0: more than 4096 values");
}

TEST(TomlText, NeverCrashesOnASpoiltFile) {
  const std::string good =
      "name = \"\"\"a\\\"\"\"\"\n[http]\nlisten = ['a', \"b\"] # c\ntls.on = {a = true, b = 1.5e3}\n[[x]]\ny = "
      "1979-05-27T07:32:00Z\n";
  ASSERT_TRUE(read_toml(good));
  for (std::size_t i = 0; i <= good.size(); ++i) {
    static_cast<void>(read_toml(good.substr(0, i)));
    for (const char c : {'"', '\'', '[', ']', '{', '}', '.', '=', '\n', '\\', '#', ',', '\0', '\xff', '0', '_'}) {
      std::string spoilt = good;
      spoilt.insert(i, 1, c);
      static_cast<void>(read_toml(spoilt));
    }
  }
}

TEST(TomlText, QuotesWhatItReadsBack) {
  const std::string text = "a\"b\\c\n\t\x7f'\xc3\xa4";
  EXPECT_EQ(quote_toml(text), "\"a\\\"b\\\\c\\u000A\\u0009\\u007F'\xc3\xa4\"");
  EXPECT_EQ(told("a = " + quote_toml(text)), "a@1='" + text + "'\n");
}

}  // namespace
}  // namespace chancery::config
