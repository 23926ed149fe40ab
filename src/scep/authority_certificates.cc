// Who may be believed in a GetCACert reply, and for what.

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "pki/path.h"
#include "scep/ca_certificates.h"

namespace chancery::scep {
namespace {

using Certificates = std::vector<pki::Certificate>;

namespace purposes {
constexpr pki::Oid any = pki::Oid::of("2.5.29.37.0");
constexpr pki::Oid registration = pki::Oid::of("1.3.6.1.5.5.7.3.28");  // cmcRA, RFC 6402 section 2.10
constexpr pki::Oid microsoft_request_agent = pki::Oid::of("1.3.6.1.4.1.311.20.2.1");
}  // namespace purposes

// A CA by its extensions, or a self-issued certificate from before there were any.
bool may_issue(const pki::Certificate& certificate) {
  return certificate.is_ca() || (!certificate.basic_constraints() && certificate.self_issued());
}

std::string name_of(const pki::Certificate& certificate) {
  return fmt::format("'{}'", certificate.subject().to_text());
}

bool issued(const pki::Certificate& issuer, const pki::Certificate& certificate) {
  if (!may_issue(issuer) || !equal(issuer.subject_der(), certificate.issuer_der())) return false;
  const auto key = issuer.public_key();
  return key && certificate.signed_by(*key);
}

void remove_repeated(Certificates& certificates) {
  Certificates once;
  for (pki::Certificate& certificate : certificates) {
    const bool seen =
        std::ranges::any_of(once, [&](const pki::Certificate& other) { return equal(other.der(), certificate.der()); });
    if (!seen) once.push_back(std::move(certificate));
  }
  certificates = std::move(once);
}

// Whether a key may have been made up to fit a signature: for RSA that takes an exponent of the forger's choice
// (duplicate-signature key selection). The usual exponents leave him no room.
bool has_usual_exponent(const pki::Certificate& certificate) {
  const auto key = certificate.public_key();
  return key && key->rsa_exponent().size() <= 4;
}

// Where a certificate stands to the anchor.
struct Place {
  bool above = false;  // else below it, or it itself
  // The path down from the anchor, which was checked: the certificate first, the anchor last. Empty for what is above,
  // and maybe for the anchor itself.
  Certificates path = {};
};

// Checks one path and says on which side of the anchor the certificate stands. The error ends a sentence about it.
Result<Place> place_of(const pki::Certificate& certificate, const pki::Certificate& anchor,
                       const Certificates& authorities, Timestamp now) {
  if (equal(certificate.der(), anchor.der())) return Place{};
  const Certificates anchors{anchor};
  auto down = pki::verify_path({.leaf = &certificate, .intermediates = &authorities, .anchors = &anchors, .at = now});
  if (down) return Place{.path = *std::move(down)};
  if (certificate.is_ca() && has_usual_exponent(certificate)) {
    const Certificates above{certificate};
    const auto up = pki::verify_path({.leaf = &anchor, .intermediates = &authorities, .anchors = &above, .at = now});
    if (up) return Place{.above = true};
  }
  return refused(fmt::format("does not chain to the trusted CA: {}", down.error().text()));
}

std::string untimely(const pki::Validity& validity, Timestamp now) {
  if (now < validity.not_before)
    return fmt::format("is not valid now: it begins on {}", to_rfc3339(validity.not_before));
  return fmt::format("is not valid now: it ended on {}", to_rfc3339(validity.not_after));
}

// What was sent, in two parts.
struct Sorted {
  Certificates all;
  std::vector<Place> places;  // of each of `all`
  Certificates others;
  std::vector<LeftOut> left_out;  // of each of `others`
};

// A CA that stands in a path that was checked: the rest of that path is its own.
std::optional<Place> place_in(const std::vector<Place>& places, const pki::Certificate& certificate) {
  for (const auto& [above, path] : places)
    for (std::size_t i = 1; i < path.size(); ++i)
      if (equal(path[i].der(), certificate.der()))
        return Place{.path = {path.begin() + static_cast<std::ptrdiff_t>(i), path.end()}};
  return std::nullopt;
}

Sorted sort_out(Certificates sent, const pki::Certificate& anchor, Timestamp now) {
  Certificates authorities;
  std::ranges::copy_if(sent, std::back_inserter(authorities), [&](const pki::Certificate& certificate) {
    return may_issue(certificate) && certificate.validity().contains(now);
  });
  Sorted sorted;
  for (pki::Certificate& certificate : sent) {
    std::string reason;
    std::optional<Place> place;
    if (!certificate.validity().contains(now)) {
      reason = untimely(certificate.validity(), now);
    } else if (place = place_in(sorted.places, certificate); !place) {
      auto found = place_of(certificate, anchor, authorities, now);
      if (found)
        place = *std::move(found);
      else
        reason = found.error().text();
    }
    if (!place) {
      sorted.left_out.push_back({.subject = certificate.subject().to_text(), .reason = std::move(reason)});
      sorted.others.push_back(std::move(certificate));
      continue;
    }
    sorted.all.push_back(std::move(certificate));
    sorted.places.push_back(*std::move(place));
  }
  return sorted;
}

Status check_registration_certificate(const pki::Certificate& certificate) {
  const pki::Extension* extension = certificate.extension(pki::oids::extended_key_usage);
  if (extension == nullptr) return {};
  TRY_IN("reading extendedKeyUsage", const auto listed, pki::read_extended_key_usage(extension->value));
  const bool fits = std::ranges::any_of(listed, [](const pki::Oid& purpose) {
    return purpose == purposes::any || purpose == purposes::registration ||
           purpose == purposes::microsoft_request_agent;
  });
  if (!fits) return refused(fmt::format("the certificate {} is no RA's: it has other purposes", name_of(certificate)));
  return {};
}

// Whether it issued the first of `path`, which was checked: that one's signature is good with the key of the next one.
bool issued_first(const pki::Certificate& issuer, const Certificates& path) {
  const bool checked =
      path.size() > 1 && equal(issuer.spki(), path[1].spki()) && path[0].signature_algorithm().has_value();
  if (!checked) return issued(issuer, path[0]);
  return may_issue(issuer) && equal(issuer.subject_der(), path[0].issuer_der());
}

// The issuer of every certificate that is no CA; without those, the first CA that issued no other one.
Result<std::size_t> find_issuer(const Certificates& all, const std::vector<Place>& places) {
  std::optional<std::size_t> issuer;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const pki::Certificate& certificate = all[i];
    if (may_issue(certificate)) continue;
    TRY_STATUS(check_registration_certificate(certificate));
    const Certificates& path = places[i].path;
    CHECK(!path.empty());  // only a CA is above the anchor, or is it
    const auto found = std::ranges::find_if(all, [&](const pki::Certificate& ca) { return issued_first(ca, path); });
    if (found == all.end())
      return refused(fmt::format("the issuer of {} is not among the certificates", name_of(certificate)));
    const auto index = static_cast<std::size_t>(found - all.begin());
    if (issuer && *issuer != index) return refused("the certificates that are no CA have different issuers");
    issuer = index;
  }
  if (issuer) return *issuer;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool issued_another = std::ranges::any_of(
        all, [&](const pki::Certificate& other) { return &other != &all[i] && issued(all[i], other); });
    if (!issued_another) return i;
  }
  return refused("the certificates issued each other in a circle");
}

