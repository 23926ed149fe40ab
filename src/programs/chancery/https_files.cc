#include "programs/chancery/https_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

namespace chancery::program {
namespace {

constexpr int looks_between_tries = 60;

std::string text_of(const timespec& time) { return fmt::format("{}.{:09}", time.tv_sec, time.tv_nsec); }

// Another text for another file, another content, and another owner or mode. Empty where there is none.
std::string state_of(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return {};
  return fmt::format("{} {} {} {} {}", status.st_dev, status.st_ino, status.st_size, text_of(status.st_mtim),
                     text_of(status.st_ctim));
}

}  // namespace

HttpsFiles::HttpsFiles(http::TlsFiles files, std::size_t first, std::size_t count, Log& log)
    : files_(std::move(files)), first_(first), count_(count), log_(log), seen_(state()) {}

HttpsFiles::State HttpsFiles::state() const { return {state_of(files_.certificate_file), state_of(files_.key_file)}; }

void HttpsFiles::look(http::Server& server) {
  if (count_ == 0) return;
  State now = state();
  const bool tries_again = !trouble_.empty() && ++looks_since_ >= looks_between_tries;
  if (now == seen_ && !tries_again) return;
  seen_ = std::move(now);
  looks_since_ = 0;
  for (std::size_t listener = first_; listener < first_ + count_; ++listener)
    if (const Status done = server.reload_tls(listener, files_); !done) {
      if (std::exchange(trouble_, done.error().text()) != done.error().text())
        log_.error("the new certificate for HTTPS cannot be used, the old one is still shown",
                   {{"file", files_.certificate_file}, {"error", trouble_}});
      return;
    }
  trouble_.clear();
  log_.info("HTTPS shows the new certificate", {{"file", files_.certificate_file}});
}

}  // namespace chancery::program
