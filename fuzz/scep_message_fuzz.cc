// A pkiMessage, as the server and the client read it. The key is the RA's from vectors/scep: it is there for tests
// only, and stands here so that the program needs no file.

#include <cstdint>

#include "base/check.h"
#include "scep/reply.h"
#include "scep/request.h"

namespace {

using namespace chancery;

constexpr const char* test_key =
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDezmFc81ODlhxeBqwJ6EGiWuD/BUAU1uB259gmpRZZeH45"
    "ujp0rw5YTUpiaupX8xxyEvkFuG6+ErQx2D0n9u2zrttyR/Plgf+G8OPoKq46yZv/A/uRib4ytLrrkrRBF7bJ6HdA2102LkoW"
    "Rf5RNmKDlnSt6IpDfxqENFFg94oJ7gp+CUYgQfbvk1VPkKSmxBRNh3Fx8F6KYinnKX5OstEZ0KFQH+MkcF3vOQ+F7kcz94wh"
    "0CFoe9dYp8/1LLTpJCwz2rFlK3puin3aDBcVQLqCN/3fQCfrtQLMxdyykx8Vx1SBczx+cA9Cl4iWNyFmbsiVn75/vFZgScSV"
    "nAPOmiyVAgMBAAECggEAN68GoE9j0OAkSM+MEZHNTYE++B1czZiCUtVQrR/XPRcjHNRRJbZWdHUkoQItfTuSIWRifi6A5toP"
    "1OFBL4rED4Mk7yPSbcqWjSgJHY4FK0YVyZ86MT5mnY+To6pviFEf6shBfaEVY6Qf+f8WNz/LUS26DXivjXznqKDWsdBL3Hz9"
    "CTEJI2ZvbirioRAhRygwDLAsI0soiza7jA+9t6OHMpd6ytbI9+4x2xxxp0BVFN1z/Jh9/oYh8Bj8tjgilLAFVfizF2WCnw6T"
    "MT8hTQo5ziqQRt9iZT9664cYL3pHxdzwj6pYxtgJykvmkBsX8aIEUruObH6H4+D4M2ZQ2b15hQKBgQD3TYYY82t9tbc/xr8m"
    "Won1S0qnAu3L/Uif8WhDf5nEnUp02As3OwK/kwM2BQgVTB/l0uQqyBaX6SMaks5kVzypPg/tY9syXNXsL8NUaVCPi5Yxknm6"
    "I8urzi4JMpP+OvlZBDrb1rHP9S2kBcX2zksGLlp9HFvVvx6FFl6NBRM38wKBgQDmpE/v2k27OJq5PdCY3SeUu+5pAYjVsNs6"
    "DFXXTc33RmM8NAkLxg4zwqinajR6sL001dyXEN2G/C//h1XQtJ/RQ/C6uDQpzRJsAA4r53q2Z/UtCpac+RGteVFbJE4aBbJ7"
    "pM/WuDRF/JjQyt8a/AO4E3cwqd4w6U1x2bJ27VBzVwKBgQCX+DLMiGFouc8nSOnUFtUqQJ9abElXDomfiAjLWdFTalkD3nNd"
    "+ExjD2NswcDK3aHIaEVAKP8BUQn6XXapYJZtZi8BcViU5UmsP1moOKOB4oRkaB+XjEGvjR7rFgKtuu3ZjujgiVlxcrgeUFHr"
    "ra+a18dRlKi2fCC0Jh/qRtEdkwKBgGlc+NOWw9nagvxK2+dpaHKO49v+gnc0gwHirrhb59KlyiGvl85UHRrSO1+3qd++q8De"
    "ThaI8tp+jKLMPYzJZxUfV3LFQbcy4s6Ju++coLeBiESaSLHPKp84A82CKVfD8ISBhx0NK3wpZ9pCQ2e9ZymJYvLNNx7bBbEU"
    "BW5E/XKjAoGAAeBEjFUHtjPXBcsq8que/OmXj+yCToe4PjxDVhcPLnvqNJLIX/caroL/tz3MWHwnmV0mOew3R5/rTbWSDRY4"
    "jh2gsqohUWhe/tofn9uIyrLEpbRDw7nRRrrFM7q+f2aSMFKyVEXLe0JVvqhQ09Zap+an1kbcYFkxR4GoZwIWErU=";
constexpr const char* ra_certificate =
    "MIIDXzCCAkegAwIBAgIDTxACMA0GCSqGSIb3DQEBCwUAMEAxCzAJBgNVBAYTAkRFMRYwFAYDVQQKDA1DaGFuY2VyeSBUZXN0"
    "MRkwFwYDVQQDDBBDaGFuY2VyeSBUZXN0IENBMCAXDTI2MDEwMTAwMDAwMFoYDzIwNTYwMTAxMDAwMDAwWjBAMQswCQYDVQQG"
    "EwJERTEWMBQGA1UECgwNQ2hhbmNlcnkgVGVzdDEZMBcGA1UEAwwQQ2hhbmNlcnkgVGVzdCBSQTCCASIwDQYJKoZIhvcNAQEB"
    "BQADggEPADCCAQoCggEBAN7OYVzzU4OWHF4GrAnoQaJa4P8FQBTW4Hbn2CalFll4fjm6OnSvDlhNSmJq6lfzHHIS+QW4br4S"
    "tDHYPSf27bOu23JH8+WB/4bw4+gqrjrJm/8D+5GJvjK0uuuStEEXtsnod0DbXTYuShZF/lE2YoOWdK3oikN/GoQ0UWD3ignu"
    "Cn4JRiBB9u+TVU+QpKbEFE2HcXHwXopiKecpfk6y0RnQoVAf4yRwXe85D4XuRzP3jCHQIWh711inz/UstOkkLDPasWUrem6K"
    "fdoMFxVAuoI3/d9AJ+u1AszF3LKTHxXHVIFzPH5wD0KXiJY3IWZuyJWfvn+8VmBJxJWcA86aLJUCAwEAAaNgMF4wDAYDVR0T"
    "AQH/BAIwADAOBgNVHQ8BAf8EBAMCBaAwHQYDVR0OBBYEFAGyN7woc4YsObVM5NlEbBy2c+VnMB8GA1UdIwQYMBaAFKvKIPfV"
    "3ZHRkZt71uuNmk0LKsZ5MA0GCSqGSIb3DQEBCwUAA4IBAQB/yQzk//Ny0F3EwGrodAYi6h/MNZ/gZPCz1yoDSsdl0h0T2vdN"
    "+evIrcvGGKA6cm742Wm5Kk9C0v7K5J2bFnfO/Z+9mF8JlHr6okufoAurhU7R6k2NMPFz3MiYiklNZWf/albkQ+qbVnOYJov3"
    "/KwIq+D3GF0x1f2+gE5PPdQG1rBzkpH8O9o0GCqUgwXUgVum2F29GCeAiqbkDNkT8QB1+JndsaG+62kBqH7G6JU/bUodkhPn"
    "ua4elvIKK9sH4IvzgOGI/Jra/A7eUyBuFPYktZjF7fDgM1Dq0Aq8wfvdqvTsAEdMtEuv2x3PVOhly3AUb0Sex0mgqJ/J1pcv"
    "NMp6";

// The same bytes every time: an input must behave in the same way when it is replayed.
class Counter final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_++;
  }

 private:
  std::uint8_t next_ = 1;
};

