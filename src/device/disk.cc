#include "device/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "files/file.h"

namespace chancery::device {

Status SystemDisk::make_folder(const std::string& path, unsigned mode) { return files::make_folder(path, mode); }

Status SystemDisk::write_file(const std::string& path, ByteView content, unsigned mode) {
  return files::write_file_atomically(path, content, mode);
}

Status SystemDisk::give_file(const std::string& path, const Owner& owner, unsigned mode) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) return files::failed_call("opening", path, errno);
  Status done;
  if (::fchown(file, owner.user, owner.group) != 0)
    done = files::failed_call("changing the owner of", path, errno);
  else if (::fchmod(file, mode) != 0)
    done = files::failed_call("setting the mode of", path, errno);
  else if (::fsync(file) != 0)
    done = files::failed_call("syncing", path, errno);
  ::close(file);
  return done;
}

Status SystemDisk::add_name(const std::string& path, const std::string& other) {
  // Of a link, not of what it leads to.
  if (::linkat(AT_FDCWD, path.c_str(), AT_FDCWD, other.c_str(), 0) != 0)
    return files::failed_call("keeping the file that was there as", other, errno);
  return {};
}

Status SystemDisk::make_link(const std::string& target, const std::string& path) {
  if (::symlink(target.c_str(), path.c_str()) != 0) return files::failed_call("making the link", path, errno);
  return {};
}

Status SystemDisk::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return files::failed_call("renaming to", to, errno);
  return {};
}

Status SystemDisk::sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return files::failed_call("syncing", path, errno);
  const int error = ::fsync(folder) == 0 ? 0 : errno;
  ::close(folder);
  if (error != 0) return files::failed_call("syncing", path, error);
  return {};
}

Status SystemDisk::remove(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return files::failed_call("removing", path, error.value());
  return {};
}

std::string link_target(const std::string& path) {
  std::error_code error;
  const std::filesystem::path target = std::filesystem::read_symlink(path, error);
  return error ? std::string() : target.string();
}

bool is_there(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<FolderLock> FolderLock::take(const std::string& folder) {
  const std::string path = folder + "/.lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return files::failed_call("opening", path, errno);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return FolderLock(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (error == EWOULDBLOCK)
    return unavailable(fmt::format("another chancery-agent works on {}: wait until it is done", folder));
  return files::failed_call("locking", path, error);
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace chancery::device
