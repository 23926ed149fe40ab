#pragma once

// For tests only: certificates that sign themselves.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string>

#include "http/tls_identity.h"

namespace chancery::http {

struct SelfSigned {
  std::string certificate;  // PEM.
  std::string key;          // PEM.
  Bytes der;                // The certificate.

  [[nodiscard]] TlsIdentity identity() const { return {certificate, SecretBytes::copy_of(key)}; }
};

// For `name` and 127.0.0.1, with a new key.
inline SelfSigned make_self_signed(const std::string& name) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, subject);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
  X509_sign(certificate, key, EVP_sha256());

  const auto take = [](BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  };
  BIO* certificate_text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(certificate_text, certificate);
  BIO* key_text = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(key_text, key, nullptr, nullptr, 0, nullptr, nullptr);
  BIO* der = BIO_new(BIO_s_mem());
  i2d_X509_bio(der, certificate);
  SelfSigned made{.certificate = take(certificate_text), .key = take(key_text), .der = to_bytes(as_bytes(take(der)))};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

}  // namespace chancery::http
