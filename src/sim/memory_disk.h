#pragma once

// A disk in memory for the hub's database: SQLite does on it all that it does on a real one, with its log and its
// locks, and nobody asks the operating system for each page. What is on it stays as long as it does.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace chancery::sim {

// Used by naming vfs() when a database is opened. Must outlive the connections that use it. Thread-safe.
class MemoryDisk {
 public:
  MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;
  ~MemoryDisk();

  [[nodiscard]] const std::string& vfs() const { return name_; }

  struct Shim;    // the C functions
  struct File;    // what is in one
  struct Handle;  // one that is open

 private:
  std::string name_;
  std::unique_ptr<sqlite3_vfs> shim_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<File>, std::less<>> files_;
};

}  // namespace chancery::sim
