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
  // Made before a server is started with `files`, whose listeners `first` to `first + count - 1` show them.
  HttpsFiles(http::TlsFiles files, std::size_t first, std::size_t count, Log& log);

  // Called every second. Reads both files again if one of them is another than before, or may be read by others now. A
  // pair that does not fit, as between two writes, is logged and tried again every minute; what was shown before goes
  // on being shown.
  void look(http::Server& server);

 private:
  using State = std::array<std::string, 2>;
  [[nodiscard]] State state() const;

  const http::TlsFiles files_;
  const std::size_t first_;
  const std::size_t count_;
  Log& log_;
  State seen_;
  std::string trouble_;  // empty: what was seen is shown
  int looks_since_ = 0;
};

}  // namespace chancery::program
