#pragma once

// Tries again, a bounded number of times and ever more slowly, when nobody answers or the server says that it is busy.
// That is safe with SCEP: the same message gets the same answer.

#include "agent/transport.h"
#include "base/log.h"
#include "base/time.h"

namespace chancery::agent {

struct RetryOptions {
  int attempts = 4;
  Seconds first_delay{1};     // doubled after each attempt
  Seconds longest_delay{30};  // also of what a server asks for in Retry-After
};

class RetryingTransport final : public Transport {
 public:
  RetryingTransport(Transport& transport, Clock& clock, Log& log, RetryOptions options = {})
      : transport_(transport), clock_(clock), log_(log), options_(options) {}

  // The last answer, or the last error, when all attempts were in vain.
  Result<TransportReply> get(std::string_view operation, std::string_view message) override;
  Result<TransportReply> post(ByteView message) override;

 private:
  template <class Attempt>
  Result<TransportReply> retry(Attempt attempt);

  Transport& transport_;
  Clock& clock_;
  Log& log_;
  RetryOptions options_;
};

}  // namespace chancery::agent
