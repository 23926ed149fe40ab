#pragma once

// The authority's keys and certificates: a self-signed root, and generations of an issuing CA with its RA key.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "ca/issuer.h"
#include "pki/certificate.h"
#include "pki/key.h"

namespace chancery::ca {

// One generation: what signs certificates and CRLs, and the RSA key that SCEP envelopes are encrypted to and replies
// signed with. The RA key is never the CA key (docs/threat-model.md).
struct Generation {
  enum class State : std::uint8_t { next, current, old };
  int number = 1;
  State state = State::current;
  pki::Certificate issuing;
  pki::PrivateKey issuing_key;
  pki::Certificate ra;
  pki::PrivateKey ra_key;
  // The CAs between `issuing` and the root, the nearest first: there are some only above an imported one.
  std::vector<pki::Certificate> between = {};
};

struct AuthorityNames {
  std::string organization;  // "Example": the names are CN=Example Root CA,O=Example and so on
  std::string common_name;   // prefix of the common names; empty: the organization
};

struct AuthorityPlan {
  AuthorityNames names;
  pki::KeySpec root_key{pki::KeyFamily::rsa, 3072};
  pki::KeySpec issuing_key{pki::KeyFamily::rsa, 2048};
  pki::KeySpec ra_key{pki::KeyFamily::rsa, 2048};  // must be RSA: lint says so
  Seconds root_validity = std::chrono::days(20 * 365);
  Seconds issuing_validity = std::chrono::days(10 * 365);
  Seconds ra_validity = std::chrono::days(10 * 365);
  PublicationUris root_publication;  // what the issuing certificate says of the root
  // What makes all three kinds of keys; nothing: they are made in memory.
  std::function<Result<pki::PrivateKey>(const pki::KeySpec&)> make_key = {};
};

struct Root {
  pki::Certificate certificate;
  std::optional<pki::PrivateKey> key;  // nothing when it is kept elsewhere (offline)
};

// Makes a root; then, below a root with its key, a generation.
Result<Root> make_root(const AuthorityPlan& plan, Timestamp now, Random& random);
Result<Generation> make_generation(const AuthorityPlan& plan, const Root& root, int number, Timestamp now,
                                   Random& random);
// An issuing CA that somebody else made.
struct ForeignCa {
  pki::Certificate issuing;
  pki::PrivateKey key;
  // The CAs above it, the nearest first and the root last; none above a root that issues itself.
  std::vector<pki::Certificate> above = {};
};
// A generation from an existing CA certificate and key, with a new RA key. The certificate must be a CA's that may sign
// certificates and CRLs, valid now, with a subjectKeyIdentifier and a key of at least 2048 bits for RSA that is its
// own. Where `plan.names` is empty, the RA is named after the certificate's organization or common name; its name must
// be within the name constraints of that CA and of those above it.
Result<Generation> import_generation(ForeignCa ca, const AuthorityPlan& plan, int number, Timestamp now,
                                     Random& random);

// That a device's certificate below `path`, which begins with the issuing CA and ends with the root, is within every
// pathLenConstraint (RFC 5280 section 4.2.1.9). Verifying the path of the issuing CA itself does not count that CA.
Status check_path_lengths(std::span<const pki::Certificate> path);

// That `key` is the one in `certificate`.
Status check_pair(const pki::Certificate& certificate, const pki::PrivateKey& key);

}  // namespace chancery::ca
