#pragma once

// Talks to the running agent over its Unix socket (local_api.h).

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/command_table.h"

namespace chancery::agent_program {

class DaemonClient {
 public:
  // Of the agent that --config and --socket name.
  static Result<DaemonClient> from(const cli::Arguments& arguments);

  // The answer's JSON. The agent's error becomes this call's, code and text; when none answers, the error says how to
  // start it.
  Result<boost::json::value> get(std::string_view path) { return call("GET", path, nullptr); }
  Result<boost::json::value> post(std::string_view path, const boost::json::value& body) {
    return call("POST", path, &body);
  }
  Result<boost::json::value> remove(std::string_view path) { return call("DELETE", path, nullptr); }

 private:
  explicit DaemonClient(std::string socket) : socket_(std::move(socket)) {}
  Result<boost::json::value> call(std::string_view method, std::string_view path, const boost::json::value* body);

  std::string socket_;
};

[[nodiscard]] cli::Option socket_option();

}  // namespace chancery::agent_program
