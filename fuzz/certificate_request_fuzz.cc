#include "name_invariants.h"
#include "pki/request.h"

// A request that reads keeps its bytes, and the names that it asks for are written as they came.

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto request = pki::CertificateRequest::from_der(bytes);
  if (!request) return 0;
  CHECK(equal(request->der(), bytes));
  fuzz::check_name(request->subject());
  const auto& names = request->subject_alternative_names();
  if (!names.empty()) {
    const auto* asked = pki::find_extension(request->extensions(), pki::oids::subject_alternative_name);
    CHECK(asked != nullptr);
    CHECK(equal(pki::make_subject_alternative_name(names, false).value, asked->value));
  }
  const auto pem = pki::CertificateRequest::from_pem_or_der(as_bytes(request->to_pem()));
  CHECK(pem.has_value() && equal(pem->der(), bytes));
  (void)request->signature_is_valid();
  return 0;
}
