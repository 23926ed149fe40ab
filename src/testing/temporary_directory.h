#pragma once

// A directory that is there for one test.

#include <string>
#include <string_view>

namespace chancery::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  // Removes it with all that is in it.
  ~TemporaryDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }
  // The path of a file in it, which need not exist.
  [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Makes a file in it and gives its path.
  [[nodiscard]] std::string write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

}  // namespace chancery::testing
