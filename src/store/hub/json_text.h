#pragma once

// Lists of texts as JSON in one column: always written the same way, so that a hash can cover them.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace chancery::store {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// Appends `text` in quotes. Only the quote, the backslash and characters below U+0020 are escaped.
void append_json(std::string& out, std::string_view text);
// ["a","b"]
[[nodiscard]] std::string to_json(const std::vector<std::string>& texts);
// [["a","b"],["c","d"]]: pairs, because their order and repeated names count.
[[nodiscard]] std::string to_json(const TextPairs& pairs);

// What the two above wrote, and any JSON of the same shape. Anything else is ErrorCode::internal: the database was
// changed by someone else.
Result<std::vector<std::string>> texts_from_json(std::string_view json);
Result<TextPairs> pairs_from_json(std::string_view json);

}  // namespace chancery::store
