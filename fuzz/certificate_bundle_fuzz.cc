#include "base/check.h"
#include "pki/bundle.h"

// A bundle that reads in BER reads as the same after it was written in DER.

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  (void)pki::read_certificates(bytes);
  const auto bundle = pki::read_bundle(bytes);
  if (!bundle) return 0;
  const auto again = pki::read_bundle(pki::write_bundle(*bundle));
  CHECK(again.has_value());
  CHECK(again->certificates == bundle->certificates);
  CHECK(again->crls == bundle->crls);
  return 0;
}
