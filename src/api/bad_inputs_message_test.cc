// Rows of docs/bad-inputs.md: the outer layer of a message, its algorithms, its signature, its envelope.

#include "api/bad_inputs_testing.h"
#include "pki/content_info.h"

namespace chancery::api::bad_inputs {
namespace {

namespace tag = pki::der::tag;
namespace types = scep::attribute_types;

Bytes element(std::uint8_t identifier, std::string_view content) {
  pki::der::Writer out;
  out.text(identifier, content);
  return out.take();
}
Bytes printable(std::string_view text) { return element(tag::printable_string, text); }

// Every occurrence of `from` becomes `to`, which is as long.
Bytes replaced(Bytes octets, std::string_view from, std::string_view to) {
  for (auto place = octets.begin();;) {
    const auto found = std::search(place, octets.end(), as_bytes(from).begin(), as_bytes(from).end());
    if (found == octets.end()) return octets;
    place = std::ranges::copy(as_bytes(to), found).out;
  }
}

constexpr std::string_view sha256_oid = "\x60\x86\x48\x01\x65\x03\x04\x02\x01";
constexpr std::string_view no_digest_oid = "\x60\x86\x48\x01\x65\x03\x04\x02\x7f";
constexpr std::string_view aes128_cbc_oid = "\x60\x86\x48\x01\x65\x03\x04\x01\x02";
constexpr std::string_view aes128_gcm_oid = "\x60\x86\x48\x01\x65\x03\x04\x01\x06";
constexpr std::string_view no_cipher_oid = "\x60\x86\x48\x01\x65\x03\x04\x01\x7f";
constexpr std::string_view des3_oid = "\x2a\x86\x48\x86\xf7\x0d\x03\x07";
constexpr std::string_view rc2_oid = "\x2a\x86\x48\x86\xf7\x0d\x03\x02";
constexpr std::string_view rsa_oid = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
constexpr std::string_view rsa_oaep_set_oid = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x06";
constexpr std::string_view rsassa_pss_oid = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
constexpr std::string_view sha256_rsa_oid = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
constexpr std::string_view ecdsa_sha224_oid = "\x2a\x86\x48\xce\x3d\x04\x03\x01";
constexpr std::string_view ecdsa_sha256_oid = "\x2a\x86\x48\xce\x3d\x04\x03\x02";
constexpr std::string_view p192_oid = "\x2a\x86\x48\xce\x3d\x03\x01\x01";
constexpr std::string_view p256_oid = "\x2a\x86\x48\xce\x3d\x03\x01\x07";

Bytes pkcs7_data() {
  pki::der::Writer out;
  out.sequence([&] { out.oid(pki::oids::data); });
  return out.take();
}

std::string with(Bench& bench, const pki::Oid& type, std::vector<Bytes> values) {
  return bench.post(bench.message_with(type, std::move(values)));
}

// A request whose envelope is changed before it is signed.
std::string with_envelope(Bench& bench, const std::optional<Bytes>& envelope) {
  const Ask ask;
  return bench.post(bench.sign(ask, envelope, bench.attributes(ask)));
}

// An envelope whose key was agreed on (RFC 5652 section 6.2.2) instead of encrypted.
Bytes agreed_envelope() {
  return pki::write_content_info(pki::oids::enveloped_data, [](pki::der::Writer& out) {
    out.small_integer(2);
    out.constructed(tag::set, [&] { out.constructed(tag::context_constructed(1), [&] { out.small_integer(3); }); });
    out.sequence([&] {
      out.oid(pki::oids::data);
      out.sequence([&] { out.oid(pki::oids::aes128_cbc).octet_string(Bytes(16)); });
      out.primitive(tag::context(0), Bytes(16));
    });
  });
}

// An envelope with a MAC over it (RFC 5083), as far as anybody reads it.
Bytes authenticated_envelope() {
  return pki::write_content_info(pki::Oid::of("1.2.840.113549.1.9.16.1.23"),
                                 [](pki::der::Writer& out) { out.small_integer(0); });
}

// The same octets with the last occurrence of `from` replaced: in a message, the algorithm of its signature.
Bytes replaced_last(Bytes octets, std::string_view from, std::string_view to) {
  const auto found = std::find_end(octets.begin(), octets.end(), as_bytes(from).begin(), as_bytes(from).end());
  if (found != octets.end()) std::ranges::copy(as_bytes(to), found);
  return octets;
}

// A request that carries these certificates instead of its signer's.
std::string with_certificates(Bench& bench, std::vector<Bytes> certificates) {
  const Ask ask;
  const pki::Certificate signer = bench.self_signed(ask);
  const Bytes envelope = bench.envelope(ask);
  return bench.post(value(pki::sign_data({.content = envelope,
                                          .attributes = bench.attributes(ask),
                                          .signer = &signer,
                                          .certificates = std::move(certificates)},
                                         bench.key(ask.key))));
}

Bytes damaged(Bytes octets, std::size_t from_end) {
  octets[octets.size() - from_end] ^= 1;
  return octets;
}

}  // namespace

std::vector<Case> message_cases() {
  return {
      {"outer-garbage", [](Bench& bench) { return bench.post(as_bytes("hello")); }},
      {"outer-cut-off",
       [](Bench& bench) {
         Bytes message = bench.message({});
         message.resize(message.size() / 2);
         return bench.post(message);
       }},
      {"outer-more-behind",
       [](Bench& bench) {
         Bytes message = bench.message({});
         message.push_back(0);
         return bench.post(message);
       }},
      {"outer-not-signed-data", [](Bench& bench) { return bench.post(pkcs7_data()); }},
      {"outer-no-certificate", [](Bench& bench) { return with_certificates(bench, {}); }},
      {"outer-bad-certificate", [](Bench& bench) { return with_certificates(bench, {pkcs7_data()}); }},
      {"outer-many-certificates",
       [](Bench& bench) {
         return with_certificates(bench, std::vector<Bytes>(17, to_bytes(bench.authority().ra.der())));
       }},
      {"outer-no-transaction", [](Bench& bench) { return with(bench, types::transaction_id, {}); }},
      {"outer-empty-transaction", [](Bench& bench) { return with(bench, types::transaction_id, {printable("")}); }},
      {"outer-long-transaction",
       [](Bench& bench) { return with(bench, types::transaction_id, {printable(std::string(256, 'a'))}); }},
      {"outer-octet-transaction",
       [](Bench& bench) { return with(bench, types::transaction_id, {element(tag::octet_string, "a")}); }},
      {"outer-two-transactions",
       [](Bench& bench) { return with(bench, types::transaction_id, {printable("a"), printable("b")}); }},
      {"outer-no-type", [](Bench& bench) { return with(bench, types::message_type, {}); }},
      {"outer-unknown-type", [](Bench& bench) { return with(bench, types::message_type, {printable("99")}); }},
      {"outer-type-no-number", [](Bench& bench) { return with(bench, types::message_type, {printable("019")}); }},
      {"outer-type-utf8",
       [](Bench& bench) { return with(bench, types::message_type, {element(tag::utf8_string, "19")}); }},
      {"outer-type-ia5",
       [](Bench& bench) { return with(bench, types::message_type, {element(tag::ia5_string, "19")}); }},
      {"outer-type-no-string",
       [](Bench& bench) { return with(bench, types::message_type, {element(tag::octet_string, "19")}); }},
      {"outer-update-request", [](Bench& bench) { return with(bench, types::message_type, {printable("18")}); }},
      {"outer-cert-rep", [](Bench& bench) { return with(bench, types::message_type, {printable("3")}); }},
      {"outer-no-nonce", [](Bench& bench) { return with(bench, types::sender_nonce, {}); }},
      {"outer-nonce-long",
       [](Bench& bench) {
         return with(bench, types::sender_nonce, {element(tag::octet_string, std::string(65, 'a'))});
       }},
      {"outer-nonce-empty",
       [](Bench& bench) { return with(bench, types::sender_nonce, {element(tag::octet_string, "")}); }},
      {"outer-nonce-no-octets",
       [](Bench& bench) { return with(bench, types::sender_nonce, {printable("0123456789abcdef")}); }},
      {"outer-two-nonces",
       [](Bench& bench) {
         const Bytes one = element(tag::octet_string, "0123456789abcdef");
         const Bytes other = element(tag::octet_string, "fedcba9876543210");
         return with(bench, types::sender_nonce, {one, other});
       }},

      {"algorithm-des", [](Bench& bench) { return bench.ask({.cipher = pki::Cipher::des}); }},
      {"algorithm-3des", [](Bench& bench) { return bench.ask({.cipher = pki::Cipher::des3}); }},
      {"algorithm-md5", [](Bench& bench) { return bench.ask({.digest = pki::Digest::md5}); }},
      {"algorithm-sha1", [](Bench& bench) { return bench.ask({.digest = pki::Digest::sha1}); }},
      {"algorithm-unknown-digest",
       [](Bench& bench) { return bench.post(replaced(bench.message({}), sha256_oid, no_digest_oid)); }},
      {"algorithm-unknown-cipher",
       [](Bench& bench) { return with_envelope(bench, replaced(bench.envelope({}), aes128_cbc_oid, no_cipher_oid)); }},
      {"algorithm-pss",
       [](Bench& bench) { return bench.post(replaced_last(bench.message({}), rsa_oid, rsassa_pss_oid)); }},
      {"algorithm-unknown-signature",
       [](Bench& bench) {
         return bench.post(replaced_last(bench.message({.key = "ec-p256"}), ecdsa_sha256_oid, ecdsa_sha224_oid));
       }},
      {"algorithm-unknown-key",
       [](Bench& bench) { return bench.post(replaced(bench.message({.key = "ec-p256"}), p256_oid, p192_oid)); }},
      {"algorithm-rc2",
       [](Bench& bench) {
         return with_envelope(bench, replaced(bench.envelope({.cipher = pki::Cipher::des3}), des3_oid, rc2_oid));
       }},
      {"algorithm-gcm",
       [](Bench& bench) { return with_envelope(bench, replaced(bench.envelope({}), aes128_cbc_oid, aes128_gcm_oid)); }},
      {"algorithm-authenticated", [](Bench& bench) { return with_envelope(bench, authenticated_envelope()); }},
      {"algorithm-agreed-key", [](Bench& bench) { return with_envelope(bench, agreed_envelope()); }},
      {"algorithm-unknown-transport",
       [](Bench& bench) { return with_envelope(bench, replaced(bench.envelope({}), rsa_oid, rsa_oaep_set_oid)); }},
      {"algorithm-password",
       [](Bench& bench) {
         return with_envelope(bench, value(pki::encrypt_to_password(as_bytes("a password"), bench.request({}),
                                                                    pki::Cipher::aes128, bench.random_)));
       }},
      {"algorithm-request-sha1", [](Bench& bench) { return bench.ask({.request_digest = pki::Digest::sha1}); }},
      {"algorithm-request-sha1-old",
       [](Bench& bench) { return bench.ask({.endpoint = "old", .request_digest = pki::Digest::sha1}); }},
      {"algorithm-request-md5",
       [](Bench& bench) { return bench.ask({.endpoint = "old", .request_digest = pki::Digest::md5}); }},
      {"algorithm-request-md5-ancient",
       [](Bench& bench) { return bench.ask({.endpoint = "ancient", .request_digest = pki::Digest::md5}); }},
      {"algorithm-no-way-back", [](Bench& bench) { return bench.ask({.key = "ec-p256"}); }},

      {"signature-damaged", [](Bench& bench) { return bench.post(damaged(bench.message({}), 1)); }},
      {"signature-other-content",
       [](Bench& bench) {
         const Bytes envelope = bench.envelope({});
         const Bytes message = bench.sign({}, envelope, bench.attributes({}));
         return bench.post(replaced(message, as_text(envelope), as_text(damaged(envelope, 1))));
       }},
      {"signature-other-key",
       [](Bench& bench) { return bench.ask({.signer = bench.self_signed({.key = "rsa-4096"})}); }},
      {"signature-early",
       [](Bench& bench) {
         return bench.ask({.endpoint = "timely", .signing_time = bench.clock_.now() - std::chrono::minutes(11)});
       }},
      {"signature-late",
       [](Bench& bench) {
         return bench.ask({.endpoint = "timely", .signing_time = bench.clock_.now() + std::chrono::minutes(11)});
       }},

      {"envelope-none", [](Bench& bench) { return with_envelope(bench, std::nullopt); }},
      {"envelope-garbage", [](Bench& bench) { return with_envelope(bench, to_bytes(as_bytes("hello"))); }},
      {"envelope-for-others",
       [](Bench& bench) { return bench.ask({.recipient = bench.self_signed({.key = "rsa-4096"})}); }},
      {"envelope-for-the-ca", [](Bench& bench) { return bench.ask({.recipient = bench.authority().issuing}); }},
      {"envelope-damaged", [](Bench& bench) { return with_envelope(bench, damaged(bench.envelope({}), 1)); }},
      {"envelope-damaged-key",
       [](Bench& bench) {
         Bytes envelope = bench.envelope({});
         envelope[envelope.size() / 3] ^= 1;
         return with_envelope(bench, envelope);
       }},
      {"envelope-no-request", [](Bench& bench) { return bench.ask({.content = to_bytes(as_bytes("hello"))}); }},
      {"envelope-empty", [](Bench& bench) { return bench.ask({.content = Bytes()}); }},
      {"envelope-other-content", [](Bench& bench) { return bench.ask({.type = scep::MessageType::get_cert}); }},
      {"envelope-large",
       [](Bench& bench) {
         return bench.ask({.extensions = {{.oid = pki::Oid::of("1.2.3.4"), .value = Bytes(70000)}}});
       }},
      {"request-signature", [](Bench& bench) { return bench.ask({.content = damaged(bench.request({}), 1)}); }},
      {"request-sha1-signature",
       [](Bench& bench) {
         return bench.ask({.content = damaged(bench.request({.request_digest = pki::Digest::sha1}), 1)});
       }},
      {"request-pss",
       [](Bench& bench) {
         return bench.ask({.content = replaced(bench.request({}), sha256_rsa_oid, rsassa_pss_oid)});
       }},
      {"request-two-san",
       [](Bench& bench) {
         const pki::Extension san =
             pki::make_subject_alternative_name({value(pki::general_name_from_text("dns:a.example"))}, false);
         return bench.ask({.extensions = {san, san}});
       }},
  };
}

}  // namespace chancery::api::bad_inputs
