#include "scep/pki_message.h"

#include <fmt/format.h>

#include "base/check.h"
#include "scep/attributes.h"
#include "scep/unsupported.h"

namespace chancery::scep {
namespace {

namespace tag = pki::der::tag;
using pki::CmsAttribute;
using pki::Oid;
using pki::SignedData;
using pki::der::Element;

constexpr std::size_t max_transaction_id = 255;
constexpr std::size_t max_nonce = 64;

// The one element that the attribute `type` holds. Attributes besides those of this protocol are never looked at
// (RFC 8894 section 3.2.1 sets a minimum, and clients send more).
Result<Element> only_value(const SignedData& message, const Oid& type, std::string_view name) {
  const CmsAttribute* attribute = message.attribute(type);
  if (attribute == nullptr) return invalid(fmt::format("no {}", name));
  if (attribute->values.size() != 1) return invalid(fmt::format("more than one {}", name));
  pki::der::Reader reader(attribute->values.front(), pki::der::Rules::ber);
  auto element = reader.any();
  if (!element || !reader.at_end()) return invalid(fmt::format("{} is malformed", name));
  return element;
}

// The decimal number of an attribute that the RFC has as PrintableString. Some send it as another string, in which
// digits are the same octets; what is no string at all is not taken.
Result<std::string_view> number_value(const SignedData& message, const Oid& type, std::string_view name) {
  TRY(const Element element, only_value(message, type, name));
  if (element.tag != tag::printable_string && element.tag != tag::utf8_string && element.tag != tag::ia5_string)
    return invalid(fmt::format("{} is no PrintableString", name));
  return as_text(element.content);
}

Result<TransactionId> read_transaction_id(const SignedData& message) {
  TRY(const Element element, only_value(message, attribute_types::transaction_id, "transactionID"));
  if (element.tag != tag::printable_string && element.tag != tag::utf8_string && element.tag != tag::ia5_string &&
      element.tag != tag::visible_string)
    return invalid("transactionID is no character string");
  if (element.content.empty()) return invalid("transactionID is empty");
  if (element.content.size() > max_transaction_id) return invalid("transactionID is longer than 255 octets");
  return TransactionId{to_bytes(element.content), element.tag};
}

Result<MessageType> read_type(const SignedData& message) {
  TRY(const std::string_view text, number_value(message, attribute_types::message_type, "messageType"));
  return message_type_from_text(text);
}

Result<PkiStatus> read_status(const SignedData& message) {
  TRY(const std::string_view text, number_value(message, attribute_types::pki_status, "pkiStatus"));
  if (text == "0") return PkiStatus::success;
  if (text == "2") return PkiStatus::failure;
  if (text == "3") return PkiStatus::pending;
  return invalid("pkiStatus is not 0, 2 or 3");
}

std::optional<FailInfo> read_fail_info(const SignedData& message) {
  const auto text = number_value(message, attribute_types::fail_info, "failInfo");
  if (!text || text->size() != 1 || text->front() < '0' || text->front() > '4') return std::nullopt;
  return static_cast<FailInfo>(text->front() - '0');
}

// Nothing when the attribute is absent.
Result<std::optional<Nonce>> read_nonce(const SignedData& message, const Oid& type, std::string_view name) {
  if (message.attribute(type) == nullptr) return std::nullopt;
  TRY(const Element element, only_value(message, type, name));
  auto octets = pki::der::string_content(element, tag::octet_string, pki::der::Rules::ber);
  if (!octets || octets->empty() || octets->size() > max_nonce)
    return invalid(fmt::format("{} is no OCTET STRING of 1 to {} octets", name, max_nonce));
  return Nonce{std::move(*octets)};
}

std::optional<Timestamp> read_signing_time(const SignedData& message) {
  const auto element = only_value(message, pki::oids::signing_time, "signingTime");
  if (!element) return std::nullopt;
  pki::der::Reader reader(element->whole);
  const auto time = reader.time("signingTime");
  return time ? std::optional(*time) : std::nullopt;
}

Result<pki::EnvelopedData> read_envelope(const SignedData& message) {
  if (message.content_type() != pki::oids::data && message.content_type() != pki::oids::enveloped_data)
    return invalid("the signed content is not of type data");
  if (!message.content()) return invalid("no pkcsPKIEnvelope");
  if (auto frame = unsupported_frame(message)) return invalid(*std::move(frame));
  TRY_IN("reading the pkcsPKIEnvelope", pki::EnvelopedData envelope, pki::EnvelopedData::parse(*message.content()));
  if (envelope.content_type != pki::oids::data) return invalid("the enveloped content is not of type data");
  return envelope;
}

CmsAttribute printable(const Oid& type, std::string_view value) {
  pki::der::Writer out;
  out.text(tag::printable_string, value);
  return {type, {out.take()}};
}

CmsAttribute octets(const Oid& type, const Nonce& nonce) {
  pki::der::Writer out;
  out.octet_string(nonce.octets);
  return {type, {out.take()}};
}

std::string decimal(int value) { return fmt::format("{}", value); }

}  // namespace

Result<PkiMessage> PkiMessage::parse(ByteView ber) {
  TRY_IN("reading the pkiMessage", SignedData signed_data, SignedData::parse(ber));
  PkiMessage message(std::move(signed_data));
  const SignedData& data = message.signed_data_;
  TRY_IN("finding the signer", message.signer_, data.signer_certificate());
  auto key = message.signer_->public_key();
  auto unknown_key = key ? std::nullopt : unsupported_key(*message.signer_);
  if (key)
    message.signer_key_ = *std::move(key);
  else if (!unknown_key)
    return std::unexpected(key.error().in("reading the signer's key"));
  TRY(message.transaction_id_, read_transaction_id(data));
  message.type_ = read_type(data);
  auto sender_nonce = read_nonce(data, attribute_types::sender_nonce, "senderNonce");
  if (sender_nonce)
    message.sender_nonce_ = *std::move(sender_nonce);
  else
    message.nonce_status_ = std::unexpected(std::move(sender_nonce).error());
  message.recipient_nonce_ =
      read_nonce(data, attribute_types::recipient_nonce, "recipientNonce").value_or(std::nullopt);
  message.signing_time_ = read_signing_time(data);
  message.status_ = read_status(data);
  message.fail_info_ = read_fail_info(data);
  // A UTF8String (RFC 8894 section 3.2.1.4); servers that send another string mean the same.
  if (const auto text = only_value(data, attribute_types::fail_info_text, "failInfoText");
      text && (text->tag == tag::utf8_string || text->tag == tag::printable_string || text->tag == tag::ia5_string))
    message.fail_info_text_ = text_for_people(as_text(text->content));
  message.envelope_ = read_envelope(data);
  message.unsupported_ = unsupported_signature(data);
  if (!message.unsupported_) message.unsupported_ = std::move(unknown_key);
  if (!message.unsupported_) message.unsupported_ = unsupported_frame(data);
  if (!message.unsupported_ && message.envelope_) message.unsupported_ = unsupported_cipher(*message.envelope_);
  return message;
}

const pki::PublicKey& PkiMessage::signer_key() const {
  CHECK(signer_key_.has_value());
  return *signer_key_;
}

Status PkiMessage::verify() const {
  if (!signer_key_) return invalid("the signer's key is of a kind that is not supported");
  return signed_data_.verify(*signer_key_);
}

std::vector<CmsAttribute> encode_attributes(const Attributes& attributes) {
  std::vector<CmsAttribute> encoded;
  pki::der::Writer id;
  id.primitive(attributes.transaction_id.tag, attributes.transaction_id.octets);
  encoded.push_back({attribute_types::transaction_id, {id.take()}});
  encoded.push_back(printable(attribute_types::message_type, decimal(static_cast<int>(attributes.type))));
  if (attributes.status)
    encoded.push_back(printable(attribute_types::pki_status, decimal(static_cast<int>(*attributes.status))));
  if (attributes.fail_info)
    encoded.push_back(printable(attribute_types::fail_info, decimal(static_cast<int>(*attributes.fail_info))));
  if (!attributes.fail_info_text.empty()) {
    pki::der::Writer text;
    text.text(tag::utf8_string, attributes.fail_info_text);
    encoded.push_back({attribute_types::fail_info_text, {text.take()}});
  }
  if (attributes.sender_nonce) encoded.push_back(octets(attribute_types::sender_nonce, *attributes.sender_nonce));
  if (attributes.recipient_nonce)
    encoded.push_back(octets(attribute_types::recipient_nonce, *attributes.recipient_nonce));
  if (attributes.signing_time) {
    pki::der::Writer time;
    time.time(*attributes.signing_time);
    encoded.push_back({pki::oids::signing_time, {time.take()}});
  }
  return encoded;
}

}  // namespace chancery::scep
