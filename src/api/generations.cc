#include "api/generations.h"

#include <algorithm>

#include "base/check.h"
#include "ca/crl_signing.h"

namespace chancery::api {

std::string_view to_string(ca::Generation::State state) {
  switch (state) {
    case ca::Generation::State::next: return "next";
    case ca::Generation::State::current: return "current";
    case ca::Generation::State::old: return "old";
  }
  CHECK(false);
}

std::vector<GenerationView> generations_of(const hub::Keyring& keyring) {
  std::vector<GenerationView> views;
  const hub::WorkingGeneration& current = keyring.current();
  const hub::WorkingGeneration* next = keyring.next();
  std::vector<const hub::WorkingGeneration*> all = keyring.all();
  std::ranges::sort(all, {}, [](const hub::WorkingGeneration* generation) { return generation->number(); });
  for (const hub::WorkingGeneration* generation : all) {
    ca::Generation::State state = ca::Generation::State::old;
    if (generation == &current) state = ca::Generation::State::current;
    if (generation == next) state = ca::Generation::State::next;
    views.push_back({.generation = *generation, .state = state});
  }
  return views;
}

Result<std::map<int, ca::CrlRecord>> latest_crls(hub::Context& context) {
  std::vector<int> numbers = {ca::root_crl};
  for (const hub::WorkingGeneration* generation : context.keyring.all()) numbers.push_back(generation->number());
  std::map<int, ca::CrlRecord> crls;
  TRY_STATUS(context.ledger.read([&](hub::Books& books) -> Status {
    for (const int number : numbers) {
      TRY(auto crl, books.crls().latest(number));
      if (crl) crls.insert_or_assign(number, *std::move(crl));
    }
    return {};
  }));
  return crls;
}

std::string crl_file_name(int generation) {
  return generation == ca::root_crl ? "root.crl" : std::to_string(generation) + ".crl";
}

std::vector<pki::Certificate> chain_of(const hub::Keyring& keyring) {
  const hub::WorkingGeneration& current = keyring.current();
  std::vector<pki::Certificate> chain = {current.keys().issuing};
  const auto add = [&](const pki::Certificate& certificate) {
    const auto is_same = [&](const pki::Certificate& other) { return equal(other.der(), certificate.der()); };
    if (std::ranges::none_of(chain, is_same)) chain.push_back(certificate);
  };
  const std::vector<GenerationView> views = generations_of(keyring);
  for (const GenerationView& view : views) add(view.generation.keys().issuing);
  for (const GenerationView& view : views) std::ranges::for_each(view.generation.keys().between, add);
  add(keyring.root());
  return chain;
}

const pki::Certificate& certificate_to_pin(const hub::Keyring& keyring, const hub::Endpoint& endpoint) {
  return endpoint.ca_chain == hub::CaChain::issuing_and_root ? keyring.root() : keyring.current().keys().issuing;
}

}  // namespace chancery::api
