#include "device/json_file.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "files/file.h"

namespace chancery::device {

Result<JsonFile> JsonFile::read(const std::string& path) {
  TRY(const Bytes content, files::read_file(path, 64 * 1024));
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse(as_text(content), failed);
  if (failed || !value.is_object()) return invalid(fmt::format("{} holds no JSON object", path));
  return JsonFile(path, std::move(value.as_object()));
}

Result<std::string> JsonFile::text(std::string_view name) const {
  const boost::json::value* field = fields_.if_contains(name);
  if (field == nullptr || !field->is_string()) return invalid(fmt::format("{} lacks the text '{}'", path_, name));
  return std::string(field->as_string());
}

Result<bool> JsonFile::flag(std::string_view name) const {
  const boost::json::value* field = fields_.if_contains(name);
  if (field == nullptr || !field->is_bool()) return invalid(fmt::format("{} lacks the flag '{}'", path_, name));
  return field->as_bool();
}

}  // namespace chancery::device
