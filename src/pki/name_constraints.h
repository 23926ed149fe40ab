#pragma once

// What a CA's nameConstraints (RFC 5280 section 4.2.1.10) say of names below it. OpenSSL judges, by the same rules as
// in verify_path(): what is found here is what relying parties would refuse.

#include <string>
#include <vector>

#include "base/bytes.h"
#include "pki/general_name.h"
#include "pki/name.h"

namespace chancery::pki {

// A certificate's names that are to be judged. The references must outlive the call.
struct NamesBelow {
  const Name& subject;
  const std::vector<GeneralName>& alternative_names;
};

struct NameOutside {
  std::string name;    // the subject in RFC 4514, or an alternative name with its kind
  std::string reason;  // "is not among the permitted names", "is among the excluded names", "cannot be judged: …"
};

// Every name that `constraints`, the value of the extension, does not allow. A common name that looks like a host's is
// taken for one where there is no DNS name, as OpenSSL does.
[[nodiscard]] std::vector<NameOutside> names_outside(ByteView constraints, const NamesBelow& names);

}  // namespace chancery::pki
