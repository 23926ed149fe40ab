#include "programs/chancery-agent/daemon_client.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>

#include "http/client.h"
#include "programs/chancery-agent/agent_options.h"

namespace chancery::agent_program {
namespace {

// An enrolment and its installation may take so long.
constexpr std::chrono::minutes patience{3};

ErrorCode code_from(std::string_view name) {
  for (const ErrorCode code :
       {ErrorCode::invalid, ErrorCode::not_found, ErrorCode::conflict, ErrorCode::refused, ErrorCode::unavailable})
    if (to_string(code) == name) return code;
  return ErrorCode::internal;
}

Error error_in(const http::Response& response, const boost::json::value& body) {
  const boost::json::object* fields = body.if_object();
  const boost::json::value* error = fields == nullptr ? nullptr : fields->if_contains("error");
  const boost::json::object* inside = error == nullptr ? nullptr : error->if_object();
  const boost::json::value* code = inside == nullptr ? nullptr : inside->if_contains("code");
  const boost::json::value* text = inside == nullptr ? nullptr : inside->if_contains("text");
  if (code == nullptr || !code->is_string() || text == nullptr || !text->is_string())
    return {ErrorCode::internal, fmt::format("the agent answered with HTTP status {}", response.status)};
  return {code_from(code->as_string()), std::string(text->as_string())};
}

}  // namespace

cli::Option socket_option() {
  return {
      .name = "socket", .value_name = "PATH", .help = "Socket of the running agent", .default_text = "as configured"};
}

Result<DaemonClient> DaemonClient::from(const cli::Arguments& arguments) {
  if (arguments.has("socket")) return DaemonClient(arguments.text("socket"));
  TRY(const AgentOptions options, load_agent_options(arguments.text("config")));
  return DaemonClient(options.socket);
}

Result<boost::json::value> DaemonClient::call(std::string_view method, std::string_view path,
                                              const boost::json::value* body) {
  http::Client client({.timeout = patience, .unix_socket_path = socket_});
  const std::string text = body != nullptr ? boost::json::serialize(*body) : std::string();
  std::vector<http::Header> headers;
  if (body != nullptr) headers.push_back({"Content-Type", "application/json"});
  const auto response = client.send(method, "http://agent" + std::string(path), headers, as_bytes(text));
  if (!response && ::access(socket_.c_str(), W_OK) != 0 && errno == EACCES)
    return refused(fmt::format("{} may not be used by you: try again as root", socket_));
  if (!response && response.error().code() == ErrorCode::unavailable)
    return unavailable(fmt::format(
        "no agent answers at {}: start it with 'chancery-agent run', or name its socket with --socket", socket_));
  if (!response) return std::unexpected(response.error());
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse(as_text(response->body), failed);
  if (failed) return internal("the agent's answer is not JSON");
  if (response->status >= 300) return std::unexpected(error_in(*response, value));
  return value;
}

}  // namespace chancery::agent_program
