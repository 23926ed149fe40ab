#pragma once

// Files that are part of the program, answered the way browsers like them.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "http/message.h"

namespace chancery::http {

// One embedded file. cmake/embed.cmake makes tables of them.
struct StaticFile {
  std::string_view path;  // From the folder, with a leading slash: "/assets/index-BkF3x9aZ.js".
  ByteView content;
  ByteView gzip;          // The same, compressed; empty: that would not be smaller.
  std::string_view etag;  // Without quotes; another for every content.
};

struct StaticFilesOptions {
  std::string prefix;  // Of the URL paths: "/ui" for "/ui/index.html". Empty: none.
  // Of pages; 'self' is where they come from.
  std::string content_security_policy =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
};

// A value. The table must outlive it. Answers GET and HEAD with ETag and gzip; what the bundler named by a hash of its
// content may be kept for ever, everything else is asked for again. A path that is no file and looks like no file (no
// dot in its last part, or the browser asks for a page) is /index.html, which makes of it what it likes. Without files,
// every answer is a page that says that they were not built.
class StaticFiles {
 public:
  explicit StaticFiles(std::span<const StaticFile> files, StaticFilesOptions options = {});

  [[nodiscard]] Response answer(const Request& request) const;

 private:
  [[nodiscard]] const StaticFile* find(std::string_view path) const;
  [[nodiscard]] const StaticFile* file_for(const Request& request) const;
  void add_security_headers(Response& response) const;

  std::span<const StaticFile> files_;
  StaticFilesOptions options_;
};

// By the name's ending: "text/html; charset=utf-8" for ".html".
[[nodiscard]] std::string_view content_type_of(std::string_view path);

// Whether the bundler put eight characters of a hash before the ending: "/assets/index-BkF3x9aZ.js".
[[nodiscard]] bool is_named_by_hash(std::string_view path);

// Whether Accept-Encoding (RFC 9110 section 12.5.3) takes gzip.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

}  // namespace chancery::http
