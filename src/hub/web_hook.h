#pragma once

// Asking somebody else's service whether a device is let in. Granted by connectors/.

#include <string>
#include <vector>

#include "base/bytes.h"

namespace chancery::hub {

struct WebHookQuestion {
  std::string url;
  std::string token_file;  // empty: no bearer token
  std::string endpoint;
  std::string source;
  std::string transaction_id;
  std::string subject;
  std::vector<std::string> alternative_names;
  std::string key_type;
  std::string key_fingerprint;   // SHA-256 of the SubjectPublicKeyInfo, hex
  const SecretBytes& challenge;  // may be empty
  ByteView request_der;          // the PKCS#10
};

struct WebHookAnswer {
  enum class Verdict : std::uint8_t { refuse, allow, ask_a_person };
  Verdict verdict = Verdict::refuse;
  std::string reason;
};

class WebHook {
 public:
  virtual ~WebHook() = default;
  // ErrorCode::unavailable when nobody answers, or not in the agreed form: the device is told to come back.
  virtual Result<WebHookAnswer> ask(const WebHookQuestion& question) = 0;
};

}  // namespace chancery::hub
