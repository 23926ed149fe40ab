#pragma once

// A small file that holds one JSON object of texts and truth values.

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace chancery::device {

class JsonFile {
 public:
  static Result<JsonFile> read(const std::string& path);

  [[nodiscard]] bool has(std::string_view name) const { return fields_.contains(name); }
  // ErrorCode::invalid when the field is absent or of another kind.
  [[nodiscard]] Result<std::string> text(std::string_view name) const;
  [[nodiscard]] Result<bool> flag(std::string_view name) const;

 private:
  JsonFile(std::string path, boost::json::object fields) : path_(std::move(path)), fields_(std::move(fields)) {}

  std::string path_;
  boost::json::object fields_;
};

}  // namespace chancery::device
