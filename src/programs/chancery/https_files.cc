#include "programs/chancery/https_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace chancery::program {
namespace {

// Another text for another file, or another content. Empty where there is none.
std::string state_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  return fmt::format("{} {} {} {}.{:09}", status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

}  // namespace

HttpsFiles::HttpsFiles(http::Server& server, std::size_t first, std::size_t count, http::TlsFiles files, Log& log)
    : server_(server), first_(first), count_(count), files_(std::move(files)), log_(log), seen_(state()) {}

HttpsFiles::State HttpsFiles::state() const { return {state_of(files_.certificate_file), state_of(files_.key_file)}; }

void HttpsFiles::look() {
  if (count_ == 0) return;
  State now = state();
  if (now == seen_) return;
  seen_ = std::move(now);
  for (std::size_t listener = first_; listener < first_ + count_; ++listener)
    if (const Status done = server_.reload_tls(listener, files_); !done) {
      log_.error("the new certificate for HTTPS cannot be used, the old one is still shown",
                 {{"file", files_.certificate_file}, {"error", done.error().text()}});
      return;
    }
  log_.info("HTTPS shows the new certificate", {{"file", files_.certificate_file}});
}

}  // namespace chancery::program
