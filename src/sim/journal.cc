#include "sim/journal.h"

#include <fmt/format.h>

namespace chancery::sim {
namespace {

constexpr std::size_t most_findings = 50;

}  // namespace

// FNV-1a: nobody tries to forge it.
void Journal::mix(std::string_view text) {
  for (const char letter : text) digest_ = (digest_ ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3U;
}

void Journal::number(std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) digest_ = (digest_ ^ ((value >> shift) & 0xff)) * 0x100000001b3U;
}

void Journal::print(std::string_view text) {
  if (print_) print_(fmt::format("{} {}", to_rfc3339(queue_.seconds()), text));
}

void Journal::event(std::string_view who, std::string_view what, std::string_view detail) {
  number(static_cast<std::uint64_t>(queue_.now().time_since_epoch().count()));
  mix(who);
  mix(what);
  if (!traces(who)) return;
  print(detail.empty() ? fmt::format("{} {}", who, what) : fmt::format("{} {}: {}", who, what, detail));
}

void Journal::arrow(std::string_view who, bool outwards, std::string_view what, std::string_view fate) {
  number(static_cast<std::uint64_t>(queue_.now().time_since_epoch().count()));
  mix(who);
  mix(what);
  mix(fate);
  if (!traces(who)) return;
  const std::string_view head = fate.starts_with("lost") ? "✗" : "▶";
  const std::string note = fate.empty() ? std::string() : fmt::format("  ({})", fate);
  print(outwards ? fmt::format("{} ──{}──{} hub{}", who, what, head, note)
                 : fmt::format("{} {}──{}── hub{}", who, fate.starts_with("lost") ? "✗" : "◀", what, note));
}

void Journal::finding(std::string_view who, std::string text) {
  event(who, "BREAKS A RULE", text);
  if (findings_.size() < most_findings)
    findings_.push_back({.at = queue_.now(), .who = std::string(who), .text = std::move(text)});
}

}  // namespace chancery::sim
