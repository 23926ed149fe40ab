#pragma once

// Talks to the running server over its Unix socket.

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/error.h"
#include "cli/command_table.h"

namespace chancery::program {

class AdminClient {
 public:
  explicit AdminClient(std::string socket_path) : socket_path_(std::move(socket_path)) {}
  // Of the server that --config, --data and --socket name.
  static Result<AdminClient> from(const cli::Arguments& arguments);

  // The answer's JSON. The server's error becomes this call's, code and text; when no server answers, the error says
  // how to start one.
  Result<boost::json::value> get(std::string_view path) { return call("GET", path, nullptr); }
  Result<boost::json::value> post(std::string_view path, const boost::json::value& body) {
    return call("POST", path, &body);
  }
  Result<boost::json::value> patch(std::string_view path, const boost::json::value& body) {
    return call("PATCH", path, &body);
  }
  Result<boost::json::value> remove(std::string_view path) { return call("DELETE", path, nullptr); }
  // Whether a server answered at all, be it with an error.
  [[nodiscard]] bool was_answered() const { return was_answered_; }
  // The answer's bytes as they are.
  Result<Bytes> download(std::string_view path);

 private:
  Result<Bytes> send(std::string_view method, std::string_view path, const boost::json::value* body);
  Result<boost::json::value> call(std::string_view method, std::string_view path, const boost::json::value* body);

  std::string socket_path_;
  bool was_answered_ = false;
};

}  // namespace chancery::program
