#include "hub/keyring.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/check.h"

namespace chancery::hub {

namespace {

std::vector<pki::Certificate> above(const ca::Generation& generation, const pki::Certificate& root) {
  std::vector<pki::Certificate> authorities = generation.between;
  if (!equal(generation.issuing.der(), root.der())) authorities.push_back(root);
  return authorities;
}

}  // namespace

WorkingGeneration::WorkingGeneration(ca::Generation generation, const pki::Certificate& root,
                                     ca::PublicationUris publication, Random& random)
    : generation_(std::move(generation)),
      issuer_({.generation = generation_.number,
               .certificate = generation_.issuing,
               .key = generation_.issuing_key,
               .publication = std::move(publication),
               .authority_keys = {generation_.ra_key.public_key().fingerprint()},
               .above = above(generation_, root)},
              random) {}

namespace {

// Each generation publishes at its own place: "{generation}" in a URI stands for its number.
ca::PublicationUris for_generation(ca::PublicationUris uris, int number) {
  for (std::vector<std::string>* list : {&uris.crl, &uris.ca_issuers, &uris.ocsp})
    for (std::string& uri : *list)
      if (const std::size_t at = uri.find("{generation}"); at != std::string::npos)
        uri.replace(at, 12, std::to_string(number));
  return uris;
}

}  // namespace

// RFC 8894 section 4.7.1.
scep::Identity WorkingGeneration::announcer() const {
  const std::optional<pki::KeyUsage> usage = generation_.issuing.key_usage();
  if (usage && !usage->digital_signature) return ra();
  return {generation_.issuing, generation_.issuing_key};
}

Keyring::Keyring(pki::Certificate root, std::vector<ca::Generation> generations, const ca::PublicationUris& publication,
                 Random& random)
    : root_(std::move(root)), publication_(publication), random_(random) {
  for (ca::Generation& generation : generations) {
    const int number = generation.number;
    if (generation.state == ca::Generation::State::current) {
      CHECK(current_ == 0);
      current_ = number;
    } else if (generation.state == ca::Generation::State::next) {
      CHECK(next_ == 0);
      next_ = number;
    }
    generations_.emplace_back(std::move(generation), root_, for_generation(publication_, number), random_);
  }
  CHECK(current_ != 0);
}

const WorkingGeneration* Keyring::find(int number) const {
  const std::shared_lock lock(mutex_);
  for (const WorkingGeneration& generation : generations_)
    if (generation.number() == number) return &generation;
  return nullptr;
}

const WorkingGeneration& Keyring::current() const {
  const std::shared_lock lock(mutex_);
  for (const WorkingGeneration& generation : generations_)
    if (generation.number() == current_) return generation;
  CHECK(false);
}

const WorkingGeneration* Keyring::next() const {
  const std::shared_lock lock(mutex_);
  for (const WorkingGeneration& generation : generations_)
    if (next_ != 0 && generation.number() == next_) return &generation;
  return nullptr;
}

const WorkingGeneration* Keyring::for_envelope(const pki::EnvelopedData& envelope) const {
  const std::shared_lock lock(mutex_);
  for (const WorkingGeneration& generation : generations_)
    if (envelope.recipient_for(generation.keys().ra) != nullptr) return &generation;
  return nullptr;
}

const WorkingGeneration* Keyring::for_issuer(ByteView issuer_der) const {
  const std::shared_lock lock(mutex_);
  const WorkingGeneration* found = nullptr;
  for (const WorkingGeneration& generation : generations_)
    if (equal(generation.keys().issuing.subject_der(), issuer_der)) found = &generation;
  return found;
}

std::vector<const WorkingGeneration*> Keyring::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<const WorkingGeneration*> all;
  for (const WorkingGeneration& generation : generations_) all.push_back(&generation);
  return all;
}

void Keyring::announce(ca::Generation next) {
  const std::unique_lock lock(mutex_);
  CHECK(next_ == 0);
  next_ = next.number;
  const int number = next.number;
  generations_.emplace_back(std::move(next), root_, for_generation(publication_, number), random_);
}

void Keyring::roll_over() {
  const std::unique_lock lock(mutex_);
  CHECK(next_ != 0);
  current_ = next_;
  next_ = 0;
}

}  // namespace chancery::hub
