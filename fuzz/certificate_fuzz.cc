#include "name_invariants.h"
#include "pki/certificate.h"

// A certificate that reads keeps its bytes; its parts, written again, read as the same.

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto certificate = pki::Certificate::from_der(bytes);
  if (!certificate) return 0;
  CHECK(equal(certificate->der(), bytes));
  fuzz::check_name(certificate->subject());
  fuzz::check_name(certificate->issuer());
  const auto serial = pki::Serial::from_hex(certificate->serial().hex());
  CHECK(serial.has_value() && *serial == certificate->serial());

  pki::der::Writer extensions;
  pki::write_extensions(extensions, certificate->extensions());
  const auto again = pki::read_extensions(extensions.view());
  CHECK(again.has_value() && again->size() == certificate->extensions().size());
  const auto& names = certificate->subject_alternative_names();
  if (!names.empty()) {
    const auto extension = pki::make_subject_alternative_name(names, false);
    CHECK(equal(extension.value, certificate->extension(pki::oids::subject_alternative_name)->value));
  }
  for (const pki::Extension& extension : certificate->extensions()) {
    (void)pki::read_extended_key_usage(extension.value);
    (void)pki::read_authority_key_identifier(extension.value);
    (void)pki::read_crl_distribution_points(extension.value);
    (void)pki::read_authority_information_access(extension.value);
  }
  const auto pem = pki::Certificate::from_pem_or_der(as_bytes(certificate->to_pem()));
  CHECK(pem.has_value() && equal(pem->der(), bytes));
  (void)certificate->public_key();
  return 0;
}
