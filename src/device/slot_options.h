#pragma once

// What may stand in slots.d/NAME.toml, each key described once, and the presets that fill it for well-known services.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "config/option.h"
#include "device/slot_keys.h"

namespace chancery::device {

enum class Preset : std::uint8_t { none, nginx, cups, strongswan, wpa_supplicant, rsyslog, kamailio };

// What the authority may answer with.
enum class AcceptedAlgorithms : std::uint8_t {
  strong,  // SHA-256 and AES, or better
  weak,    // SHA-1 and 3DES, too
  broken,  // MD5 and single DES, too
};

// As it stands in the file.
struct SlotOptions {
  std::string subject;
  std::vector<std::string> names;
  std::string key = "rsa:2048";
  bool reuse_key = false;
  KeyStore key_store = KeyStore::file;
  std::string pkcs11_module;
  std::string token;
  std::string pin_file;
  std::string url;
  std::string fingerprint;
  std::string challenge_file;
  AcceptedAlgorithms algorithms = AcceptedAlgorithms::strong;
  bool accept_changed_names = false;
  int renew_earliest = 60;
  int renew_latest = 80;
  Seconds poll_interval{std::chrono::minutes(5)};

  Preset preset = Preset::none;
  std::string certificate_path;
  std::string key_path;
  std::string key_reference;
  std::string chain_path;
  std::string full_chain_path;
  std::string combined_path;
  std::string authorities_path;
  std::string owner;
  std::string group;
  std::string key_mode = "0600";
  std::vector<std::string> reload;
  std::vector<std::string> restart;
  Seconds command_timeout{30};
  std::string health_check = "none";
  std::string health_output;
  Seconds health_timeout{15};
};

config::OptionSet<SlotOptions> slot_options();

struct PresetFacts {
  Preset preset = Preset::none;
  std::string_view name;  // as in the file
  std::string_view what;  // for people
  // What the preset sets. "{slot}" is the slot's name; "{host}" its first DNS name, or else the device's name.
  SlotOptions options;
  // AppArmor confines this program on Debian, and has to be told of the slots' folders; empty: it is not confined.
  std::string_view apparmor_profile;
};

[[nodiscard]] const std::vector<PresetFacts>& presets();
[[nodiscard]] const PresetFacts& facts_of(Preset preset);

}  // namespace chancery::device