struct Authority {
  pki::PrivateKey key = *pki::PrivateKey::from_der(*from_base64(test_key));
  std::vector<pki::Certificate> certificates = {*pki::Certificate::from_der(*from_base64(ra_certificate))};
  [[nodiscard]] scep::Identity identity() const { return {certificates.front(), key}; }
};

void as_server(const scep::PkiMessage& message, const Authority& ra, Random& random) {
  const auto to = scep::ReplyTo::of(message);
  CHECK(to.transaction_id == message.transaction_id());
  if (!message.type() || *message.type() == scep::MessageType::cert_rep) return;
  if (!message.envelope() || !message.envelope()->cipher) return;
  const auto opened = scep::open_request(message, ra.identity(), random);
  if (!opened) {
    CHECK(opened.error().text() == "the request's envelope cannot be opened");
    return;
  }
  if (const auto* names = std::get_if<scep::IssuerAndSubject>(&*opened)) {
    const auto again = scep::read_issuer_and_subject(scep::write_issuer_and_subject(*names));
    CHECK(again.has_value() && again->issuer_der == names->issuer_der && again->subject_der == names->subject_der);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Authority ra;
  Counter random;
  const auto message = scep::PkiMessage::parse({data, size});
  if (!message) return 0;
  CHECK(!message->transaction_id().octets.empty() && message->transaction_id().octets.size() <= 255);
  (void)message->transaction_id().to_text();
  (void)message->verify();
  as_server(*message, ra, random);
  // As the client that asked exactly this, so that as many checks as possible are passed.
  const scep::Expected expected{.transaction_id = message->transaction_id(),
                                .sender_nonce = message->recipient_nonce().value_or(scep::Nonce{}),
                                .authority = ra.certificates,
                                .requester = ra.identity(),
                                .password = as_bytes("test-challenge"),
                                .least_digest = pki::Digest::md5,
                                .least_cipher = pki::Cipher::des};
  (void)scep::read_reply({data, size}, expected, random);
  return 0;
}
