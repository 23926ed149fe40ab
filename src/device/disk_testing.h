#pragma once

// Disks for tests: one that never waits for the disk below it, and one that forgets, when the power goes, what was not
// synced. The latter works on real files, and can set them back to any
// state that a cut may have left; only what Disk promises is certain.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/check.h"
#include "device/disk.h"

namespace chancery::device {

class QuickDisk final : public Disk {
 public:
  Status make_folder(const std::string& path, unsigned) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    return told(error);
  }
  Status write_file(const std::string& path, ByteView content, unsigned mode) override {
    std::error_code error;
    std::filesystem::remove(path, error);
    std::ofstream(path, std::ios::binary) << as_text(content);
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode), error);
    return told(error);
  }
  Status give_file(const std::string& path, const Owner& owner, unsigned mode) override {
    return disk_.give_file(path, owner, mode);
  }
  Status make_link(const std::string& target, const std::string& path) override {
    return disk_.make_link(target, path);
  }
  Status add_name(const std::string& path, const std::string& other) override { return disk_.add_name(path, other); }
  Status rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
  Status sync_folder(const std::string& path) override {
    if (!std::filesystem::is_directory(path)) return not_found(path);
    return {};
  }
  Status remove(const std::string& path) override { return disk_.remove(path); }

 private:
  static Status told(const std::error_code& error) {
    if (error) return unavailable(error.message());
    return {};
  }

  SystemDisk disk_;
};

enum class Cut : std::uint8_t {
  before,  // the change was not begun
  half,    // half of a file is written, a folder is removed in part; other changes as `before`
  after,   // it was done, but nobody learned of it
};

class ForgetfulDisk final : public Disk {
 public:
  // All paths are below `root`. What is there now stays through every cut.
  explicit ForgetfulDisk(std::string root) : root_(std::move(root)), base_(root_ + ".base") { keep(); }
  ~ForgetfulDisk() override { std::filesystem::remove_all(base_); }

  // What is there now, from now on stays through every cut, and is what start_again() goes back to.
  void keep() {
    std::filesystem::remove_all(base_);
    copy(root_, base_);
    changes_.clear();
  }
  // At the `step`th change from now (from 1 on) the power goes; every later one fails.
  void cut_at(int step, Cut how) {
    left_ = step;
    how_ = how;
  }
  [[nodiscard]] bool is_off() const { return off_; }
  // The changes that the disk may forget.
  [[nodiscard]] std::size_t unsynced() const {
    return static_cast<std::size_t>(std::ranges::count_if(changes_, [](const Change& c) { return !c.synced; }));
  }
  // Leaves of the unsynced changes only those for which `survives` is true, by their number. The power stays off.
  void forget(const std::function<bool(std::size_t)>& survives) {
    copy(base_, root_);
    std::size_t number = 0;
    for (const Change& change : changes_)
      if (change.synced || survives(number++)) (void)change.work();
  }
  // Everything as it was at keep(), and the power is on.
  void start_again() {
    copy(base_, root_);
    changes_.clear();
    left_ = 0;
    off_ = false;
  }

  Status make_folder(const std::string& path, unsigned mode) override {
    return change(folder_of(path), true, [=, this] { return disk_.make_folder(path, mode); });
  }
  Status write_file(const std::string& path, ByteView content, unsigned mode) override {
    const Bytes bytes = to_bytes(content);
    const Status written = change(
        folder_of(path), true, [=, this] { return disk_.write_file(path, bytes, mode); },
        [=, this] { return disk_.write_file(path + ".new", ByteView(bytes).first(bytes.size() / 2), mode); });
    if (written) sync(folder_of(path));
    return written;
  }
  Status give_file(const std::string& path, const Owner& owner, unsigned mode) override {
    return change(folder_of(path), true, [=, this] { return disk_.give_file(path, owner, mode); });
  }
  Status make_link(const std::string& target, const std::string& path) override {
    return change(folder_of(path), false, [=, this] { return disk_.make_link(target, path); });
  }
  Status add_name(const std::string& path, const std::string& other) override {
    CHECK(folder_of(path) == folder_of(other));
    return change(folder_of(path), false, [=, this] { return disk_.add_name(path, other); });
  }
  Status rename(const std::string& from, const std::string& to) override {
    CHECK(folder_of(from) == folder_of(to));
    return change(folder_of(to), false, [=, this] { return disk_.rename(from, to); });
  }
  Status sync_folder(const std::string& path) override {
    const Status synced = change(path, true, [=, this] { return disk_.sync_folder(path); });
    if (synced) sync(path);
    return synced;
  }
  Status remove(const std::string& path) override {
    const auto whole = [=, this] { return disk_.remove(path); };
    // What is not there is not changed, and nothing can be forgotten of it.
    if (!is_there(path)) return change(folder_of(path), true, whole);
    return change(folder_of(path), false, whole, [=, this]() -> Status {
      if (!std::filesystem::is_symlink(path) && std::filesystem::is_directory(path))
        for (const auto& entry : std::filesystem::directory_iterator(path)) return disk_.remove(entry.path());
      return {};
    });
  }

 private:
  struct Change {
    std::string folder;
    bool synced = false;
    std::function<Status()> work;
  };

  static void copy(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    using Options = std::filesystem::copy_options;
    std::filesystem::copy(from, to, Options::recursive | Options::copy_symlinks);
  }

  void sync(const std::string& folder) {
    for (Change& change : changes_)
      if (change.folder == folder) change.synced = true;
  }

  Status change(const std::string& folder, bool synced, std::function<Status()> work,
                const std::function<Status()>& half = {}) {
    if (off_) return unavailable("the power is off");
    if (left_ == 0 || --left_ > 0) {
      const Status worked = work();
      if (worked) changes_.push_back({folder, synced, std::move(work)});
      return worked;
    }
    off_ = true;
    if (how_ == Cut::half && half) {
      (void)half();
      changes_.push_back({folder, true, half});
    }
    if (how_ == Cut::after && work()) changes_.push_back({folder, synced, std::move(work)});
    return unavailable("the power is off");
  }

  std::string root_;
  std::string base_;
  QuickDisk disk_;
  std::vector<Change> changes_;
  int left_ = 0;
  Cut how_ = Cut::before;
  bool off_ = false;
};

}  // namespace chancery::device
