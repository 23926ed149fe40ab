#pragma once

// The server's configuration file, every option described once.

#include <string>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "config/option.h"

namespace chancery::program {

struct ServerOptions {
  std::string data = "/var/lib/chancery";
  std::string passphrase_file;
  std::string base_url = "http://localhost:8080";
  std::vector<std::string> http_listen = {"0.0.0.0:8080"};
  std::vector<std::string> https_listen;
  std::string https_certificate_file;
  std::string https_key_file;
  std::vector<std::string> monitoring_listen = {"127.0.0.1:9465"};
  std::vector<std::string> web_listen = {"127.0.0.1:8443"};
  bool web_tls = false;
  std::vector<std::string> link_listen;
  std::string link_url;                 // empty: by the first host name and the port of link_listen
  std::vector<std::string> host_names;  // empty: the host of base_url
  std::string admin_socket;             // empty: admin.sock in the data folder
  std::int64_t max_connections = 4096;
  std::int64_t connections_per_source = 256;
  std::int64_t queue_length = 1024;
  std::int64_t workers = 0;
  std::int64_t body_bytes = 256 * 1024;
  std::int64_t requests_per_second = 50;
  std::int64_t request_burst = 500;
  std::string pkiclient_alias;
  std::string mscep_alias;
  Seconds crl_validity = std::chrono::days(7);
  Seconds crl_overlap = std::chrono::days(2);
  LogLevel log_level = LogLevel::info;

  [[nodiscard]] std::string admin_socket_path() const {
    return admin_socket.empty() ? data + "/admin.sock" : admin_socket;
  }
  // By which agents and browsers know this server; they stand in its own TLS certificate.
  [[nodiscard]] std::vector<std::string> names() const;
};

[[nodiscard]] const config::OptionSet<ServerOptions>& server_option_set();
// The file, or the defaults when `path` is empty. All problems at once, one a line.
Result<ServerOptions> load_server_options(const std::string& path);

}  // namespace chancery::program
