#pragma once

// The links where a service looks for its files, which lead through a slot's `live` to the version in use. They are
// made once and stay. What somebody else had put there is kept beside as NAME.before-chancery.

#include <string>
#include <vector>

#include "device/credential_files.h"
#include "device/disk.h"
#include "device/service_description.h"

namespace chancery::device {

class ServiceLinks {
 public:
  // `slot_folder` is the slot's; links into any folder beside it are ours to replace.
  ServiceLinks(Disk& disk, std::string slot_folder) : disk_(disk), slot_folder_(std::move(slot_folder)) {}

  // Whether there is nothing for make() to do.
  [[nodiscard]] bool are_made(const ServiceDescription& service) const;
  // Gives what others have at the service's paths a second name, and tells those; nothing else is changed.
  Result<std::vector<Borrowed>> keep_all(const ServiceDescription& service);
  // Makes those that are missing or lead elsewhere. Nothing is ever missing at a path where something was. Safe to
  // repeat after a cut anywhere in it.
  Status make(const ServiceDescription& service);
  // The other way: what stood there before comes back, and links that replaced nothing go. REQUIRES: `live` leads to
  // what was borrowed, or to nothing.
  Status take_back(const ServiceDescription& service);

 private:
  [[nodiscard]] bool is_ours(const std::string& path) const;
  [[nodiscard]] std::string target_of(const ServicePath& one) const;
  Status make_one(const std::string& path, const std::string& target);
  Result<std::string> keep(const std::string& path);

  Disk& disk_;
  std::string slot_folder_;
};

}  // namespace chancery::device
