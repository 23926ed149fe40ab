#pragma once

// An HTTP client: one request at a time on one reused connection.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "http/message.h"

namespace chancery::http {

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};  // For the whole exchange.
  std::size_t response_limit = 4 * 1024 * 1024;
  std::string unix_socket_path;         // Connects there, whatever host the URL names.
  std::string ca_file;                  // PEM file of what to trust. Empty: what the system trusts.
  std::string client_certificate_file;  // PEM; empty: none is shown.
  std::string client_key_file;          // PEM.
  std::string user_agent;
  bool http_1_0 = false;  // Speaks HTTP/1.0, as old devices do.
};

// Not thread-safe. Honours the proxy variables of the environment (http_proxy, https_proxy, no_proxy).
class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // `url` is http: or https:, escaped already; it is sent as it is. Redirects are not followed. A body comes with
  // Content-Length and with no Content-Type but the one in `headers`. A response of any status is a value.
  // Errors: invalid (the URL, a header, a response beyond the limit or not HTTP), refused (the server's certificate is
  // not trusted), unavailable (no connection, no answer in time).
  Result<Response> send(std::string_view method, std::string_view url, const std::vector<Header>& headers,
                        ByteView body);

 private:
  class Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace chancery::http
