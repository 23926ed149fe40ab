#include "programs/chancery/admin_client.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/client.h"
#include "programs/chancery/settings.h"

namespace chancery::program {
namespace {

ErrorCode code_from(std::string_view name) {
  for (const ErrorCode code :
       {ErrorCode::invalid, ErrorCode::not_found, ErrorCode::conflict, ErrorCode::refused, ErrorCode::unavailable})
    if (to_string(code) == name) return code;
  return ErrorCode::internal;
}

// {"error": {"code": …, "text": …}} as the Error it was in the server.
Error error_in(const http::Response& response) {
  boost::system::error_code failed;
  const boost::json::value body = boost::json::parse(as_text(response.body), failed);
  const boost::json::object* fields = failed || !body.is_object()             ? nullptr
                                      : body.as_object().if_contains("error") ? body.as_object().at("error").if_object()
                                                                              : nullptr;
  const boost::json::value* code = fields ? fields->if_contains("code") : nullptr;
  const boost::json::value* text = fields ? fields->if_contains("text") : nullptr;
  if (!code || !code->is_string() || !text || !text->is_string())
    return {ErrorCode::internal, fmt::format("the server answered with HTTP status {}", response.status)};
  return {code_from(code->as_string()), std::string(text->as_string())};
}

}  // namespace

Result<AdminClient> AdminClient::from(const cli::Arguments& arguments) {
  TRY(const ServerOptions options, options_from(arguments));
  return AdminClient(options.admin_socket_path());
}

Result<Bytes> AdminClient::send(std::string_view method, std::string_view path, const boost::json::value* body) {
  http::Client client({.unix_socket_path = socket_path_});
  const std::string text = body ? boost::json::serialize(*body) : std::string();
  std::vector<http::Header> headers;
  if (body) headers.push_back({"Content-Type", "application/json"});
  auto response = client.send(method, "http://chancery" + std::string(path), headers, as_bytes(text));
  if (!response && ::access(socket_path_.c_str(), W_OK) != 0 && errno == EACCES)
    return refused(fmt::format("{} may not be used by you: try again as root, or as the user that the server runs as",
                               socket_path_));
  if (!response && response.error().code() == ErrorCode::unavailable)
    return unavailable(fmt::format(
        "no server answers at {}: start it with 'chancery serve', or name its socket with --socket", socket_path_));
  if (!response) return std::unexpected(response.error());
  was_answered_ = true;
  if (response->status >= 300) return std::unexpected(error_in(*response));
  return std::move(response->body);
}

Result<boost::json::value> AdminClient::call(std::string_view method, std::string_view path,
                                             const boost::json::value* body) {
  TRY(const Bytes answer, send(method, path, body));
  if (answer.empty()) return boost::json::value();
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse(as_text(answer), failed);
  if (failed) return internal("the server's answer is not JSON");
  return value;
}

Result<Bytes> AdminClient::download(std::string_view path) { return send("GET", path, nullptr); }

}  // namespace chancery::program
