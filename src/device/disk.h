#pragma once

// The changes that the agent makes to folders, one by one, so that a test can let each of them fail, and forget those
// that were not synced.

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

namespace chancery::device {

// Who has a file, in numbers.
struct Owner {
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  friend bool operator==(const Owner&, const Owner&) = default;
};

class Disk {
 public:
  virtual ~Disk() = default;
  // And those above it. An existing folder is left as it is; a new one is on the disk when it returns.
  virtual Status make_folder(const std::string& path, unsigned mode) = 0;
  // Whole or not at all, and on the disk when it returns.
  virtual Status write_file(const std::string& path, ByteView content, unsigned mode) = 0;
  // Owner first, then mode, so that nobody may do more with the file on the way; on the disk when it returns.
  virtual Status give_file(const std::string& path, const Owner& owner, unsigned mode) = 0;
  virtual Status make_link(const std::string& target, const std::string& path) = 0;
  // A second name, in the same folder, for the file or link `path`. ErrorCode::conflict when there is `other`.
  virtual Status add_name(const std::string& path, const std::string& other) = 0;
  // Replaces `to` at one stroke, unless that is a folder with something in it: ErrorCode::conflict.
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  // The names in the folder are on the disk when it returns.
  virtual Status sync_folder(const std::string& path) = 0;
  // A file, a link, or a folder with all that is in it. It need not be there.
  virtual Status remove(const std::string& path) = 0;
};

class SystemDisk final : public Disk {
 public:
  Status make_folder(const std::string& path, unsigned mode) override;
  Status write_file(const std::string& path, ByteView content, unsigned mode) override;
  Status give_file(const std::string& path, const Owner& owner, unsigned mode) override;
  Status make_link(const std::string& target, const std::string& path) override;
  Status add_name(const std::string& path, const std::string& other) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status sync_folder(const std::string& path) override;
  Status remove(const std::string& path) override;
};

// Where a symbolic link leads; empty when `path` is none.
[[nodiscard]] std::string link_target(const std::string& path);
// A file, a folder, or a link, wherever that leads.
[[nodiscard]] bool is_there(const std::string& path);
// The folder that `path` stands in.
[[nodiscard]] std::string folder_of(const std::string& path);

// Keeps other processes out of a folder while it lives; the kernel lifts it when the process ends.
class FolderLock {
 public:
  // ErrorCode::unavailable when somebody else holds it.
  static Result<FolderLock> take(const std::string& folder);
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace chancery::device