// How well a certificate is fit to be encrypted to: 0 when its key cannot encrypt.
enum class Role : std::uint8_t { other_ca, issuer, leaf };
int fitness(const pki::Certificate& certificate, Role role) {
  const auto key = certificate.public_key();
  if (!key || !key->can_encrypt()) return 0;
  const bool enciphers = certificate.key_usage() && certificate.key_usage()->key_encipherment;
  return 1 + (enciphers ? 10 : 0) + static_cast<int>(role);
}

// The first that fits best, or nothing when no certificate has a key that can encrypt.
std::optional<std::size_t> find_encryption(const Certificates& all, const std::vector<Place>& places,
                                           std::size_t issuer) {
  std::optional<std::size_t> best;
  int best_rank = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (places[i].above) continue;
    const int rank = fitness(all[i], !may_issue(all[i]) ? Role::leaf : i == issuer ? Role::issuer : Role::other_ca);
    if (rank <= best_rank) continue;
    best = i;
    best_rank = rank;
  }
  return best;
}

struct Chosen {
  std::size_t issuer = 0;
  std::size_t encryption = 0;
};

Result<Chosen> choose(const Sorted& sorted) {
  TRY(const std::size_t issuer, find_issuer(sorted.all, sorted.places));
  if (sorted.places[issuer].above) return refused("the issuing CA does not chain to the trusted CA");
  const auto encryption = find_encryption(sorted.all, sorted.places, issuer);
  if (!encryption) return refused("no certificate of the authority has a key that can encrypt");
  return Chosen{.issuer = issuer, .encryption = *encryption};
}

// Whether the authority itself stands behind a certificate that was left out: one of its CAs signed it.
bool is_of_the_authority(const pki::Certificate& certificate, const Sorted& sorted) {
  for (std::size_t i = 0; i < sorted.all.size(); ++i)
    if (!sorted.places[i].above && issued(sorted.all[i], certificate)) return true;
  return false;
}

// A CA's certificate may be replaced by another one for the same key.
bool is_replaced(const pki::Certificate& certificate, const Certificates& all) {
  return std::ranges::any_of(all, [&](const pki::Certificate& other) {
    return equal(other.subject_der(), certificate.subject_der()) && equal(other.spki(), certificate.spki());
  });
}

