#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace chancery {
namespace {

void append_quoted(std::string& line, std::string_view value) {
  line.push_back('"');
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line.push_back('\\');
      line.push_back(c);
    } else if (byte < 0x20 || byte == 0x7f) {
      line.append(fmt::format("\\x{:02x}", byte));
    } else {
      line.push_back(c);
    }
  }
  line.push_back('"');
}

spdlog::logger& stderr_logger() {
  static spdlog::logger logger = [] {
    spdlog::logger made("chancery", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%Y-%m-%dT%H:%M:%SZ %l %v", spdlog::pattern_time_type::utc);
    made.set_level(spdlog::level::debug);
    return made;
  }();
  return logger;
}

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void StderrLog::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (level < least_) return;
  std::string line(message);
  for (const LogField& field : fields) {
    line.push_back(' ');
    line.append(field.name).push_back('=');
    append_quoted(line, field.value);
  }
  stderr_logger().log(level_of(level), "{}", line);
}

}  // namespace chancery
