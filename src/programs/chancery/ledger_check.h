#pragma once

// Whether the ledger in a data folder is the one that the authority beside it wrote last. Without it, or with another's
// or an older one, certificates that were revoked would be good again.

#include <map>
#include <string>

#include "base/error.h"
#include "store/hub/authority_files.h"

namespace chancery::program {

// ErrorCode::not_found when there is no ledger, conflict when it is another authority's. Nothing is changed. The text
// says what to do.
Status check_ledger_belongs(const std::string& data, const store::AuthorityFiles& authority);

struct OlderCrl {
  std::uint64_t in_ledger = 0;
  std::uint64_t kept = 0;  // beside the keys, and higher
};
// The generations whose CRLs were numbered higher already than the latest one in the ledger: it is an older copy. The
// root's is not looked at: its key may be elsewhere.
Result<std::map<int, OlderCrl>> older_crls(const std::string& data, const store::AuthorityFiles& authority);
// ErrorCode::conflict when there are some.
Status check_ledger_age(const std::string& data, const store::AuthorityFiles& authority);

}  // namespace chancery::program
