#pragma once

// Files with a secret that an operator wrote: passphrases, passwords, challenges, keys.

#include <string>

#include "base/bytes.h"

namespace chancery::program {

// Without one trailing line break. ErrorCode::refused when others may read it, unless systemd handed it over: such a
// file has an access list, which looks like a group's permission.
Result<SecretBytes> read_private_file(const std::string& path);

// What read_private_file() refuses, for a file whose octets are to be read as they stand.
Status check_private_file(const std::string& path);

// The path of a credential that systemd gave; empty when there is none of that name.
[[nodiscard]] std::string systemd_credential(const std::string& name);

}  // namespace chancery::program
