#include "config/option.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace chancery::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

enum class Colour { red, light_blue };

struct HttpOptions {
  std::string listen = "127.0.0.1:8080";
  std::uint16_t port = 80;
  Seconds timeout{30};
  friend bool operator==(const HttpOptions&, const HttpOptions&) = default;
};

struct Options {
  std::string name = "office";
  bool verbose = false;
  std::int64_t bits = 2048;
  Colour colour = Colour::red;
  std::vector<std::string> hosts = {"a", "b"};
  std::string passphrase_file;
  HttpOptions http;
  Seconds validity = std::chrono::days(365);
  friend bool operator==(const Options&, const Options&) = default;
};

OptionSet<Options> options() {
  OptionSet<Options> set;
  set.add("name", &Options::name, {.help = "What it is called"});
  set.add("verbose", &Options::verbose, {.help = "Say more"});
  set.add("colour", &Options::colour,
          {.help = "Of the page", .names = {{"red", Colour::red}, {"light-blue", Colour::light_blue}}});
  set.add("http.listen", [](Options& o) -> std::string& { return o.http.listen; },
          {.help = "Address and port to listen on", .required = true});
  set.add("http.port", [](Options& o) -> std::uint16_t& { return o.http.port; },
          {.help = "Another port", .min = 1, .max = 65535});
  set.add("http.timeout", [](Options& o) -> Seconds& { return o.http.timeout; },
          {.help = "Time a request may take", .min = Seconds(1), .max = Seconds(3600)});
  set.add("ca.bits", &Options::bits, {.help = "Size of the key", .unit = "bits", .min = 2048, .max = 4096});
  set.add("ca.validity", [](Options& o) -> Seconds& { return o.validity; },
          {.help = "How long a certificate lives", .min = Seconds(60)});
  set.add("ca.hosts", &Options::hosts, {.help = "Who may ask", .required = true, .check = [](const std::string& host) {
                                          return host == "evil" ? Status(invalid("'evil' is not a host")) : Status();
                                        }});
  set.add("ca.passphrase_file", &Options::passphrase_file,
          {.help = "File with the passphrase", .kind = TextKind::secret_path});
  return set;
}

TEST(OptionSet, ReadsValuesOfEachType) {
  const Options read = options()
                           .from_toml(
                               "name = 'x'\nverbose = true\ncolour = 'light-blue'\n[http]\nlisten = '[::1]:1'\n"
                               "port = 65535\ntimeout = '5m'\n[ca]\nbits = 4096\nvalidity = '2w'\n"
                               "hosts = ['c', 'd,e']\npassphrase_file = '/run/p'\n",
                               "f")
                           .value();
  const Options expected{.name = "x",
                         .verbose = true,
                         .bits = 4096,
                         .colour = Colour::light_blue,
                         .hosts = {"c", "d,e"},
                         .passphrase_file = "/run/p",
                         .http = {.listen = "[::1]:1", .port = 65535, .timeout = Seconds(300)},
                         .validity = std::chrono::days(14)};
  EXPECT_EQ(read, expected);
}

TEST(OptionSet, AnEmptyFileIsTheDefaults) { EXPECT_EQ(options().from_toml("", "f").value(), Options()); }

