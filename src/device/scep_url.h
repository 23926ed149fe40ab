#pragma once

// What a person gives as the address of a SCEP server.

#include <string>
#include <string_view>

#include "base/error.h"

namespace chancery::device {

// The URL that the operation's name is appended to: "http://ca.example/scep/printers" stays as it is; a bare
// "ca.example" or "https://ca.example:8443/" gets the path of RFC 8894 section 4.1. Queries, fragments and user names
// are errors.
Result<std::string> scep_url_from_text(std::string_view text);

}  // namespace chancery::device
