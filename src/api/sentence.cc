#include "api/sentence.h"

#include <algorithm>

#include "base/check.h"

namespace chancery::api {
namespace {

namespace json = boost::json;

// Nobody means a longer one to be read, and causes do not stand inside each other more often.
constexpr std::size_t most_sentence_bytes = 4096;
constexpr int most_depth = 4;

// What was being done, where the sentence behind it says enough.
constexpr std::string_view left_out[] = {"the root: ", "making the next generation: "};

// The name of a field, a setting or a rule of the linter: what stands before a colon, unless it is part of a sentence.
bool is_name(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

// "reading the ledger: …" is no field, and "name-too-long: CN has 70 characters" no attribute of that name.
bool fits(const SentenceRule& rule, const NamedTexts& values) {
  for (const auto& [name, value] : values)
    if (name == "name" && !is_name(value)) return false;
  return !rule.text.starts_with('{') || !values.front().second.contains(": ");
}

// Somebody else's words: a web hook's, or a device's.
bool is_quoted(std::string_view text) { return text.size() > 1 && text.starts_with('"') && text.ends_with('"'); }

json::object told(std::string_view text, int depth) {
  json::object sentence{{"text", text}};
  if (text.size() > most_sentence_bytes || depth == most_depth || is_quoted(text)) return sentence;
  for (const std::string_view doing : left_out)
    if (text.starts_with(doing)) text.remove_prefix(doing.size());
  NamedTexts values;
  for (const SentenceRule& rule : sentence_rules()) {
    if (!match(rule.text, text, values) || !fits(rule, values)) continue;
    json::object texts;
    json::object cause;
    for (const auto& [name, value] : values)
      if (name == "cause")
        cause = told(value, depth + 1);
      else
        texts[name] = value;
    // "subject: …" is worth a translation where the rest of it is.
    if (!cause.empty() && !cause.contains("rule")) continue;
    sentence["rule"] = rule.name;
    if (!texts.empty()) sentence["values"] = std::move(texts);
    if (!cause.empty()) sentence["cause"] = std::move(cause);
    return sentence;
  }
  return sentence;
}

std::string_view next_piece(std::string_view& text, std::string_view separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), end + separator.size()));
  return piece;
}

// Several sentences behind "; "; nothing when a semicolon is part of one, or one is not ours.
json::array parts_of(std::string_view line) {
  json::array parts;
  if (is_quoted(line)) return parts;
  while (!line.empty()) {
    parts.push_back(sentence_json(next_piece(line, "; ")));
    if (!parts.back().as_object().contains("rule")) return {};
  }
  return parts;
}

}  // namespace

std::vector<std::string_view> sentence_names() {
  std::vector<std::string_view> names;
  for (const SentenceRule& rule : sentence_rules()) names.push_back(rule.name);
  return names;
}

bool match(std::string_view pattern, std::string_view text, NamedTexts& values) {
  values.clear();
  while (true) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    if (!text.starts_with(pattern.substr(0, open))) return false;
    text.remove_prefix(open);
    pattern.remove_prefix(open);
    if (pattern.empty()) return text.empty();
    const std::size_t close = pattern.find('}');
    const std::string_view name = pattern.substr(1, close - 1);
    pattern.remove_prefix(close + 1);
    // Up to what follows the name; where nothing but that follows, up to its last place.
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const std::size_t end = next.size() == pattern.size()
                                ? (text.ends_with(next) ? text.size() - next.size() : std::string_view::npos)
                                : text.find(next);
    if (end == std::string_view::npos) return false;
    values.emplace_back(name, text.substr(0, end));
    text.remove_prefix(end);
  }
}

json::object sentence_json(std::string_view text) { return told(text, 0); }

json::array sentences_json(std::string_view text) {
  json::array sentences;
  while (!text.empty()) {
    const std::string_view line = next_piece(text, "\n");
    json::array parts = parts_of(line);
    if (parts.empty()) parts.push_back(sentence_json(line));
    for (json::value& part : parts) sentences.push_back(std::move(part));
  }
  return sentences;
}

void put_sentence(json::object& object, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  json::object sentence = sentence_json(text);
  if (sentence.contains("rule")) object[name] = std::move(sentence);
}

const Shape& sentence_shape() {
  static Shape shape{.name = "Sentence",
                     .fields = {{.name = "text", .help = "In English", .required = true},
                                {.name = "rule",
                                 .help = "What it says, by a name that does not change; missing where the words are "
                                         "others', for example a device's own",
                                 .choices = sentence_names()},
                                {.name = "values",
                                 .type = FieldType::text_map,
                                 .help = "What is filled in, by the names that x-texts has in braces"}}};
  // A cause is a sentence, too.
  static const bool is_whole = [] {
    shape.fields.push_back(
        {.name = "cause", .type = FieldType::object, .help = "What stands for {cause}", .shape = &shape});
    return true;
  }();
  CHECK(is_whole);
  return shape;
}

Field sentence_field(std::string_view name, std::string_view help) {
  return {.name = name, .type = FieldType::object, .help = help, .shape = &sentence_shape()};
}

}  // namespace chancery::api
