#include "testing/fakes.h"

namespace chancery::testing {

void FakeRandom::fill(std::span<std::uint8_t> out) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < out.size(); i += 8) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    mixed ^= mixed >> 31;
    for (std::size_t j = i; j < out.size() && j < i + 8; ++j)
      out[j] = static_cast<std::uint8_t>(mixed >> (8 * (j - i)));
  }
}

void RecordingLog::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  static constexpr const char* names[] = {"debug", "info", "warning", "error"};
  std::string line = names[static_cast<int>(level)];
  line.append(" ").append(message);
  for (const LogField& field : fields)
    line.append(" ").append(field.name).append("=\"").append(field.value).append("\"");
  const std::scoped_lock lock(mutex_);
  lines_.push_back(std::move(line));
}

std::vector<std::string> RecordingLog::lines() const {
  const std::scoped_lock lock(mutex_);
  return lines_;
}

}  // namespace chancery::testing