TEST(OptionSet, SaysWhatIsWrongInAFile) {
  const struct {
    const char* toml;
    const char* expect;
  } rows[] = {
      {"nmae = 'x'", "f:1: unknown key 'nmae': did you mean 'name'?"},
      {"\n\n[http]\nlisen = 'x'", "f:4: unknown key 'http.lisen': did you mean 'http.listen'?"},
      {"listen = 'x'", "f:1: unknown key 'listen': did you mean 'http.listen'?"},
      {"zebra = 'x'", "f:1: unknown key 'zebra'"},
      {"[htpp]", "f:1: unknown key 'htpp'"},
      {"http = 1", "f:1: http: expected a table of options, as in [http]"},
      {"[[http]]\nport = 1", "f:1: http: expected a table of options, as in [http]"},
      {"name = 1", "f:1: name: expected a text, found the number 1"},
      {"name = \"a\\u0000b\"", "f:1: name: expected a text, found a text with a zero byte"},
      {"name.x = 1", "f:1: unknown key 'name.x': did you mean 'name'?"},
      {"verbose = 'yes'", "f:1: verbose: expected true or false, found the text 'yes'"},
      {"verbose = 1.5", "f:1: verbose: expected true or false, found a number with a fraction"},
      {"colour = 'blue'", "f:1: colour: expected one of 'red', 'light-blue', found 'blue'"},
      {"colour = false", "f:1: colour: expected one of 'red', 'light-blue', found false"},
      {"http.listen = ''", "f:1: http.listen: expected a text that is not empty, found nothing"},
      {"http.port = 0", "f:1: http.port: expected an integer from 1 to 65535, found 0"},
      {"http.port = 65536", "f:1: http.port: expected an integer from 1 to 65535, found 65536"},
      {"http.port = '80'", "f:1: http.port: expected an integer from 1 to 65535, found the text '80'"},
      {"http.timeout = 30", "f:1: http.timeout: expected a duration from 1s to 1h, found the number 30"},
      {"http.timeout = '2h'", "f:1: http.timeout: expected a duration from 1s to 1h, found 2h"},
      {"http.timeout = 'soon'", "f:1: http.timeout: expected a duration from 1s to 1h, found 'soon'"},
      {"ca.validity = '59s'", "f:1: ca.validity: expected a duration of at least 1m, found 59s"},
      {"ca.bits = 1024", "f:1: ca.bits: expected an integer from 2048 to 4096 (bits), found 1024"},
      {"ca.hosts = []", "f:1: ca.hosts: expected a list of at least one text, found nothing"},
      {"ca.hosts = ['']", "f:1: ca.hosts: expected a list of at least one text, found an empty item"},
      {"ca.hosts = 'a'", "f:1: ca.hosts: expected a list of at least one text, found the text 'a'"},
      {"ca.hosts = [1]",
       "f:1: ca.hosts: expected a list of at least one text, found a list of other things than texts"},
      {"ca.hosts = ['a', 'evil']", "f:1: ca.hosts: 'evil' is not a host"},
      {"ca.passphrase_file = []", "f:1: ca.passphrase_file: expected the path of a file with the secret, found a list"},
      {"verbose = 'a text that is long and\\n on two lines, more than anyone wants to see'",
       "f:1: verbose: expected true or false, found the text 'a text that is long and\\n on two lines, …'"},
      {"verbose = \"\\n\"", "f:1: verbose: expected true or false, found the text '?'"},
  };
  for (const auto& row : rows) {
    Options read;
    EXPECT_THAT(options().read_toml(read, row.toml, "f"), ElementsAre(row.expect)) << row.toml;
    EXPECT_EQ(read, Options()) << row.toml;
  }
}

TEST(OptionSet, TellsAllProblemsAtOnceAndKeepsTheRest) {
  Options read;
  EXPECT_THAT(options().read_toml(read, "name = 'x'\nverbose = 1\n[http]\nport = 0\nlisen = 'x'\n", "chancery.toml"),
              ElementsAre("chancery.toml:2: verbose: expected true or false, found the number 1",
                          "chancery.toml:4: http.port: expected an integer from 1 to 65535, found 0",
                          "chancery.toml:5: unknown key 'http.lisen': did you mean 'http.listen'?"));
  EXPECT_EQ(read.name, "x");
  const auto failed = options().from_toml("name = 1\nverbose = 1\n", "f");
  EXPECT_EQ(failed.error().code(), ErrorCode::invalid);
  EXPECT_EQ(failed.error().text(),
            "f:1: name: expected a text, found the number 1\nf:2: verbose: expected true or false, found the number 1");
}

TEST(OptionSet, SetsFromText) {
  const OptionSet<Options> set = options();
  Options read;
  EXPECT_TRUE(set.assign(read, "name=a=b"));
  EXPECT_EQ(read.name, "a=b");
  EXPECT_TRUE(set.assign(read, "name="));
  EXPECT_EQ(read.name, "");
  EXPECT_TRUE(set.assign(read, "http.timeout=90s"));
  EXPECT_EQ(read.http.timeout, Seconds(90));
  EXPECT_TRUE(set.assign(read, "ca.hosts=x, y\\,z ,\\ "));
  EXPECT_THAT(read.hosts, ElementsAre("x", "y,z", " "));
  EXPECT_TRUE(set.set(read, "colour", "light-blue"));
  EXPECT_EQ(read.colour, Colour::light_blue);
}

