#pragma once

// `chancery init`: makes an authority, or takes over an existing CA, with a first endpoint if wanted.

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "ca/authority.h"
#include "config/option_table.h"
#include "programs/chancery/server_options.h"

namespace chancery::program {

struct InitOrder {
  ca::AuthorityPlan plan;
  // Taking over: PEM files of the issuing certificate, its key, and the chain to its root; or a PKCS#12 file, which may
  // hold all three, and the rest of the chain. Empty: a new root and issuing CA.
  std::string import_certificate, import_key, import_chain;
  std::string import_pkcs12;
  SecretBytes import_passphrase;
  // Its CRLs, PEM or DER: the newest says what it had revoked, and stays so. Empty: the new CRLs do not have it.
  std::vector<std::string> import_crls;
  // The first endpoint. Empty name: none.
  std::string endpoint;
  std::vector<config::Setting> endpoint_settings;
};

struct InitOutcome {
  Bytes root_fingerprint;
  Bytes issuing_fingerprint;
  std::string root_subject, issuing_subject;
  std::vector<std::string> warnings;  // of the endpoint, as whoever adds one is told, and of the CA that is taken over
};

// Nothing is left behind when it fails half way, except files that the next try writes again. ErrorCode::conflict when
// there is an authority already.
Result<InitOutcome> initialise(const ServerOptions& options, InitOrder order, SecretBytes passphrase, Clock& clock,
                               Random& random, Log& log);

}  // namespace chancery::program
