#pragma once

// The way to a SCEP server over HTTP (RFC 8894 section 4).

#include <string>

#include "agent/transport.h"
#include "http/client.h"

namespace chancery::device {

class HttpTransport final : public agent::Transport {
 public:
  // `url` is one that scep_url_from_text() made.
  HttpTransport(std::string url, http::ClientOptions options) : url_(std::move(url)), client_(std::move(options)) {}

  Result<agent::TransportReply> get(std::string_view operation, std::string_view message) override;
  Result<agent::TransportReply> post(ByteView message) override;

 private:
  std::string url_;
  http::Client client_;
};

}  // namespace chancery::device
