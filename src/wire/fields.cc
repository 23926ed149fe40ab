#include "wire/fields.h"

#include <algorithm>
#include <boost/json/parse.hpp>

namespace chancery::wire {
namespace {

constexpr std::size_t most_json_depth = 8;

bool is_control(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte < 0x20 || byte == 0x7f;
}

// The length of the UTF-8 sequence that `text` begins with; 0 when it is none (RFC 3629 section 4).
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  // Overlong forms, surrogates, and what is beyond U+10FFFF.
  if ((lead == 0xe0 && at(1) < 0xa0) || (lead == 0xed && at(1) > 0x9f) || (lead == 0xf0 && at(1) < 0x90) ||
      (lead == 0xf4 && at(1) > 0x8f))
    return 0;
  return length;
}

}  // namespace

std::string fit_for_people(std::string_view text, std::size_t most) {
  std::string fit;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const bool harmless = length > 1 || (length == 1 && (!is_control(text[0]) || text[0] == '\n' || text[0] == '\t'));
    const std::string_view piece = harmless ? text.substr(0, length) : std::string_view("?");
    if (fit.size() + piece.size() > most) break;
    fit.append(piece);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return fit;
}

bool is_fingerprint(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool has_control_characters(std::string_view text) { return std::ranges::any_of(text, is_control); }

void Writer::put_texts(std::string_view key, const std::vector<std::string>& values) {
  json::array& array = object_[key].emplace_array();
  for (const std::string& value : values) array.emplace_back(value);
}

void Writer::texts(std::string_view key, const std::map<std::string, std::string>& values) {
  json::object& object = object_[key].emplace_object();
  for (const auto& [name, value] : values) object[name].emplace_string() = fit_for_people(value, most_pem_bytes);
}

void Writer::certificates(std::string_view key, const std::vector<Bytes>& values, std::size_t) {
  json::array& array = object_[key].emplace_array();
  for (const Bytes& value : values) array.emplace_back(to_base64(value));
}

void Writer::certificates(std::string_view key, const std::map<std::string, Bytes>& values, std::size_t) {
  json::object& object = object_[key].emplace_object();
  for (const auto& [name, value] : values) object[name].emplace_string() = to_base64(value);
}

void Reader::problem(std::string_view key, std::string_view text) {
  if (status_) status_ = invalid(fmt::format("{}{}: {}", place_, key, text));
}

const json::value* Reader::find(std::string_view key, Presence presence) {
  if (!status_) return nullptr;
  const json::value* found = object_.if_contains(key);
  if (found == nullptr && presence == Presence::required) problem(key, "missing");
  return found;
}

const json::array* Reader::array_of(std::string_view key, std::size_t most) {
  const json::value* found = find(key);
  if (found == nullptr) return nullptr;
  const json::array* array = found->if_array();
  if (array == nullptr) {
    problem(key, "expected an array");
  } else if (array->size() > most) {
    problem(key, fmt::format("more than {} items", most));
    return nullptr;
  }
  return array;
}

const json::object* Reader::object_of(std::string_view key, std::size_t most) {
  const json::value* found = find(key);
  if (found == nullptr) return nullptr;
  const json::object* object = found->if_object();
  if (object == nullptr) {
    problem(key, "expected an object");
  } else if (object->size() > most) {
    problem(key, fmt::format("more than {} entries", most));
    return nullptr;
  }
  return object;
}

std::optional<std::string_view> Reader::string_of(std::string_view key, const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr) {
    problem(key, "expected a text");
    return std::nullopt;
  }
  return std::string_view(text->data(), text->size());
}

void Reader::read_name(std::string_view key, const json::value& value, std::string& to) {
  const auto text = string_of(key, value);
  if (!text) return;
  if (text->size() > most_name_bytes) return problem(key, fmt::format("longer than {} bytes", most_name_bytes));
  if (has_control_characters(*text)) return problem(key, "holds a control character");
  to = *text;
}

void Reader::read_fingerprint(std::string_view key, const json::value& value, std::string& to) {
  const auto text = string_of(key, value);
  if (!text) return;
  if (!is_fingerprint(*text)) return problem(key, "expected SHA-256 as 64 lower-case hexadecimal digits");
  to = *text;
}

void Reader::read_certificate(std::string_view key, const json::value& value, Bytes& to) {
  const auto text = string_of(key, value);
  if (!text) return;
  auto der = from_base64(*text);
  if (!der) return problem(key, "expected base64");
  if (der->empty() || der->size() > most_der_bytes)
    return problem(key, fmt::format("expected 1 to {} bytes", most_der_bytes));
  to = *std::move(der);
}

void Reader::name(std::string_view key, std::string& value, Presence presence) {
  const json::value* found = find(key, presence);
  if (found == nullptr) return;
  std::string text;
  read_name(key, *found, text);
  if (presence == Presence::required && text.empty()) problem(key, "must not be empty");
  if (status_) value = std::move(text);
}

