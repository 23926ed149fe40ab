#include "store/hub/json_text.h"

#include <boost/json.hpp>

namespace chancery::store {
namespace {

namespace json = boost::json;

// Bytes that are not UTF-8 go through as they are: what a peer sent must not make a record unreadable.
Result<json::value> parse(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return internal("the database holds malformed JSON: " + error.message());
  return value;
}

Result<std::vector<std::string>> texts_of(const json::value& value) {
  const json::array* array = value.if_array();
  if (array == nullptr) return internal("the database holds JSON that is not a list");
  std::vector<std::string> texts;
  texts.reserve(array->size());
  for (const json::value& element : *array) {
    const json::string* text = element.if_string();
    if (text == nullptr) return internal("the database holds a JSON list of something else than texts");
    texts.emplace_back(text->data(), text->size());
  }
  return texts;
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += character;
    } else if (byte < 0x20) {
      out.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    } else {
      out += character;
    }
  }
  out += '"';
}

std::string to_json(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    append_json(out, text);
  }
  out += ']';
  return out;
}

std::string to_json(const TextPairs& pairs) {
  std::string out = "[";
  for (const auto& [name, value] : pairs) {
    out += out.size() > 1 ? ",[" : "[";
    append_json(out, name);
    out += ',';
    append_json(out, value);
    out += ']';
  }
  out += ']';
  return out;
}

Result<std::vector<std::string>> texts_from_json(std::string_view text) {
  if (text == "[]") return std::vector<std::string>();
  TRY(const json::value value, parse(text));
  return texts_of(value);
}

Result<TextPairs> pairs_from_json(std::string_view text) {
  TextPairs pairs;
  if (text == "[]") return pairs;
  TRY(const json::value value, parse(text));
  const json::array* array = value.if_array();
  if (array == nullptr) return internal("the database holds JSON that is not a list");
  pairs.reserve(array->size());
  for (const json::value& element : *array) {
    TRY(std::vector<std::string> pair, texts_of(element));
    if (pair.size() != 2) return internal("the database holds a JSON list where pairs belong");
    pairs.emplace_back(std::move(pair[0]), std::move(pair[1]));
  }
  return pairs;
}

}  // namespace chancery::store
