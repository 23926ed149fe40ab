#include "pki/name_constraints.h"

#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/check.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

using openssl::Owned;
using openssl::X509Pointer;
using ConstraintsPointer = Owned<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;
using NativeName = Owned<X509_NAME, X509_NAME_free>;
using NativeExtension = Owned<X509_EXTENSION, X509_EXTENSION_free>;
using NativeOctets = Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using NativeNames = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;

// Nothing when it is malformed. OpenSSL has no d2i function of its own for this type.
ConstraintsPointer read(ByteView der) {
  const std::uint8_t* position = der.data();
  ASN1_VALUE* const value =
      ASN1_item_d2i(nullptr, &position, static_cast<long>(der.size()), ASN1_ITEM_rptr(NAME_CONSTRAINTS));
  ConstraintsPointer constraints(static_cast<NAME_CONSTRAINTS*>(static_cast<void*>(value)));
  if (position != der.data() + der.size()) constraints.reset();
  return constraints;
}

bool put_subject(X509* certificate, const Name& subject) {
  const Bytes der = subject.to_der();
  const std::uint8_t* position = der.data();
  const NativeName name(d2i_X509_NAME(nullptr, &position, static_cast<long>(der.size())));
  return name != nullptr && X509_set_subject_name(certificate, name.get()) == 1;
}

bool put_alternative_names(X509* certificate, const std::vector<GeneralName>& names) {
  der::Writer out;
  write_general_names(out, names);
  const NativeOctets value(ASN1_OCTET_STRING_new());
  CHECK(value != nullptr);
  if (ASN1_OCTET_STRING_set(value.get(), out.view().data(), static_cast<int>(out.size())) != 1) return false;
  const NativeExtension extension(X509_EXTENSION_create_by_NID(nullptr, NID_subject_alt_name, /*crit=*/0, value.get()));
  if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  // What OpenSSL cannot read would pass unseen.
  const NativeNames read(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  return read != nullptr && sk_GENERAL_NAME_num(read.get()) == static_cast<int>(names.size());
}

// OpenSSL's verdict on a certificate that is nothing but names. An unsigned one will do: only names are looked at.
int judge(NAME_CONSTRAINTS* constraints, const Name& subject, const std::vector<GeneralName>& names, bool common_name) {
  if (constraints == nullptr) return X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX;
  const X509Pointer certificate(X509_new());
  CHECK(certificate != nullptr);
  if (X509_set_version(certificate.get(), X509_VERSION_3) != 1 || !put_subject(certificate.get(), subject) ||
      (!names.empty() && !put_alternative_names(certificate.get(), names)))
    return X509_V_ERR_UNSUPPORTED_NAME_SYNTAX;
  // Makes OpenSSL read the extensions into where it looks for them. That the rest of the certificate is missing is no
  // matter, so the answer is not.
  X509_check_purpose(certificate.get(), -1, 0);
  const int verdict = NAME_CONSTRAINTS_check(certificate.get(), constraints);
  return verdict == X509_V_OK && common_name ? NAME_CONSTRAINTS_check_CN(certificate.get(), constraints) : verdict;
}

std::string reason_of(int verdict) {
  if (verdict == X509_V_ERR_PERMITTED_VIOLATION) return "is not among the permitted names";
  if (verdict == X509_V_ERR_EXCLUDED_VIOLATION) return "is among the excluded names";
  return fmt::format("cannot be judged: {}", X509_verify_cert_error_string(verdict));
}

}  // namespace

std::vector<NameOutside> names_outside(ByteView constraints, const NamesBelow& names) {
  const ConstraintsPointer native = read(constraints);
  std::vector<NameOutside> outside;
  const auto keep = [&](std::string name, int verdict) {
    if (verdict != X509_V_OK) outside.push_back({.name = std::move(name), .reason = reason_of(verdict)});
  };
  const bool has_dns = std::ranges::any_of(names.alternative_names,
                                           [](const auto& name) { return name.kind == GeneralName::Kind::dns; });
  keep(names.subject.to_text(), judge(native.get(), names.subject, {}, /*common_name=*/!has_dns));
  // One by one, so that each that is outside is told.
  for (const GeneralName& name : names.alternative_names)
    keep(to_string(name), judge(native.get(), Name(), {name}, /*common_name=*/false));
  openssl::forget_errors();
  return outside;
}

}  // namespace chancery::pki
