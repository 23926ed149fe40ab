#pragma once

// What every verb of the hub works with. The references outlive all verbs; main (or a test) makes them.

#include "base/log.h"
#include "base/random.h"
#include "base/time.h"
#include "hub/endpoint_directory.h"
#include "hub/keyring.h"
#include "hub/ledger.h"
#include "hub/web_hook.h"

namespace chancery::hub {

struct Context {
  Ledger& ledger;
  Keyring& keyring;
  EndpointDirectory& endpoints;
  WebHook& web_hook;
  Clock& clock;
  Random& random;
  Log& log;
};

// Who asks: for the audit trail and for the rules that depend on it.
struct Caller {
  std::string name;  // "scep 10.0.0.7", "admin root (uid 0)"
};

}  // namespace chancery::hub
