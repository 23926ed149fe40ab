// A configuration file of any content, and settings as `key=value`: they read, or they fail with a sentence. What reads
// says the same again when it is written and read once more.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "config/option.h"

namespace {

using chancery::Seconds;
using chancery::config::OptionSet;

enum class Colour : std::uint8_t { red, green };

// One option of every kind.
struct Options {
  std::string text;
  std::string path;
  bool flag = false;
  std::int64_t number = 5;
  Seconds duration{60};
  Colour colour = Colour::red;
  std::vector<std::string> list;
};

const OptionSet<Options>& options() {
  static const OptionSet<Options> set = [] {
    OptionSet<Options> made;
    made.add("text", &Options::text, {.help = "A text"});
    made.add("files.path", &Options::path, {.help = "A path", .kind = chancery::config::TextKind::path});
    made.add("flag", &Options::flag, {.help = "A flag"});
    made.add("numbers.number", &Options::number, {.help = "A number", .min = 1, .max = 1000});
    made.add("duration", &Options::duration, {.help = "A duration"});
    made.add("colour", &Options::colour,
             {.help = "A colour", .names = {{"red", Colour::red}, {"green", Colour::green}}});
    made.add("list", &Options::list, {.help = "A list"});
    return made;
  }();
  return set;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = options().from_toml(text, "fuzz.toml");
  if (read) {
    const auto again = options().from_toml(options().file(*read), "again.toml");
    CHECK(again.has_value());
    CHECK(options().to_settings(*again) == options().to_settings(*read));
  } else {
    CHECK(!read.error().text().empty());
  }
  Options assigned;
  if (options().assign(assigned, text)) {
    const auto again = options().from_settings(options().to_settings(assigned));
    CHECK(again.has_value());
  }
  return 0;
}
