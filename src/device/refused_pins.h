#pragma once

// Which PIN each token refused last. A token counts wrong PINs and locks itself, and an agent that is started again and
// again would send the same wrong one each time. Of the PIN itself, only what an iterated hash makes of it is kept.

#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/random.h"

namespace chancery::device {

// Not thread-safe.
class RefusedPins {
 public:
  // In memory only.
  RefusedPins() = default;
  // One file a token in `folder`, which is made when it is needed; mode 0600. Without a disk that takes it, in memory.
  RefusedPins(std::string folder, Random& random) : folder_(std::move(folder)), random_(&random) {}

  [[nodiscard]] bool contains(const std::string& token, ByteView pin) const;
  // In place of the one before.
  void keep(const std::string& token, ByteView pin);
  void forget(const std::string& token);
  // Who removes it has the PIN tried again. Empty: there is none.
  [[nodiscard]] std::string file_of(const std::string& token) const;

 private:
  struct Record {
    Bytes salt, hash;
  };
  [[nodiscard]] std::optional<Record> find(const std::string& token) const;
  [[nodiscard]] Status write(const std::string& token, const Record& record) const;

  std::string folder_;
  Random* random_ = nullptr;
  std::map<std::string, Record> in_memory_;
};

}  // namespace chancery::device
