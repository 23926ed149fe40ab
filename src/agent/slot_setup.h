#pragma once

// What the agent is told about a slot, from its service file, and what it is given to serve it with.

#include <functional>
#include <string>
#include <vector>

#include "agent/credential_folder.h"
#include "agent/enrolment.h"
#include "agent/services.h"
#include "agent/slot_machine.h"
#include "agent/store.h"
#include "agent/transport.h"
#include "base/log.h"
#include "base/random.h"
#include "base/time.h"

namespace chancery::agent {

struct SlotSetup {
  std::string name;
  std::string service;  // for people: "nginx"
  pki::Name subject;
  std::vector<pki::GeneralName> names = {};
  pki::KeySpec key = {};
  bool reuse_key = false;
  Source source = {};      // without a URL, the slot is filled by hand or by the hub
  SlotPolicy policy = {};  // has_source follows from `source`
  AlgorithmFloor floor = {};
  bool accept_changed_names = false;
};

// What belongs to one slot. All must outlive the agent.
struct SlotParts {
  CredentialFolder& folder;
  Transport* transport = nullptr;  // to the source; needed where there is one. It does not try again by itself.
  // The challenge as it stands now, empty when there is none. Read before each use: an operator may have put a new one.
  std::function<Result<SecretBytes>()> challenge = [] { return SecretBytes(); };
  KeyMaker* keys = nullptr;  // nothing: in memory
};

// What all slots share.
struct AgentParts {
  AgentStore& store;
  Services& services;
  Clock& clock;
  Random& random;
  Log& log;
};

}  // namespace chancery::agent
