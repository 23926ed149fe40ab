#include "scep/capabilities.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace chancery::scep {
namespace {

constexpr std::size_t max_text = std::size_t{64} * 1024;

struct Keyword {
  std::string_view text;  // in the RFC's case
  bool Capabilities::* flag;
};
constexpr std::array<Keyword, 10> keywords{{
    {"AES", &Capabilities::aes},
    {"DES3", &Capabilities::des3},
    {"GetNextCACert", &Capabilities::get_next_ca_cert},
    {"POSTPKIOperation", &Capabilities::post},
    {"Renewal", &Capabilities::renewal},
    {"SHA-1", &Capabilities::sha1},
    {"SHA-256", &Capabilities::sha256},
    {"SHA-384", &Capabilities::sha384},
    {"SHA-512", &Capabilities::sha512},
    {"SCEPStandard", &Capabilities::scep_standard},
}};

// What SCEPStandard stands for (RFC 8894 section 3.5.2).
void add_implied(Capabilities& capabilities) {
  if (!capabilities.scep_standard) return;
  capabilities.aes = capabilities.post = capabilities.sha256 = true;
}

}  // namespace

std::string to_text(const Capabilities& capabilities) {
  Capabilities told = capabilities;
  add_implied(told);  // In so many words, for clients older than the keyword.
  std::string text;
  for (const Keyword& keyword : keywords)
    if (told.*keyword.flag) text.append(keyword.text).append("\n");
  return text;
}

Capabilities parse_capabilities(std::string_view text) {
  text = text.substr(0, max_text);
  Capabilities capabilities;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = ascii::trimmed(text.substr(0, end));
    for (const Keyword& keyword : keywords)
      if (ascii::equal_ignoring_case(line, keyword.text)) capabilities.*keyword.flag = true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  add_implied(capabilities);
  return capabilities;
}

ChosenAlgorithms choose_algorithms(const Capabilities& capabilities) {
  ChosenAlgorithms chosen;
  chosen.cipher = capabilities.aes ? pki::Cipher::aes128 : pki::Cipher::des3;
  // SHA-256 first: RFC 8894 section 2.9 makes it mandatory, so it is what every implementation has been tried with.
  if (capabilities.sha256) {
    chosen.digest = pki::Digest::sha256;
  } else if (capabilities.sha512) {
    chosen.digest = pki::Digest::sha512;
  } else if (capabilities.sha384) {
    chosen.digest = pki::Digest::sha384;
  } else {
    chosen.digest = pki::Digest::sha1;
  }
  chosen.weak = chosen.cipher == pki::Cipher::des3 || chosen.digest == pki::Digest::sha1;
  return chosen;
}

}  // namespace chancery::scep
