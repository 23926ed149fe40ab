#pragma once

// A service that uses a slot's certificate: which files it wants, and how it is told of new ones. Made by
// service_file.h, where everything in it was checked.

#include <string>
#include <vector>

#include "base/time.h"
#include "device/health_check.h"
#include "device/slot_keys.h"

namespace chancery::device {

struct ServiceDescription {
  // Where the service looks for its files; empty: it does not want this one. They become links into the slot's folder.
  struct Paths {
    std::string certificate;
    std::string key;
    std::string key_reference;  // the URI of a key in a PKCS#11 token
    std::string chain;          // the certificates above the service's own, without the root
    std::string full_chain;     // the certificate and its chain
    std::string combined;       // the key, the certificate and its chain
    std::string authorities;
  };

  std::string slot;
  std::string name;  // of the service, for people: "nginx"; empty: there is none to tell
  Paths paths;
  KeyPlace keys;
  // Of the files that hold the key.
  std::string owner;
  std::string group;
  unsigned key_mode = 0600;
  // Program and arguments; empty: none.
  std::vector<std::string> reload;
  std::vector<std::string> restart;
  Seconds command_timeout{30};
  HealthCheck health_check;
  std::string health_output;  // what the health check's command has to print; empty: anything
  Seconds health_timeout{15};
};

// A path of the service, and the file of the slot's folder that it leads to.
struct ServicePath {
  const std::string& path;
  const char* file;
};
// Those that are not empty.
[[nodiscard]] std::vector<ServicePath> service_paths(const ServiceDescription& service);

}  // namespace chancery::device
