#pragma once

// What the hub says to people, by name, so that the pages can say it in another language. The hub writes English: into
// answers, the log, and records that outlive the program (what became of an order, why a request was refused). A
// sentence of the list below is known again by its text, wherever it was made and however long ago. Why so, and not by
// a code in each Error: docs/adr/0010-sentences-are-known-by-their-text.md.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/shape.h"

namespace chancery::api {

struct SentenceRule {
  std::string_view name;  // "user_unknown": what clients translate by, so it never changes
  std::string_view text;  // "there is no user '{user}'": as the hub writes it, with names for what it fills in
};

// In the order in which they are tried. What is filled in as `cause` is itself a sentence of the list.
[[nodiscard]] std::span<const SentenceRule> sentence_rules();
[[nodiscard]] std::vector<std::string_view> sentence_names();

// What `text` has where `pattern` has names in braces, in order; nothing when it is another text.
using NamedTexts = std::vector<std::pair<std::string_view, std::string_view>>;
[[nodiscard]] bool match(std::string_view pattern, std::string_view text, NamedTexts& values);

// {"text", "rule", "values", "cause"}; of a text that is none of ours, for example a device's own words, only "text".
[[nodiscard]] boost::json::object sentence_json(std::string_view text);
// One for each line, or for each of several that stand in a line behind "; ".
[[nodiscard]] boost::json::array sentences_json(std::string_view text);
// Puts the sentence into object[name], if `text` is one of ours.
void put_sentence(boost::json::object& object, std::string_view name, std::string_view text);
[[nodiscard]] const Shape& sentence_shape();
// The field that put_sentence() fills.
[[nodiscard]] Field sentence_field(std::string_view name, std::string_view help);

}  // namespace chancery::api