// Nobody takes the place of what was left out: a server whose RA ended has no use for a message to its CA, and a CA
// above the one that ended never meant to issue for devices.
Status check_nothing_is_missed(const Sorted& sorted, const Chosen& chosen) {
  const Certificates& all = sorted.all;
  const pki::Certificate& encryption = all[chosen.encryption];
  const auto is_missed = [&](const pki::Certificate& other) {
    if (may_issue(other))
      return std::ranges::all_of(all, may_issue) && issued(all[chosen.issuer], other) && !is_replaced(other, all);
    if (!check_registration_certificate(other)) return false;
    return may_issue(encryption) ||
           (fitness(other, Role::leaf) > fitness(encryption, Role::leaf) && is_of_the_authority(other, sorted));
  };
  // The CAs first: with its CA, an RA is left out, too.
  for (const bool ca : {true, false}) {
    for (std::size_t i = 0; i < sorted.others.size(); ++i) {
      const pki::Certificate& other = sorted.others[i];
      if (may_issue(other) != ca || !is_missed(other)) continue;
      return refused(fmt::format("the authority has no {}: {}", ca ? "issuing CA to use" : "RA to encrypt to",
                                 to_string({sorted.left_out[i]})));
    }
  }
  return {};
}

enum class Strangers : std::uint8_t { left_out, refused };

Result<AuthorityCertificates> authenticate(Certificates sent, std::size_t pinned, Timestamp now, Strangers strangers) {
  const pki::Certificate anchor = sent[pinned];
  if (!may_issue(anchor)) return refused(fmt::format("the trusted certificate {} is no CA", name_of(anchor)));
  if (!anchor.validity().contains(now))
    return refused(fmt::format("the certificate {} {}", name_of(anchor), untimely(anchor.validity(), now)));
  Sorted sorted = sort_out(std::move(sent), anchor, now);
  if (strangers == Strangers::refused && !sorted.left_out.empty()) return refused(to_string({sorted.left_out.front()}));
  const auto chosen = choose(sorted);
  if (!chosen && sorted.left_out.empty()) return std::unexpected(chosen.error());
  if (!chosen) return refused(fmt::format("{}; left out: {}", chosen.error().text(), to_string(sorted.left_out)));
  TRY_STATUS(check_nothing_is_missed(sorted, *chosen));
  return AuthorityCertificates{.all = std::move(sorted.all),
                               .issuer = chosen->issuer,
                               .encryption = chosen->encryption,
                               .left_out = std::move(sorted.left_out)};
}

Result<pki::Digest> digest_of_pin(ByteView fingerprint, PinDigest allowed) {
  if (fingerprint.size() == pki::size_of(pki::Digest::sha256)) return pki::Digest::sha256;
  if (fingerprint.size() != pki::size_of(pki::Digest::sha1)) return invalid("the fingerprint is no SHA-256 value");
  if (allowed != PinDigest::sha256_or_sha1) return refused("the fingerprint is a SHA-1 value, which is not allowed");
  return pki::Digest::sha1;
}

}  // namespace

std::string to_string(const std::vector<LeftOut>& left_out) {
  std::string text;
  for (const auto& [subject, reason] : left_out)
    text += fmt::format("{}the certificate '{}' {}", text.empty() ? "" : "; ", subject, reason);
  return text;
}

Result<AuthorityCertificates> authenticate_authority(Certificates certificates, ByteView fingerprint, Timestamp now,
                                                     PinDigest pin_digest) {
  TRY(const pki::Digest digest, digest_of_pin(fingerprint, pin_digest));
  remove_repeated(certificates);
  const auto pinned = std::ranges::find_if(certificates, [&](const pki::Certificate& certificate) {
    return equal(pki::hash(digest, certificate.der()), fingerprint);
  });
  if (pinned == certificates.end()) return refused("no certificate of the authority has the pinned fingerprint");
  const auto anchor = static_cast<std::size_t>(pinned - certificates.begin());
  return authenticate(std::move(certificates), anchor, now, Strangers::left_out);
}

Result<AuthorityCertificates> trust_on_first_use(Certificates certificates, Timestamp now) {
  remove_repeated(certificates);
  // The highest CA is the one that all others have to chain to.
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const bool is_top =
        may_issue(certificates[i]) && std::ranges::none_of(certificates, [&](const pki::Certificate& other) {
          return &other != &certificates[i] && issued(other, certificates[i]);
        });
    if (!is_top) continue;
    return authenticate(std::move(certificates), i, now, Strangers::refused);
  }
  return refused("none of the authority's certificates is a CA's");
}

}  // namespace chancery::scep
