#pragma once

// The certificate and key of the devices' HTTPS, which an operator renews in their files.

#include <array>
#include <cstddef>
#include <string>

#include "base/log.h"
#include "http/server.h"

namespace chancery::program {

// Not thread-safe. What it is given must outlive it.
class HttpsFiles {
 public:
  // Listeners `first` to `first + count - 1` of the server were started with `files`.
  HttpsFiles(http::Server& server, std::size_t first, std::size_t count, http::TlsFiles files, Log& log);

  // Reads both files again if one of them is another than before. A pair that does not fit, as between two writes, is
  // logged, and what was shown before goes on being shown until a file changes once more.
  void look();

 private:
  using State = std::array<std::string, 2>;
  [[nodiscard]] State state() const;

  http::Server& server_;
  const std::size_t first_;
  const std::size_t count_;
  const http::TlsFiles files_;
  Log& log_;
  State seen_;
};

}  // namespace chancery::program
