#pragma once

// An HTTP client: one request at a time on one reused connection.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "http/message.h"
#include "http/tls_identity.h"

namespace chancery::http {

struct ClientOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{30'000};  // For the whole exchange. Zero: none.
  std::size_t response_limit = 4 * 1024 * 1024;
  std::string unix_socket_path;         // Connects there, whatever host the URL names.
  std::string ca_file;                  // PEM file of what to trust. Empty: what the system trusts.
  std::optional<std::string> ca_text;   // The same as a text: nothing else is trusted, nor is it when empty. Not both.
  std::string client_certificate_file;  // PEM; empty: none is shown.
  std::string client_key_file;          // PEM.
  std::optional<TlsIdentity> identity;  // The same from memory. Not both.
  std::string user_agent;
  bool http_1_0 = false;  // Speaks HTTP/1.0, as old devices do.
};

// Not thread-safe. May be made for one request and thrown away: what stays then is what libcurl holds for the process.
// Honours the proxy variables of the environment (http_proxy, https_proxy, no_proxy).
class Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // `url` is http: or https:, escaped already; it is sent as it is. Redirects are not followed. A body comes with
  // Content-Length and with no Content-Type but the one in `headers`. A response of any status is a value.
  // Errors: invalid (the URL, a header, a response beyond the limit or not HTTP), refused (the server's certificate is
  // not trusted), unavailable (no connection, no answer in time, or `stop` was requested, which ends it at once from
  // any thread). The thread sleeps while nothing arrives.
  Result<Response> send(std::string_view method, std::string_view url, const std::vector<Header>& headers,
                        ByteView body, const std::stop_token& stop = {});

 private:
  class Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace chancery::http
