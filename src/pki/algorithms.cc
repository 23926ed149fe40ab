#include "pki/algorithms.h"

#include <openssl/evp.h>

#include <array>

#include "base/check.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

struct DigestRow {
  std::string_view name;
  Oid oid;
  std::size_t size;
};
constexpr std::array<DigestRow, 5> digests = {{{"md5", oids::md5, 16},
                                               {"sha1", oids::sha1, 20},
                                               {"sha256", oids::sha256, 32},
                                               {"sha384", oids::sha384, 48},
                                               {"sha512", oids::sha512, 64}}};

struct SignatureRow {
  SignatureAlgorithm algorithm;
  std::string_view name;
  Oid oid;
};
constexpr std::array<SignatureRow, 10> signatures = {{
    {{KeyFamily::rsa, Digest::sha256}, "sha256WithRSAEncryption", oids::sha256_with_rsa},
    {{KeyFamily::rsa, Digest::sha384}, "sha384WithRSAEncryption", oids::sha384_with_rsa},
    {{KeyFamily::rsa, Digest::sha512}, "sha512WithRSAEncryption", oids::sha512_with_rsa},
    {{KeyFamily::rsa, Digest::sha1}, "sha1WithRSAEncryption", oids::sha1_with_rsa},
    {{KeyFamily::rsa, Digest::md5}, "md5WithRSAEncryption", oids::md5_with_rsa},
    {{KeyFamily::ec, Digest::sha256}, "ecdsa-with-SHA256", oids::ecdsa_with_sha256},
    {{KeyFamily::ec, Digest::sha384}, "ecdsa-with-SHA384", oids::ecdsa_with_sha384},
    {{KeyFamily::ec, Digest::sha512}, "ecdsa-with-SHA512", oids::ecdsa_with_sha512},
    {{KeyFamily::ec, Digest::sha1}, "ecdsa-with-SHA1", oids::ecdsa_with_sha1},
    {{KeyFamily::ed25519, Digest::sha256}, "Ed25519", oids::ed25519},
}};

const DigestRow& row_of(Digest digest) { return digests.at(static_cast<std::size_t>(digest)); }

// Ed25519 has one row, whatever digest stands beside it.
const SignatureRow& row_of(const SignatureAlgorithm& algorithm) {
  for (const SignatureRow& row : signatures) {
    if (row.algorithm.family != algorithm.family) continue;
    if (row.algorithm.digest == algorithm.digest || algorithm.family == KeyFamily::ed25519) return row;
  }
  CHECK(false);
}

}  // namespace

std::string_view to_string(Digest digest) { return row_of(digest).name; }

const Oid& oid_of(Digest digest) { return row_of(digest).oid; }

std::optional<Digest> digest_of(const Oid& oid) {
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (digests[i].oid == oid) return static_cast<Digest>(i);
  return std::nullopt;
}

std::size_t size_of(Digest digest) { return row_of(digest).size; }

Bytes hash(Digest digest, ByteView data) {
  Bytes out(size_of(digest));
  unsigned size = 0;
  if (digest == Digest::sha256) {
    // Kept by each thread: making a context costs more than hashing a small message. This digest wipes the data when it
    // ends; OpenSSL's SHA-512 does not.
    thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
    CHECK(context != nullptr && EVP_DigestInit_ex(context.get(), openssl::native(digest), nullptr) == 1);
    CHECK(EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1);
    CHECK(EVP_DigestFinal_ex(context.get(), out.data(), &size) == 1);
  } else {
    CHECK(EVP_Digest(data.data(), data.size(), out.data(), &size, openssl::native(digest), nullptr) == 1);
  }
  CHECK(size == out.size());
  return out;
}

std::string_view to_string(const SignatureAlgorithm& algorithm) { return row_of(algorithm).name; }

std::optional<SignatureAlgorithm> signature_algorithm_of(const Oid& oid) {
  for (const SignatureRow& row : signatures)
    if (row.oid == oid) return row.algorithm;
  return std::nullopt;
}

void write_algorithm(der::Writer& out, const SignatureAlgorithm& algorithm) {
  // RFC 4055 section 5: NULL for RSA. RFC 5758 section 3.2 and RFC 8410 section 3: nothing for the others.
  out.algorithm(row_of(algorithm).oid, algorithm.family == KeyFamily::rsa);
}

}  // namespace chancery::pki
