#pragma once

// Two visitors of a message's fields: one writes JSON, one reads it. A message is described once (describe() in
// message.h), so what is written and what is read cannot differ.

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/limits.h"

namespace chancery::wire {

namespace json = boost::json;

// The words for an enumeration's values, in their order. What is none of them reads as `unknown`.
template <class Enum, std::size_t count>
struct Words {
  std::array<std::string_view, count> texts;
  Enum unknown;

  [[nodiscard]] std::string_view text(Enum value) const { return texts[static_cast<std::size_t>(value)]; }
  [[nodiscard]] std::optional<Enum> find(std::string_view text) const {
    for (std::size_t i = 0; i < count; ++i)
      if (texts[i] == text) return static_cast<Enum>(i);
    return std::nullopt;
  }
};
template <class Enum, class... Texts>
constexpr Words<Enum, sizeof...(Texts)> words(Enum unknown, Texts... texts) {
  return {{std::string_view(texts)...}, unknown};
}

enum class Presence : std::uint8_t { optional, required };

// UTF-8 without control characters but line breaks and tabs, at most `most` bytes: made from any text.
[[nodiscard]] std::string fit_for_people(std::string_view text, std::size_t most);
[[nodiscard]] bool is_fingerprint(std::string_view text);
[[nodiscard]] bool has_control_characters(std::string_view text);

class Writer {
 public:
  [[nodiscard]] json::object take() { return std::move(object_); }

  void name(std::string_view key, const std::string& value, Presence = Presence::optional) { put(key, value); }
  void text(std::string_view key, const std::string& value, std::size_t most = most_text_bytes) {
    put(key, fit_for_people(value, most));
  }
  void fingerprint(std::string_view key, const std::string& value, Presence = Presence::optional) { put(key, value); }
  void flag(std::string_view key, const bool& value) { object_[key] = value; }
  void integer(std::string_view key, const std::int64_t& value, std::int64_t, std::int64_t,
               Presence = Presence::optional) {
    object_[key] = value;
  }
  void time(std::string_view key, const Timestamp& value) { put(key, to_rfc3339(value)); }
  void time(std::string_view key, const std::optional<Timestamp>& value) {
    if (value) put(key, to_rfc3339(*value));
  }
  template <class Enum, std::size_t count>
  void word(std::string_view key, const Enum& value, const Words<Enum, count>& words, Presence = Presence::optional) {
    put(key, words.text(value));
  }
  template <class T>
  void object(std::string_view key, const T& value) {
    object_[key] = written(value);
  }
  template <class T>
  void object(std::string_view key, const std::optional<T>& value) {
    if (value) object_[key] = written(*value);
  }
  template <class T>
  void list(std::string_view key, const std::vector<T>& values, std::size_t) {
    json::array& array = object_[key].emplace_array();
    for (const T& value : values) array.push_back(written(value));
  }
  void names(std::string_view key, const std::vector<std::string>& values, std::size_t) { put_texts(key, values); }
  void fingerprints(std::string_view key, const std::vector<std::string>& values, std::size_t) {
    put_texts(key, values);
  }
  void texts(std::string_view key, const std::map<std::string, std::string>& values);
  void certificates(std::string_view key, const std::vector<Bytes>& values, std::size_t);
  void certificates(std::string_view key, const std::map<std::string, Bytes>& values, std::size_t);

 private:
  template <class T>
  static json::object written(const T& value) {
    Writer writer;
    describe(writer, value);
    return writer.take();
  }
  void put(std::string_view key, std::string_view value) { object_[key].emplace_string() = value; }
  void put_texts(std::string_view key, const std::vector<std::string>& values);

  json::object object_;
};

// Keeps the first thing that is wrong, with its place. After that, the other fields are as they were.
class Reader {
 public:
  Reader(const json::object& object, std::string place) : object_(object), place_(std::move(place)) {}
  [[nodiscard]] Status take() { return std::move(status_); }

  void name(std::string_view key, std::string& value, Presence presence = Presence::optional);
  void text(std::string_view key, std::string& value, std::size_t most = most_text_bytes);
  void fingerprint(std::string_view key, std::string& value, Presence presence = Presence::optional);
  void flag(std::string_view key, bool& value);
  void integer(std::string_view key, std::int64_t& value, std::int64_t least, std::int64_t most,
               Presence presence = Presence::optional);
  void time(std::string_view key, Timestamp& value);
  void time(std::string_view key, std::optional<Timestamp>& value);
  template <class Enum, std::size_t count>
  void word(std::string_view key, Enum& value, const Words<Enum, count>& words,
            Presence presence = Presence::optional) {
    std::string text;
    name(key, text, presence);
    if (status_ && object_.contains(key)) value = words.find(text).value_or(words.unknown);
  }
  template <class T>
  void object(std::string_view key, T& value) {
    if (const json::value* found = find(key)) read_object(std::string(key), *found, value);
  }
  template <class T>
  void object(std::string_view key, std::optional<T>& value) {
    if (const json::value* found = find(key)) read_object(std::string(key), *found, value.emplace());
  }
  template <class T>
  void list(std::string_view key, std::vector<T>& values, std::size_t most) {
    const json::array* array = array_of(key, most);
    if (array == nullptr) return;
    for (std::size_t i = 0; i < array->size() && status_; ++i)
      read_object(fmt::format("{}[{}]", key, i), (*array)[i], values.emplace_back());
  }
  void names(std::string_view key, std::vector<std::string>& values, std::size_t most);
  void fingerprints(std::string_view key, std::vector<std::string>& values, std::size_t most);
  void texts(std::string_view key, std::map<std::string, std::string>& values);
  void certificates(std::string_view key, std::vector<Bytes>& values, std::size_t most);
  void certificates(std::string_view key, std::map<std::string, Bytes>& values, std::size_t most);

 private:
  // Nothing after a problem, or when the field is absent, which is a problem where it is required.
  const json::value* find(std::string_view key, Presence presence = Presence::optional);
  const json::array* array_of(std::string_view key, std::size_t most);
  const json::object* object_of(std::string_view key, std::size_t most);
  std::optional<std::string_view> string_of(std::string_view key, const json::value& value);
  void read_name(std::string_view key, const json::value& value, std::string& to);
  void read_fingerprint(std::string_view key, const json::value& value, std::string& to);
  void read_certificate(std::string_view key, const json::value& value, Bytes& to);
  template <class T>
  void read_object(const std::string& key, const json::value& value, T& to) {
    const json::object* object = value.if_object();
    if (object == nullptr) return problem(key, "expected an object");
    Reader reader(*object, place_ + key + ".");
    describe(reader, to);
    if (status_) status_ = reader.take();
  }
  void problem(std::string_view key, std::string_view text);

  const json::object& object_;
  std::string place_;
  Status status_;
};

// The text as one JSON object within the bounds of a message.
Result<json::object> parse_message(std::string_view text);

template <class T>
std::string write_message(const T& value) {
  Writer writer;
  describe(writer, value);
  return json::serialize(writer.take());
}

template <class T>
Result<T> read_message(std::string_view text) {
  TRY(const json::object object, parse_message(text));
  Reader reader(object, "");
  T value;
  describe(reader, value);
  TRY_STATUS(reader.take());
  return value;
}

}  // namespace chancery::wire
