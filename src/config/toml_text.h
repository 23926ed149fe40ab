#pragma once

// TOML text as a flat list of keys and values, whatever the input: never crashes, never throws, bounded in size and
// depth.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace chancery::config {

inline constexpr std::size_t most_toml_bytes = 1024 * 1024;
// Brackets inside brackets, and dots in a key.
inline constexpr std::size_t most_toml_depth = 16;

inline constexpr std::size_t most_toml_entries = 4096;

// A value that no option takes (a date, a list of numbers …); the text is what it is, for error texts: "a date".
struct OtherToml {
  std::string_view what;
};

using TomlValue = std::variant<bool, std::int64_t, std::string, std::vector<std::string>, OtherToml>;

struct TomlEntry {
  std::string key;  // with the tables it stands in: "http.listen"
  TomlValue value;
  std::size_t line;  // from 1
};

// A sentence about one place in a text.
struct TomlProblem {
  std::size_t line;  // from 1; 0 if it is about the whole
  std::string text;
};

// All entries, in the order they stand in; or the first problem of the syntax. An empty table is an entry, too: "a
// table". A key's part with other characters than letters, digits, - and _ keeps its quotes.
std::expected<std::vector<TomlEntry>, TomlProblem> read_toml(std::string_view text);

// `text` as a TOML string with quotes and escapes.
std::string quote_toml(std::string_view text);

}  // namespace chancery::config
