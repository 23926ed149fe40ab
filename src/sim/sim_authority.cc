#include "sim/sim_authority.h"

namespace chancery::sim {
namespace {

using State = ca::Generation::State;

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
  for (const Kept& kept : generations_)
    generations.push_back({.number = kept.number,
                           .state = kept.state,
                           .issuing = kept.issuing,
                           .issuing_key = kept.issuing_key.share(),
                           .ra = kept.ra,
                           .ra_key = kept.ra_key.share()});
  return std::make_unique<hub::Keyring>(root_->certificate, std::move(generations), ca::PublicationUris{}, random);
}

Result<ca::Root> SimAuthority::root() {
  return ca::Root{.certificate = root_->certificate, .key = root_->key->share()};
}

Status SimAuthority::save(const ca::Generation& generation) {
  generations_.push_back({.number = generation.number,
                          .state = generation.state,
                          .issuing = generation.issuing,
                          .issuing_key = generation.issuing_key.share(),
                          .ra = generation.ra,
                          .ra_key = generation.ra_key.share()});
  return {};
}

Status SimAuthority::make_current(int number) {
  for (Kept& kept : generations_)
    kept.state = kept.number == number ? State::current : kept.state == State::current ? State::old : kept.state;
  return {};
}

}  // namespace chancery::sim
