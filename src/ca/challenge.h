#pragma once

// One-time challenges: what a device presents once to be let in (RFC 8894 section 2.4).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "ca/policy.h"

namespace chancery::ca {

// What the request must ask for; a challenge is good for that and nothing else (VU#971035).
struct ChallengeBinding {
  std::optional<std::string> subject;  // RFC 4514; nothing: any subject the policy allows
  std::vector<std::string>
      alternative_names;  // "dns:…", "ip:…": the request's must be exactly these, or none beyond them
  [[nodiscard]] bool empty() const { return !subject && alternative_names.empty(); }
};

// What is on disk of a challenge: never the secret itself.
struct ChallengeRecord {
  std::string id;  // public: 8 bytes, base64url
  std::string endpoint;
  Bytes secret_hash;  // SHA-256 of the secret; enough for 128 random bits
  ChallengeBinding binding;
  Timestamp created, expires;
  std::optional<Timestamp> used;
  std::string used_by;  // the serial of the certificate, once issued
  std::string note;
};

// "id.secret": 8 and 16 random bytes in base64url, so that the record is found by its id and the secret compared in
// constant time.
struct MintedChallenge {
  ChallengeRecord record;
  SecretBytes text;
};
MintedChallenge mint_challenge(std::string endpoint, ChallengeBinding binding, Timestamp now, Seconds lifetime,
                               Random& random);

// The id part of what a device presented; nothing when it has no such form.
[[nodiscard]] std::optional<std::string> challenge_id(ByteView presented);
// True when `presented` is the text minted for `record`. Constant time in the secret.
[[nodiscard]] bool challenge_matches(const ChallengeRecord& record, ByteView presented);
// The request asks for what the binding says, no more and no less: "the challenge is for CN=a, the request is for
// CN=b". ErrorCode::refused. The subject may have its parts in another order, but for those of the same type, or all
// of them backwards: what is issued has the order that was asked for. A binding that names anything names all
// alternative names: where it lists none, the request may have none. A binding that cannot be read is
// ErrorCode::invalid.
Status check_binding(const ChallengeBinding& binding, const IssuanceRequest& request);

}  // namespace chancery::ca
