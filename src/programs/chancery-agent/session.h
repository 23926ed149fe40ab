#pragma once

// One run of the program: the real clock, randomness and network, and the server it talks to.

#include <memory>
#include <optional>
#include <string>

#include "agent/authority.h"
#include "agent/credential_folder.h"
#include "agent/retrying_transport.h"
#include "agent/scep_client.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "cli/command_table.h"
#include "device/http_transport.h"

namespace chancery::agent_program {

struct SessionOptions {
  std::string url;
  agent::Pin pin;
  agent::ScepClientOptions scep;
  http::ClientOptions http;
};
// --allow-weak-algorithms and --insecure-allow-single-des-and-md5.
[[nodiscard]] agent::AlgorithmFloor algorithm_floor(const cli::Arguments& arguments);
// From the arguments; what they leave out comes from `known`, where the folder's certificate is from.
Result<SessionOptions> session_options(const cli::Arguments& arguments, const std::optional<agent::Source>& known);

struct Session {
  explicit Session(SessionOptions given);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SessionOptions options;
  SystemClock clock;
  SystemRandom random;
  StderrLog log{LogLevel::warning};
  device::HttpTransport http;
  agent::RetryingTransport transport;
  agent::ScepClient client;
};

// Asks the server who it is and checks it against the pin. Trusting on first use is told on the terminal.
Result<agent::Authority> meet(Session& session, cli::Terminal& terminal);
// Where what comes from this authority comes from: pinned by its SHA-256, however it was pinned so far.
[[nodiscard]] agent::Source source_of(const Session& session, const agent::Authority& authority);
// --out, which the command needs. It need not exist.
Result<std::string> output_folder(const cli::Arguments& arguments);
// The same for commands that go on with what is there. ErrorCode::not_found when nothing is.
Result<std::string> existing_folder(const cli::Arguments& arguments);

}  // namespace chancery::agent_program
