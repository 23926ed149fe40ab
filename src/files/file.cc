#include "files/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace chancery::files {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status sync_folder(const std::string& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.ok() || ::fsync(directory.number()) != 0) return failed_call("syncing", folder, errno);
  return {};
}

Status write_all(int descriptor, ByteView content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed_call("writing", path, errno);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

enum class Existing : std::uint8_t { replace, refuse };

Status write_whole(const std::string& path, ByteView content, unsigned mode, Existing existing) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());  // left by a crash
  const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file.ok()) return failed_call("creating", beside, errno);
  Status done = write_all(file.number(), content, beside);
  // The mode given to open() is narrowed by the umask; a wider one may be meant.
  if (done && ::fchmod(file.number(), mode) != 0) done = failed_call("setting the mode of", beside, errno);
  if (done && ::fsync(file.number()) != 0) done = failed_call("syncing", beside, errno);
  if (done && existing == Existing::replace && ::rename(beside.c_str(), path.c_str()) != 0)
    done = failed_call("renaming to", path, errno);
  if (done && existing == Existing::refuse && ::link(beside.c_str(), path.c_str()) != 0)
    done = failed_call("creating", path, errno);
  if (!done || existing == Existing::refuse) ::unlink(beside.c_str());
  if (!done) return done;
  return sync_folder(folder_of(path));
}

}  // namespace

std::unexpected<Error> failed_call(std::string_view doing, const std::string& path, int error) {
  std::string text = fmt::format("{} {}: {}", doing, path, std::strerror(error));
  switch (error) {
    case ENOENT: return not_found(std::move(text));
    case EACCES:
    case EPERM: return refused(std::move(text));
    case EEXIST:
    case ENOTEMPTY: return conflict(std::move(text));
    case ENOSPC:
    case EDQUOT:
    case EROFS:
    case EBUSY:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EIO: return unavailable(std::move(text));
    default: return invalid(std::move(text));
  }
}

Result<Bytes> read_file(const std::string& path, std::size_t most_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return failed_call("reading", path, errno);
  Bytes content;
  for (;;) {
    constexpr std::size_t step = 64 * 1024;
    const std::size_t before = content.size();
    content.resize(before + step);
    const ssize_t got = ::read(file.number(), content.data() + before, step);
    if (got < 0 && errno != EINTR) {
      wipe(content);
      return failed_call("reading", path, errno);
    }
    content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return content;
    if (content.size() > most_bytes) {
      wipe(content);
      return invalid(fmt::format("reading {}: larger than {} bytes", path, most_bytes));
    }
  }
}

// Into a buffer that never grows, for what a vector leaves behind when it does is not wiped.
Result<SecretBytes> read_secret_file(const std::string& path, Privacy privacy) {
  constexpr std::size_t most_bytes = 64 * 1024;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) return failed_call("reading", path, errno);
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return failed_call("reading", path, errno);
  if (privacy == Privacy::owner_only && (status.st_mode & 077) != 0)
    return refused(fmt::format("{} may be read by others: chmod 600 it", path));
  SecretBytes secret(most_bytes + 1);
  std::size_t size = 0;
  while (size <= most_bytes) {
    const ssize_t got = ::read(file.number(), secret.mutable_view().data() + size, most_bytes + 1 - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed_call("reading", path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most_bytes) return invalid(fmt::format("reading {}: larger than {} bytes", path, most_bytes));
  if (size > 0 && secret.view()[size - 1] == '\n') --size;
  if (size > 0 && secret.view()[size - 1] == '\r') --size;
  secret.shrink(size);
  return secret;
}

Status write_file_atomically(const std::string& path, ByteView content, unsigned mode) {
  return write_whole(path, content, mode, Existing::replace);
}

Status create_file_atomically(const std::string& path, ByteView content, unsigned mode) {
  return write_whole(path, content, mode, Existing::refuse);
}

Status make_folder(const std::string& path, unsigned mode) {
  if (path.empty() || path == "/" || exists(path)) return {};
  const std::string above = folder_of(path);
  TRY_STATUS(make_folder(above, mode));
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return failed_call("making the folder", path, errno);
  return sync_folder(above);
}

bool exists(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0;
}

bool is_regular(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

Result<std::vector<std::string>> list_folder(const std::string& path) {
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return failed_call("listing", path, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  ::closedir(directory);
  std::ranges::sort(names);
  return names;
}

}  // namespace chancery::files
