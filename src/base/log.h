#pragma once

// The log: one line an event, a message for a person and fields for a machine. Values are quoted, so that what a peer
// sent cannot forge a line. Never give it a secret.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace chancery {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogField {
  std::string_view name;
  std::string value;
};

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) = 0;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::info, message, fields);
  }
  void warning(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::warning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<LogField> fields = {}) {
    write(LogLevel::error, message, fields);
  }
};

// Drops everything.
class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

// `2026-11-21T17:20:02Z info issued serial="0a1b" endpoint="printers"` on standard error, which systemd keeps.
// Thread-safe.
class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel least) : least_(least) {}
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override;

 private:
  LogLevel least_;
};

}  // namespace chancery