void Reader::text(std::string_view key, std::string& value, std::size_t most) {
  const json::value* found = find(key);
  if (found == nullptr) return;
  const auto text = string_of(key, *found);
  if (!text) return;
  if (text->size() > most) return problem(key, fmt::format("longer than {} bytes", most));
  value = fit_for_people(*text, most);
}

void Reader::fingerprint(std::string_view key, std::string& value, Presence presence) {
  const json::value* found = find(key, presence);
  if (found == nullptr) return;
  // "" says that there is none.
  if (presence == Presence::optional && found->is_string() && found->get_string().empty()) return value.clear();
  read_fingerprint(key, *found, value);
}

void Reader::flag(std::string_view key, bool& value) {
  const json::value* found = find(key);
  if (found == nullptr) return;
  if (!found->is_bool()) return problem(key, "expected true or false");
  value = found->get_bool();
}

void Reader::integer(std::string_view key, std::int64_t& value, std::int64_t least, std::int64_t most,
                     Presence presence) {
  const json::value* found = find(key, presence);
  if (found == nullptr) return;
  // The parser gives uint64 only for what int64 cannot hold.
  if (!found->is_int64()) return problem(key, "expected an integer");
  if (found->get_int64() < least || found->get_int64() > most)
    return problem(key, fmt::format("expected an integer from {} to {}", least, most));
  value = found->get_int64();
}

void Reader::time(std::string_view key, Timestamp& value) {
  std::optional<Timestamp> read;
  time(key, read);
  if (status_ && !read) problem(key, "missing");
  if (read) value = *read;
}

void Reader::time(std::string_view key, std::optional<Timestamp>& value) {
  const json::value* found = find(key);
  if (found == nullptr) return;
  const auto text = string_of(key, *found);
  if (!text) return;
  const auto read = from_rfc3339(*text);
  if (!read) return problem(key, "expected a time such as 2026-11-21T17:20:02Z");
  value = *read;
}

void Reader::names(std::string_view key, std::vector<std::string>& values, std::size_t most) {
  const json::array* array = array_of(key, most);
  if (array == nullptr) return;
  for (std::size_t i = 0; i < array->size() && status_; ++i)
    read_name(fmt::format("{}[{}]", key, i), (*array)[i], values.emplace_back());
}

void Reader::fingerprints(std::string_view key, std::vector<std::string>& values, std::size_t most) {
  const json::array* array = array_of(key, most);
  if (array == nullptr) return;
  for (std::size_t i = 0; i < array->size() && status_; ++i)
    read_fingerprint(fmt::format("{}[{}]", key, i), (*array)[i], values.emplace_back());
}

void Reader::texts(std::string_view key, std::map<std::string, std::string>& values) {
  const json::object* object = object_of(key, most_parameters);
  if (object == nullptr) return;
  for (const auto& [name, item] : *object) {
    const std::string_view entry(name.data(), name.size());
    if (entry.empty() || entry.size() > most_name_bytes || has_control_characters(entry))
      return problem(key, "a name in it is empty, too long or holds a control character");
    const std::string place = fmt::format("{}.{}", key, entry);
    const auto text = string_of(place, item);
    if (!text) return;
    if (text->size() > most_pem_bytes) return problem(place, fmt::format("longer than {} bytes", most_pem_bytes));
    values[std::string(entry)] = fit_for_people(*text, most_pem_bytes);
  }
}

void Reader::certificates(std::string_view key, std::vector<Bytes>& values, std::size_t most) {
  const json::array* array = array_of(key, most);
  if (array == nullptr) return;
  for (std::size_t i = 0; i < array->size() && status_; ++i)
    read_certificate(fmt::format("{}[{}]", key, i), (*array)[i], values.emplace_back());
}

void Reader::certificates(std::string_view key, std::map<std::string, Bytes>& values, std::size_t most) {
  const json::object* object = object_of(key, most);
  if (object == nullptr) return;
  for (const auto& [name, item] : *object) {
    const std::string_view fingerprint(name.data(), name.size());
    if (!is_fingerprint(fingerprint)) return problem(key, "a name in it is not SHA-256 in lower-case hexadecimal");
    read_certificate(fmt::format("{}.{}", key, fingerprint), item, values[std::string(fingerprint)]);
    if (!status_) return;
  }
}

Result<json::object> parse_message(std::string_view text) {
  if (text.size() > most_message_bytes) return invalid(fmt::format("longer than {} bytes", most_message_bytes));
  json::error_code error;
  json::parse_options options;
  options.max_depth = most_json_depth;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return invalid("not JSON: " + error.message());
  if (!value.is_object()) return invalid("expected a JSON object");
  return std::move(value.get_object());
}

}  // namespace chancery::wire
