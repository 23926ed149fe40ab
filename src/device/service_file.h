#pragma once

// slots.d/NAME.toml: a slot and the service that uses its certificate, checked. The name of the file is the slot's.

#include <string>
#include <string_view>
#include <vector>

#include "agent/slot_setup.h"
#include "device/service_description.h"

namespace chancery::device {

// What agent.toml says for all slots.
struct SlotDefaults {
  std::string node;      // what this device calls itself
  agent::Source source;  // without a URL, a slot that names none is filled by hand or by the hub
};

struct SlotFile {
  agent::SlotSetup setup;      // which certificate, from where, and when the next one is due
  std::string challenge_file;  // empty: none
  ServiceDescription service;
};

// A slot's name is 1 to 40 lower-case letters, digits, '-' and '_', a letter or digit first: it names files.
[[nodiscard]] bool is_slot_name(std::string_view name);

// `invalid`: all that is wrong with the file, one problem a line, each with `file` and where possible the line.
Result<SlotFile> parse_slot_file(std::string_view slot, std::string_view toml, const std::string& file,
                                 const SlotDefaults& defaults);
// Every NAME.toml in the folder, by name; other files are left alone. A folder that is not there has none. No two
// slots may use the same path. `invalid`: all problems of all files.
Result<std::vector<SlotFile>> read_slot_folder(const std::string& folder, const SlotDefaults& defaults);

}  // namespace chancery::device
