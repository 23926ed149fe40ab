#pragma once

// A key with a certificate that says which one it is.

#include <string>

#include "agent/credential_folder.h"
#include "testing/fakes.h"

namespace chancery::device {

struct Pair {
  pki::PrivateKey key;
  pki::Certificate certificate;
};

inline Pair make_pair(const std::string& name) {
  pki::PrivateKey key = pki::PrivateKey::generate({pki::KeyFamily::ed25519, 256}).value();
  const testing::FakeClock clock;
  pki::Certificate certificate = pki::make_transport_certificate(key, pki::Name::from_text("CN=" + name).value(),
                                                                 {clock.now(), clock.now() + std::chrono::days(1)},
                                                                 pki::Serial::from_hex("01").value())
                                     .value();
  return {std::move(key), std::move(certificate)};
}

inline agent::NewCredential credential_of(const Pair& pair) {
  return {.key = pair.key,
          .certificate = pair.certificate,
          .chain = {},
          .authorities = {pair.certificate},
          .source = {.url = "http://ca.example/scep/x", .fingerprint = Bytes(32, 1)}};
}

}  // namespace chancery::device
