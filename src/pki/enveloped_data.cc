#include "pki/enveloped_data.h"

#include <fmt/format.h>

#include "base/check.h"
#include "pki/content_info.h"
#include "pki/openssl.h"
#include "pki/password_recipient.h"

namespace chancery::pki {
namespace {

namespace tag = der::tag;

constexpr std::size_t most_recipients = 16;

std::unexpected<Error> not_decrypted() { return invalid("the message could not be decrypted"); }

// [n] EXPLICIT AlgorithmIdentifier, if there is one.
Result<std::optional<der::Reader::Algorithm>> explicit_algorithm(der::Reader& reader, unsigned number,
                                                                 std::string_view what) {
  TRY(const auto element, reader.optional(tag::context_constructed(number)));
  if (!element) return std::optional<der::Reader::Algorithm>();
  der::Reader inner = reader.inside(*element);
  TRY(const auto algorithm, inner.algorithm(what));
  TRY_STATUS(inner.end(what));
  return std::optional(algorithm);
}

// RSAES-OAEP-params (RFC 4055 section 4.1); absent fields mean SHA-1 and MGF1 with SHA-1. False when an algorithm is
// not ours or the label is not empty.
Result<bool> read_oaep(ByteView parameters, KeyTransportRecipient& recipient) {
  recipient.oaep = true;
  if (parameters.empty()) return true;
  der::Reader outside(parameters, der::Rules::ber);
  TRY(der::Reader reader, outside.enter(tag::sequence, "OAEP parameters"));
  TRY(const auto hash_algorithm, explicit_algorithm(reader, 0, "OAEP digest"));
  TRY(const auto mask_algorithm, explicit_algorithm(reader, 1, "OAEP mask function"));
  TRY(const auto label, explicit_algorithm(reader, 2, "OAEP label"));
  TRY_STATUS(reader.end("the OAEP parameters"));
  if (hash_algorithm) {
    const auto digest = digest_of(hash_algorithm->oid);
    if (!digest) return false;
    recipient.oaep_digest = *digest;
  }
  if (mask_algorithm) {
    if (mask_algorithm->oid != oids::mgf1) return false;
    der::Reader mask(mask_algorithm->parameters, der::Rules::ber);
    TRY(const auto mask_digest, mask.algorithm("OAEP mask digest"));
    const auto digest = digest_of(mask_digest.oid);
    if (!digest) return false;
    recipient.oaep_mgf_digest = *digest;
  }
  if (label) {
    der::Reader value(label->parameters, der::Rules::ber);
    TRY(const Bytes octets, read_octets(value, "OAEP label"));
    if (!octets.empty()) return false;
  }
  return true;
}

// KeyTransRecipientInfo (RFC 5652 section 6.2.1).
Result<Recipient> read_key_transport(der::Reader& reader) {
  KeyTransportRecipient recipient;
  TRY(const ByteView version, reader.integer("recipient version", 4));
  static_cast<void>(version);
  if (reader.peek() == tag::sequence) {
    TRY(recipient.issuer_and_serial, read_issuer_and_serial(reader));
  } else {
    TRY(recipient.subject_key_identifier, read_octets(reader, "recipient identifier", tag::context(0)));
  }
  TRY(const auto algorithm, reader.algorithm("key encryption algorithm"));
  TRY(recipient.encrypted_key, read_octets(reader, "encrypted key"));
  TRY_STATUS(reader.end("the recipient"));
  if (algorithm.oid == oids::rsa_encryption) return recipient;
  if (algorithm.oid != oids::rsaes_oaep) return OtherRecipient();
  TRY(const bool known, read_oaep(algorithm.parameters, recipient));
  if (!known) return OtherRecipient();
  return recipient;
}

Result<Recipient> read_recipient(const der::Reader& recipients, const der::Element& element) {
  der::Reader inner = recipients.inside(element);
  if (element.tag == tag::sequence) return read_key_transport(inner);
  if (element.tag == tag::context_constructed(3)) return read_password_recipient(inner);
  return OtherRecipient();
}

}  // namespace

bool KeyTransportRecipient::is_for(const Certificate& certificate) const {
  return issuer_and_serial ? identifies(*issuer_and_serial, certificate)
                           : identifies(subject_key_identifier, certificate);
}

Result<EnvelopedData> EnvelopedData::parse(ByteView ber) {
  TRY(der::Reader body, read_content_info(ber, oids::enveloped_data, "EnvelopedData"));
  EnvelopedData data;
  TRY(const ByteView version, body.integer("version", 4));
  static_cast<void>(version);
  TRY(const auto originator, body.optional(tag::context_constructed(0)));
  static_cast<void>(originator);

  TRY(der::Reader recipients, body.enter(tag::set, "recipients"));
  while (!recipients.at_end()) {
    if (data.recipients.size() == most_recipients) return invalid("more than 16 recipients");
    TRY_IN("recipient", const der::Element element, recipients.any());
    TRY(Recipient recipient, read_recipient(recipients, element));
    data.recipients.push_back(std::move(recipient));
  }
  if (data.recipients.empty()) return invalid("no recipients");

  TRY(der::Reader encrypted, body.enter(tag::sequence, "encrypted content"));
  TRY(data.content_type, encrypted.oid("content type"));
  TRY(const auto algorithm, encrypted.algorithm("content encryption algorithm"));
  data.cipher_oid = algorithm.oid;
  data.cipher = cipher_of(algorithm.oid);
  if (data.cipher) {
    der::Reader iv(algorithm.parameters, der::Rules::ber);
    TRY(data.iv, read_octets(iv, "content encryption IV"));
    if (data.iv.size() != block_size_of(*data.cipher))
      return invalid("content encryption IV: not of the cipher's block size");
  }
  TRY(data.encrypted_content, read_octets(encrypted, "encrypted content", tag::context(0)));
  TRY_STATUS(encrypted.end("the encrypted content"));
  TRY(const auto unprotected, body.optional(tag::context_constructed(1)));
  static_cast<void>(unprotected);
  TRY_STATUS(body.end("the encrypted content"));
  return data;
}

const KeyTransportRecipient* EnvelopedData::recipient_for(const Certificate& certificate) const {
  for (const Recipient& recipient : recipients) {
    const auto* key_transport = std::get_if<KeyTransportRecipient>(&recipient);
    if (key_transport != nullptr && key_transport->is_for(certificate)) return key_transport;
  }
  return nullptr;
}

const PasswordRecipient* EnvelopedData::password_recipient() const {
  for (const Recipient& recipient : recipients)
    if (const auto* found = std::get_if<PasswordRecipient>(&recipient)) return found;
  return nullptr;
}

Result<SecretBytes> decrypt(const EnvelopedData& enveloped, const Certificate& certificate, const PrivateKey& key,
                            Random& random) {
  CHECK(enveloped.cipher.has_value());
  const KeyTransportRecipient* recipient = enveloped.recipient_for(certificate);
  if (recipient == nullptr) return not_found("the message is not encrypted to this certificate");
  if (key.spec().family != KeyFamily::rsa) return invalid("only RSA keys decrypt");
  if (openssl::native(*enveloped.cipher) == nullptr)
    return unavailable(fmt::format("the cipher {} is not installed", to_string(*enveloped.cipher)));

  const std::size_t key_size = key_size_of(*enveloped.cipher);
  const SecretBytes content_key = recipient->oaep
                                      ? key.decrypt_oaep_or_random(recipient->encrypted_key, recipient->oaep_digest,
                                                                   recipient->oaep_mgf_digest, key_size, random)
                                      : key.decrypt_pkcs1_or_random(recipient->encrypted_key, key_size, random);
  auto plain = decrypt_cbc(*enveloped.cipher, content_key.view(), enveloped.iv, enveloped.encrypted_content);
  if (!plain) return not_decrypted();
  return plain;
}

Result<SecretBytes> decrypt(const EnvelopedData& enveloped, ByteView password) {
  CHECK(enveloped.cipher.has_value());
  const PasswordRecipient* recipient = enveloped.password_recipient();
  if (recipient == nullptr) return not_found("the message is not encrypted to a password");
  TRY(const SecretBytes content_key, unwrap_key(*recipient, password, key_size_of(*enveloped.cipher)));
  auto plain = decrypt_cbc(*enveloped.cipher, content_key.view(), enveloped.iv, enveloped.encrypted_content);
  if (!plain) return not_decrypted();
  return plain;
}

}  // namespace chancery::pki
