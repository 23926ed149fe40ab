// The CBC ciphers of algorithms.h.

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "base/check.h"
#include "pki/algorithms.h"
#include "pki/constant_time.h"
#include "pki/openssl.h"

namespace chancery::pki {
namespace {

struct CipherRow {
  std::string_view name;
  Oid oid;
  std::size_t key_size;
  std::size_t block_size;
};
constexpr std::array<CipherRow, 5> ciphers = {{{"des", oids::des_cbc, 8, 8},
                                               {"des3", oids::des_ede3_cbc, 24, 8},
                                               {"aes128", oids::aes128_cbc, 16, 16},
                                               {"aes192", oids::aes192_cbc, 24, 16},
                                               {"aes256", oids::aes256_cbc, 32, 16}}};

const CipherRow& row_of(Cipher cipher) { return ciphers.at(static_cast<std::size_t>(cipher)); }

enum class Direction : std::uint8_t { decrypt, encrypt };

// `out` and `in` have the same size, in whole blocks.
Status run(Direction direction, Cipher cipher, ByteView key, ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  CHECK(key.size() == key_size_of(cipher) && iv.size() == block_size_of(cipher));
  CHECK(in.size() % block_size_of(cipher) == 0 && in.size() == out.size() && in.size() <= INT32_MAX);
  const EVP_CIPHER* native = openssl::native(cipher);
  if (native == nullptr)
    return unavailable(
        fmt::format("the cipher {} needs OpenSSL's legacy provider, which is not installed", to_string(cipher)));
  const openssl::CipherContext context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr);
  const int encrypting = direction == Direction::encrypt ? 1 : 0;
  if (EVP_CipherInit_ex2(context.get(), native, key.data(), iv.data(), encrypting, nullptr) != 1)
    return openssl::failure("prepare a cipher");
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  int size = 0;
  if (!in.empty() && EVP_CipherUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) != 1)
    return openssl::failure("run a cipher");
  CHECK(static_cast<std::size_t>(size) == out.size());
  return {};
}

}  // namespace

std::string_view to_string(Cipher cipher) { return row_of(cipher).name; }

const Oid& oid_of(Cipher cipher) { return row_of(cipher).oid; }

std::optional<Cipher> cipher_of(const Oid& oid) {
  for (std::size_t i = 0; i < ciphers.size(); ++i)
    if (ciphers[i].oid == oid) return static_cast<Cipher>(i);
  return std::nullopt;
}

std::size_t key_size_of(Cipher cipher) { return row_of(cipher).key_size; }
std::size_t block_size_of(Cipher cipher) { return row_of(cipher).block_size; }

Result<Bytes> encrypt_cbc(Cipher cipher, ByteView key, ByteView iv, ByteView plain) {
  const std::size_t block = block_size_of(cipher);
  const std::size_t padding = block - plain.size() % block;
  SecretBytes padded(plain.size() + padding);
  std::ranges::copy(plain, padded.mutable_view().begin());
  std::ranges::fill(padded.mutable_view().subspan(plain.size()), static_cast<std::uint8_t>(padding));
  Bytes encrypted(padded.size());
  TRY_STATUS(run(Direction::encrypt, cipher, key, iv, padded.view(), encrypted));
  return encrypted;
}

Result<SecretBytes> decrypt_cbc(Cipher cipher, ByteView key, ByteView iv, ByteView encrypted) {
  const std::size_t block = block_size_of(cipher);
  if (encrypted.empty() || encrypted.size() % block != 0) return invalid("the encrypted data is not in whole blocks");
  SecretBytes plain(encrypted.size());
  TRY_STATUS(run(Direction::decrypt, cipher, key, iv, encrypted, plain.mutable_view()));

  // Looks at every octet of the last block, whichever is the first wrong one.
  const ByteView last = plain.view().last(block);
  const std::uint32_t padding = last.back();
  constant_time::Mask bad =
      constant_time::is_zero(padding) | constant_time::less(static_cast<std::uint32_t>(block), padding);
  for (std::size_t i = 0; i < block; ++i) {
    const constant_time::Mask is_padding = constant_time::less(static_cast<std::uint32_t>(i), padding);
    bad |= is_padding & ~constant_time::equals(last[block - 1 - i], padding);
  }
  if (bad != 0) return invalid("the padding of the encrypted data is wrong");
  plain.shrink(plain.size() - padding);
  return plain;
}

Result<SecretBytes> encrypt_cbc_raw(Cipher cipher, ByteView key, ByteView iv, ByteView plain) {
  SecretBytes encrypted(plain.size());
  TRY_STATUS(run(Direction::encrypt, cipher, key, iv, plain, encrypted.mutable_view()));
  return encrypted;
}

Result<SecretBytes> decrypt_cbc_raw(Cipher cipher, ByteView key, ByteView iv, ByteView encrypted) {
  SecretBytes plain(encrypted.size());
  TRY_STATUS(run(Direction::decrypt, cipher, key, iv, encrypted, plain.mutable_view()));
  return plain;
}

}  // namespace chancery::pki