TEST(OptionSet, SaysWhatIsWrongInAnAssignment) {
  const struct {
    const char* assignment;
    const char* expect;
  } rows[] = {
      {"name", "expected key=value, found 'name'"},
      {"=x", "unknown key ''"},
      {"nam=x", "unknown key 'nam': did you mean 'name'?"},
      {"verbose=yes", "verbose: expected true or false, found 'yes'"},
      {"http.port=", "http.port: expected an integer from 1 to 65535, found ''"},
      {"http.port=80x", "http.port: expected an integer from 1 to 65535, found '80x'"},
      {"http.port=-1", "http.port: expected an integer from 1 to 65535, found -1"},
      {"http.port=99999999999999999999",
       "http.port: expected an integer from 1 to 65535, found '99999999999999999999'"},
      {"ca.hosts=", "ca.hosts: expected a list of at least one text, found nothing"},
      {"ca.hosts=a,,b", "ca.hosts: expected a list of at least one text, found an empty item"},
      {"ca.hosts=a,", "ca.hosts: expected a list of at least one text, found an empty item"},
      {"ca.hosts=evil", "ca.hosts: 'evil' is not a host"},
  };
  for (const auto& row : rows) {
    Options read;
    const Status status = options().assign(read, row.assignment);
    ASSERT_FALSE(status) << row.assignment;
    EXPECT_EQ(status.error().code(), ErrorCode::invalid) << row.assignment;
    EXPECT_EQ(status.error().text(), row.expect) << row.assignment;
    EXPECT_EQ(read, Options()) << row.assignment;
  }
}

TEST(OptionSet, SettingsGiveTheSameOptionsBack) {
  const OptionSet<Options> set = options();
  const Options there{.name = " a\\,b\n",
                      .verbose = true,
                      .bits = 3072,
                      .colour = Colour::light_blue,
                      .hosts = {" a ", "b,c", "\\", "d e"},
                      .passphrase_file = "x y",
                      .http = {.listen = "l", .port = 1, .timeout = Seconds(61)},
                      .validity = Seconds(86400 * 365 * 3)};
  EXPECT_EQ(set.from_settings(set.to_settings(there)).value(), there);
  EXPECT_EQ(set.from_toml(set.file(there), "f").value(), there);
  EXPECT_EQ(set.to_settings(Options())[3], (Setting{"http.listen", "127.0.0.1:8080"}));
}

TEST(OptionSet, ChecksOptionsThatWereNeverSet) {
  Options there;
  there.hosts.clear();
  there.bits = 1;
  EXPECT_THAT(options().check(there), ElementsAre("ca.bits: expected an integer from 2048 to 4096 (bits), found 1",
                                                  "ca.hosts: expected a list of at least one text, found nothing"));
  EXPECT_THAT(options().check(Options()), IsEmpty());
}

TEST(OptionSet, PrintsTheDefaultFile) {
  OptionSet<HttpOptions> set;
  set.add("tls.timeout", &HttpOptions::timeout, {.help = "Time a handshake may take"});
  set.add("listen", &HttpOptions::listen,
          {.help = "Address and port to listen on, which is a sentence that is too long for one line of a file that "
                   "people read",
           .required = true});
  const std::string expected =
      "# Address and port to listen on, which is a sentence that is too long for one line of a file that\n"
      "# people read\n"
      "# (a text that is not empty; required)\n"
      "#listen = \"127.0.0.1:8080\"\n\n"
      "[tls]\n\n"
      "# Time a handshake may take\n"
      "# (a duration such as 30s, 12h or 90d)\n"
      "#timeout = \"30s\"\n\n";
  EXPECT_EQ(set.default_file(), expected);
  EXPECT_EQ(set.from_toml(set.default_file(), "f").value(), HttpOptions());
  EXPECT_THAT(set.file({.listen = "x"}), ::testing::HasSubstr("\nlisten = \"x\"\n"));
}

TEST(OptionSet, TellsItsHelp) {
  const std::vector<OptionHelp> help = options().help();
  ASSERT_EQ(help.size(), 10u);
  EXPECT_EQ(help[4].key, "http.port");
  EXPECT_EQ(help[4].type, "an integer from 1 to 65535");
  EXPECT_EQ(help[4].default_value, "80");
  EXPECT_EQ(help[4].help, "Another port");
}

TEST(OptionSetDeathTest, RefusesKeysThatCannotBeTold) {
  OptionSet<HttpOptions> set;
  set.add("a.b", &HttpOptions::listen, {.help = "x"});
  EXPECT_DEATH(set.add("a.b", &HttpOptions::port, {.help = "x"}), "key");
  EXPECT_DEATH(set.add("a", &HttpOptions::port, {.help = "x"}), "is_in_table");
  EXPECT_DEATH(set.add("a.b.c", &HttpOptions::port, {.help = "x"}), "is_in_table");
  EXPECT_DEATH(set.add("A", &HttpOptions::port, {.help = "x"}), "is_key");
  EXPECT_DEATH(set.add("a..c", &HttpOptions::port, {.help = "x"}), "is_key");
}

}  // namespace
}  // namespace chancery::config
