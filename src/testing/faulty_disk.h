#pragma once

// A disk for SQLite that fills up, fails to sync, and loses what was not synced when the power goes.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"

struct sqlite3_vfs;

namespace chancery::testing {

// A layer over the system's files, used by naming vfs() when a database is opened. It keeps beside each file what a
// power cut would leave of it. Must outlive the connections that use it. Thread-safe.
class FaultyDisk {
 public:
  FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;
  ~FaultyDisk();

  [[nodiscard]] const std::string& vfs() const { return name_; }

  // From now on this many bytes can be written, then the disk is full. Nothing: as many as one likes.
  void leave_space(std::optional<std::int64_t> bytes);
  // The next `count` syncs fail.
  void fail_syncs(int count);
  // How many syncs there were.
  [[nodiscard]] int syncs() const;

  // At the `count`th sync from now (1: the next) the power goes: before the sync has done its work, or just after, when
  // the caller does not learn of it any more. From then on every write fails.
  void cut_power_at_sync(int count, bool after);
  [[nodiscard]] bool power_is_cut() const;
  // Leaves in the files what was synced and, of each later write, what `survives()` says, as disks keep some of what
  // nobody asked them to keep. The power is back. REQUIRES: no file is open.
  void restore_power(const std::function<bool()>& survives);

  struct Shim;  // The C functions.

 private:
  struct Write {
    std::int64_t offset;
    Bytes data;
  };
  struct Truncate {
    std::int64_t size;
  };
  struct Image {
    Bytes synced;
    std::vector<std::variant<Write, Truncate>> unsynced;
  };

  static void apply(Bytes& bytes, const std::variant<Write, Truncate>& change);

  std::string name_;
  std::unique_ptr<sqlite3_vfs> shim_;

  mutable std::mutex mutex_;
  std::map<std::string, Image> images_;  // by path
  std::optional<std::int64_t> space_;
  int syncs_to_fail_ = 0;
  int syncs_ = 0;
  int syncs_until_cut_ = 0;  // 0: never
  bool cut_after_sync_ = false;
  bool power_is_cut_ = false;
};

}  // namespace chancery::testing
