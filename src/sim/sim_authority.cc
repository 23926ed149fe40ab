#include "sim/sim_authority.h"

namespace chancery::sim {
namespace {

using State = ca::Generation::State;

Result<pki::PrivateKey> read_key(const SecretBytes& pem) { return pki::PrivateKey::from_pem(as_text(pem.view())); }

}  // namespace

Status SimAuthority::found(ca::AuthorityPlan plan, Timestamp now, Random& random) {
  plan_ = std::move(plan);
  TRY(root_, ca::make_root(plan_, now, random));
  TRY(const ca::Generation first, ca::make_generation(plan_, *root_, 1, now, random));
  generations_.clear();
  return save(first);
}

Result<std::unique_ptr<hub::Keyring>> SimAuthority::load(Random& random) const {
  std::vector<ca::Generation> generations;
  for (const Kept& kept : generations_) {
    TRY(pki::PrivateKey issuing_key, read_key(kept.issuing_key));
    TRY(pki::PrivateKey ra_key, read_key(kept.ra_key));
    generations.push_back({.number = kept.number,
                           .state = kept.state,
                           .issuing = kept.issuing,
                           .issuing_key = std::move(issuing_key),
                           .ra = kept.ra,
                           .ra_key = std::move(ra_key)});
  }
  return std::make_unique<hub::Keyring>(root_->certificate, std::move(generations), ca::PublicationUris{}, random);
}

Result<ca::Root> SimAuthority::root() {
  TRY(const SecretBytes pem, root_->key->to_plain_pem());
  TRY(pki::PrivateKey key, read_key(pem));
  return ca::Root{.certificate = root_->certificate, .key = std::move(key)};
}

Status SimAuthority::save(const ca::Generation& generation) {
  TRY(SecretBytes issuing_key, generation.issuing_key.to_plain_pem());
  TRY(SecretBytes ra_key, generation.ra_key.to_plain_pem());
  generations_.push_back({.number = generation.number,
                          .state = generation.state,
                          .issuing = generation.issuing,
                          .issuing_key = std::move(issuing_key),
                          .ra = generation.ra,
                          .ra_key = std::move(ra_key)});
  return {};
}

Status SimAuthority::make_current(int number) {
  for (Kept& kept : generations_)
    kept.state = kept.number == number ? State::current : kept.state == State::current ? State::old : kept.state;
  return {};
}

}  // namespace chancery::sim
