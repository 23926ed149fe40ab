#pragma once

// What an enrolment comes to, as far as the device is told. What it may try again later is an Error instead.

#include <string>
#include <variant>

#include "pki/certificate.h"
#include "scep/message.h"

namespace chancery::hub {

struct Issued {
  pki::Certificate certificate;
};
// A person has to decide.
struct Waiting {};
struct Refusal {
  scep::FailInfo info = scep::FailInfo::bad_request;
  std::string text;  // for a person; short, and without a hint at secrets
};

using Outcome = std::variant<Issued, Waiting, Refusal>;

}  // namespace chancery::hub
