#include "programs/chancery-agent/configuration_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/ascii.h"
#include "device/account.h"
#include "pki/name.h"

namespace chancery::agent_program {
namespace {

bool is_host_name(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text,
                             [](char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '.' || c == '*'; });
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_empty_value(const pki::Name& name) {
  for (const auto& one : name.relative_names())
    for (const pki::NameAttribute& attribute : one)
      if (attribute.value.empty()) return true;
  return false;
}

}  // namespace

std::vector<std::string> problems_of(const AgentConfiguration& configuration) {
  std::vector<std::string> problems;
  for (const device::SlotFile& slot : configuration.slots) {
    const auto add = [&](std::string_view text) {
      problems.push_back(fmt::format("slot {}: {}", slot.setup.name, text));
    };
    // A daemon keeps such a slot waiting, for the account may come; who asks wants to hear of it.
    if (const auto owner = device::find_owner(slot.service.owner, slot.service.group); !owner)
      add(owner.error().text() + ": it comes with the service's package, or `owner` and `group` name others");
    if (has_empty_value(slot.setup.subject))
      add(fmt::format("the subject '{}' has a part without a value", slot.setup.subject.to_text()));
    for (const pki::GeneralName& name : slot.setup.names)
      if (name.kind == pki::GeneralName::Kind::dns && !is_host_name(name.text))
        add(fmt::format("'{}' is no host's name{}", name.text,
                        is_ascii(name.text) ? "" : ": international names are written as xn--…"));
    const auto must_exist = [&](std::string_view key, const std::vector<std::string>& words) {
      if (!words.empty() && ::access(words[0].c_str(), X_OK) != 0)
        add(fmt::format("{}: there is no program {}: it comes with the service's package", key, words[0]));
    };
    must_exist("reload", slot.service.reload);
    must_exist("restart", slot.service.restart);
  }
  return problems;
}

}  // namespace chancery::agent_program
