#include "device/account.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <vector>

namespace chancery::device {
namespace {

// Enough for every entry but a group with thousands of members, which is then not found.
constexpr std::size_t longest_entry = std::size_t{64} * 1024;

}  // namespace

Result<Owner> find_owner(const std::string& user, const std::string& group) {
  std::vector<char> text(longest_entry);
  Owner owner{.user = ::geteuid(), .group = ::getegid()};
  if (!user.empty()) {
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(user.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr)
      return not_found(fmt::format("this machine has no user '{}'", user));
    owner = {.user = entry.pw_uid, .group = entry.pw_gid};
  }
  if (!group.empty()) {
    ::group entry{};
    ::group* found = nullptr;
    if (::getgrnam_r(group.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr)
      return not_found(fmt::format("this machine has no group '{}'", group));
    owner.group = entry.gr_gid;
  }
  return owner;
}

}  // namespace chancery::device
