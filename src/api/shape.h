#pragma once

// What goes into and comes out of the API, described once: input is checked against it, the OpenAPI description is
// written from it, and the tests hold the answers to it.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace chancery::api {

enum class FieldType : std::uint8_t {
  text,
  integer,
  flag,
  time,         // RFC 3339 in UTC
  duration,     // "90s", "12h", "30d": a text
  text_list,    // an array of texts
  text_map,     // an object whose values are texts
  object,       // an object of another shape
  object_list,  // an array of such objects
};

struct Shape;

struct Field {
  std::string_view name;
  FieldType type = FieldType::text;
  std::string_view help;
  bool required = false;
  std::vector<std::string_view> choices = {};  // for a text; empty: any
  // The range of an integer.
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Shape* shape = nullptr;  // of an object, or of the objects in a list
  std::size_t most_bytes = 0;    // of a text, or of each in a list; 0: what suits a name or a sentence
  bool only_in_body = false;     // a secret: never behind '?', where logs would have it, but in the body of a DELETE
};

// An object. A field that is not required may be missing; null is never a value.
struct Shape {
  std::string_view name;
  std::vector<Field> fields;
};

}  // namespace chancery::api
