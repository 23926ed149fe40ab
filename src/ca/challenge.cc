#include "ca/challenge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "pki/algorithms.h"

namespace chancery::ca {
namespace {

constexpr std::size_t id_octets = 8;
constexpr std::size_t secret_octets = 16;
// What they are in base64url without padding.
constexpr std::size_t id_characters = 11;
constexpr std::size_t secret_characters = 22;

bool is_base64url(std::uint8_t c) { return ascii::is_letter_or_digit(static_cast<char>(c)) || c == '-' || c == '_'; }

// The secret part of a text of the right form; empty for any other.
ByteView secret_in(ByteView presented) {
  if (presented.size() != id_characters + 1 + secret_characters || presented[id_characters] != '.') return {};
  const ByteView id = presented.first(id_characters);
  const ByteView secret = presented.subspan(id_characters + 1);
  return std::ranges::all_of(id, is_base64url) && std::ranges::all_of(secret, is_base64url) ? secret : ByteView();
}

// Hashed as text: several texts stand for the same 16 bytes, since the last character has unused bits.
Bytes hash_of(ByteView secret) { return pki::hash(pki::Digest::sha256, secret); }

using RelativeName = pki::Name::RelativeName;

bool has_types_of(const RelativeName& a, const RelativeName& b) {
  return std::ranges::is_permutation(a, b, {}, &pki::NameAttribute::type, &pki::NameAttribute::type);
}

// The parts of `name` that have the types of `part`, in their order.
pki::Name parts_like(const pki::Name& name, const RelativeName& part) {
  std::vector<RelativeName> found;
  std::ranges::copy_if(name.relative_names(), std::back_inserter(found),
                       [&](const RelativeName& other) { return has_types_of(part, other); });
  return pki::Name(std::move(found));
}

bool is_turned_around(const pki::Name& a, const pki::Name& b) {
  const auto& parts = b.relative_names();
  // "OU=a,OU=b" backwards would be another place in the same directory.
  if (parts.empty() || has_types_of(parts.front(), parts.back())) return false;
  return a.matches(pki::Name({parts.rbegin(), parts.rend()}));
}

// Clients write a subject's parts in an order of their own, some the whole of it backwards. Parts of the same type are
// a path (OU=a,OU=b; DC=example,DC=com), so among those the order counts.
bool names_the_same(const pki::Name& a, const pki::Name& b) {
  if (a.relative_names().size() != b.relative_names().size()) return false;
  return is_turned_around(a, b) || std::ranges::all_of(a.relative_names(), [&](const RelativeName& part) {
           return parts_like(a, part).matches(parts_like(b, part));
         });
}

// REQUIRES: they differ. Each is a sentence of its own: what is filled in is never a word that wants translating.
std::unexpected<Error> other_subject(const pki::Name& expected, const pki::Name& found) {
  if (expected.empty())
    return refused(fmt::format("the challenge is for an empty subject, the request is for {}", found.to_text()));
  if (found.empty())
    return refused(fmt::format("the challenge is for {}, the request has an empty subject", expected.to_text()));
  return refused(fmt::format("the challenge is for {}, the request is for {}", expected.to_text(), found.to_text()));
}

Status check_alternative_names(const ChallengeBinding& binding, const IssuanceRequest& request) {
  std::vector<pki::GeneralName> expected;
  for (const std::string& text : binding.alternative_names) {
    TRY_IN("challenge's alternative names", expected.emplace_back(), pki::general_name_from_text(text));
  }
  const auto is_within = [](const std::vector<pki::GeneralName>& some, const std::vector<pki::GeneralName>& all) {
    return std::ranges::all_of(some, [&](const pki::GeneralName& name) {
      return std::ranges::any_of(all, [&](const pki::GeneralName& other) { return name.matches(other); });
    });
  };
  if (is_within(expected, request.alternative_names) && is_within(request.alternative_names, expected)) return {};
  std::vector<std::string> asked;
  for (const pki::GeneralName& name : request.alternative_names) asked.push_back(pki::to_string(name));
  if (expected.empty())
    return refused(
        fmt::format("the challenge is for no alternative names, the request is for {}", fmt::join(asked, ", ")));
  if (asked.empty())
    return refused(fmt::format("the challenge is for the alternative names {}, the request has none",
                               fmt::join(binding.alternative_names, ", ")));
  return refused(fmt::format("the challenge is for the alternative names {}, the request is for {}",
                             fmt::join(binding.alternative_names, ", "), fmt::join(asked, ", ")));
}

}  // namespace

MintedChallenge mint_challenge(std::string endpoint, ChallengeBinding binding, Timestamp now, Seconds lifetime,
                               Random& random) {
  Bytes id = random.bytes(id_octets);
  // The id is no secret, so a bit of it can be spent on a text that starts with a letter: one that starts with a hyphen
  // would pass for an option on a command line.
  id[0] &= 0x7f;
  SecretBytes raw(secret_octets);
  random.fill(raw.mutable_view());
  std::string secret = to_base64url(raw.view());

  MintedChallenge minted;
  minted.record = {.id = to_base64url(id),
                   .endpoint = std::move(endpoint),
                   .secret_hash = hash_of(as_bytes(secret)),
                   .binding = std::move(binding),
                   .created = now,
                   .expires = now + lifetime};
  minted.text = SecretBytes(id_characters + 1 + secret_characters);
  const auto out = minted.text.mutable_view();
  std::ranges::copy(minted.record.id, out.begin());
  out[id_characters] = '.';
  std::ranges::copy(secret, out.begin() + id_characters + 1);
  wipe({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  return minted;
}

std::optional<std::string> challenge_id(ByteView presented) {
  if (secret_in(presented).empty()) return std::nullopt;
  return std::string(as_text(presented.first(id_characters)));
}

bool challenge_matches(const ChallengeRecord& record, ByteView presented) {
  const ByteView secret = secret_in(presented);
  if (secret.empty() || as_text(presented.first(id_characters)) != record.id) return false;
  return equal_constant_time(hash_of(secret), record.secret_hash);
}

Status check_binding(const ChallengeBinding& binding, const IssuanceRequest& request) {
  if (binding.empty()) return {};
  if (binding.subject) {
    TRY_IN("challenge's subject", const pki::Name expected, pki::Name::from_text(*binding.subject));
    if (!names_the_same(expected, request.subject)) return other_subject(expected, request.subject);
  }
  return check_alternative_names(binding, request);
}

}  // namespace chancery::ca
