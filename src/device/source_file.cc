#include "device/source_file.h"

#include <boost/json/serialize.hpp>

#include "device/json_file.h"

namespace chancery::device {

std::string source_text(const agent::Source& source) {
  const boost::json::object fields = {{"url", source.url}, {"fingerprint", to_hex(source.fingerprint)}};
  return boost::json::serialize(fields) + "\n";
}

Result<agent::Source> read_source(const std::string& path) {
  TRY(const JsonFile file, JsonFile::read(path));
  agent::Source source;
  TRY(source.url, file.text("url"));
  TRY_IN(path, source.fingerprint, from_hex(file.text("fingerprint").value_or("")));
  return source;
}

}  // namespace chancery::device
