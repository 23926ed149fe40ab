#include "name_invariants.h"
#include "pki/crl.h"

// A CRL that reads keeps its bytes, and each of its serials has a text form that leads back to it.

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto crl = pki::Crl::from_der(bytes);
  if (!crl) return 0;
  CHECK(equal(crl->der(), bytes));
  fuzz::check_name(crl->issuer());
  for (const pki::RevokedEntry& entry : crl->entries()) {
    const auto serial = pki::Serial::from_hex(entry.serial.hex());
    CHECK(serial.has_value() && *serial == entry.serial);
    const auto reason = pki::revocation_reason_from_text(pki::to_string(entry.reason));
    CHECK(reason.has_value() && *reason == entry.reason);
  }
  return 0;
}
