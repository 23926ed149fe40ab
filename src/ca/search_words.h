#pragma once

// The words by which certificates are found: lower case, cut wherever there is neither a letter nor a digit.

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace chancery::ca {

// The words of a certificate's names, each once, in order: {"acme", "com", "example", "printer", "7"} of
// "CN=printer-7,O=Acme" and "dns:printer-7.example.com". Not the types of attributes and names (CN, dns). At most 48,
// each cut to 64 bytes.
[[nodiscard]] std::vector<std::string> search_words(std::string_view subject,
                                                    const std::vector<std::string>& alternative_names);

// What a person typed into a search field. It finds a certificate of which some word begins with each of `words`; and,
// where it is one run of hexadecimal digits, at least six, those whose serial or fingerprint begins so.
struct Search {
  std::vector<std::string> words;  // at most six; none: nothing is found
  std::string digits;              // lower case; empty: it is no number
};
[[nodiscard]] Search search_of(std::string_view text);
// Whether `words` (of search_words), or serial and fingerprint, are what `search` looks for.
[[nodiscard]] bool matches(const Search& search, const std::vector<std::string>& words, std::string_view serial_hex,
                           ByteView fingerprint);

// The first text above all that begin with `prefix`. REQUIRES: `prefix` is UTF-8 without U+10FFFF.
[[nodiscard]] std::string above_prefix(std::string_view prefix);

}  // namespace chancery::ca
