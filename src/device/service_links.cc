#include "device/service_links.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

namespace chancery::device {
namespace {

constexpr unsigned folder_mode = 0755;
constexpr int most_kept = 1000;

std::string kept_name(const std::string& path, int number) {
  return number == 1 ? path + ".before-chancery" : fmt::format("{}.before-chancery.{}", path, number);
}

// The last of the names that are there; 0: none is.
int last_kept(const std::string& path) {
  int number = 0;
  while (number < most_kept && is_there(kept_name(path, number + 1))) ++number;
  return number;
}

std::string beside(const std::string& path) { return path + ".chancery-new"; }

// Two names of one file, or of one link.
bool are_one(const std::string& a, const std::string& b) {
  struct stat first{}, second{};
  return ::lstat(a.c_str(), &first) == 0 && ::lstat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

bool is_folder(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

bool ServiceLinks::is_ours(const std::string& path) const {
  return link_target(path).starts_with(folder_of(slot_folder_) + "/");
}

// A second name first, and only when that is on the disk the link in its place: whatever the disk forgets in a power
// cut, one of the names is there.
Result<std::string> ServiceLinks::keep(const std::string& path) {
  const int last = last_kept(path);
  if (last > 0 && are_one(path, kept_name(path, last))) return kept_name(path, last);
  TRY_STATUS(disk_.add_name(path, kept_name(path, last + 1)));
  TRY_STATUS(disk_.sync_folder(folder_of(path)));
  return kept_name(path, last + 1);
}

Result<std::vector<Borrowed>> ServiceLinks::keep_all(const ServiceDescription& service) {
  std::vector<Borrowed> kept;
  for (const ServicePath& one : service_paths(service)) {
    if (!is_there(one.path) || is_ours(one.path)) continue;
    if (is_folder(one.path))
      return conflict(fmt::format("{} is a folder: a link to {} belongs there", one.path, target_of(one)));
    TRY(std::string name, keep(one.path));
    kept.push_back({.name = one.file, .path = std::move(name)});
  }
  return kept;
}

Status ServiceLinks::make_one(const std::string& path, const std::string& target) {
  if (is_there(beside(path))) TRY_STATUS(disk_.remove(beside(path)));
  if (link_target(path) == target) return {};
  if (is_folder(path)) return conflict(fmt::format("{} is a folder: a link to {} belongs there", path, target));
  TRY_STATUS(disk_.make_folder(folder_of(path), folder_mode));
  if (is_there(path) && !is_ours(path))
    if (const auto kept = keep(path); !kept) return std::unexpected(kept.error());
  TRY_STATUS(disk_.make_link(target, beside(path)));
  TRY_STATUS(disk_.rename(beside(path), path));
  return disk_.sync_folder(folder_of(path));
}

std::string ServiceLinks::target_of(const ServicePath& one) const {
  return fmt::format("{}/live/{}", slot_folder_, one.file);
}

bool ServiceLinks::are_made(const ServiceDescription& service) const {
  return std::ranges::all_of(service_paths(service), [&](const ServicePath& one) {
    return link_target(one.path) == target_of(one) && !is_there(beside(one.path));
  });
}

Status ServiceLinks::make(const ServiceDescription& service) {
  for (const ServicePath& one : service_paths(service)) TRY_STATUS(make_one(one.path, target_of(one)));
  return {};
}

Status ServiceLinks::take_back(const ServiceDescription& service) {
  for (const ServicePath& one : service_paths(service)) {
    if (is_there(beside(one.path))) TRY_STATUS(disk_.remove(beside(one.path)));
    // What is not ours there is what somebody else wants there.
    if (is_there(one.path) && !is_ours(one.path)) continue;
    const int last = last_kept(one.path);
    if (last > 0) {
      TRY_STATUS(disk_.rename(kept_name(one.path, last), one.path));
    } else if (is_there(one.path)) {
      TRY_STATUS(disk_.remove(one.path));
    } else {
      continue;
    }
    TRY_STATUS(disk_.sync_folder(folder_of(one.path)));
  }
  return {};
}

}  // namespace chancery::device
