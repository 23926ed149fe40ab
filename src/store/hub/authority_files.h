#pragma once

// The authority's keys and certificates in a folder. Every key is encrypted with the passphrase; every file is written
// whole.
//
//   authority/root.pem                         the root's certificate
//   authority/root.key.pem                     its key; may be kept elsewhere, and is then needed for a rollover only
//   authority/current                          the number of the current generation
//   authority/crl-numbers                      a line for each CRL, "generation number": the last number that it had
//   authority/generation-1/issuing.pem         … issuing.key.pem, ra.pem, ra.key.pem
//   authority/generation-1/intermediates.pem   the CAs between the issuing one and the root, where there are some

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "ca/authority.h"
#include "hub/rollover.h"

namespace chancery::store {

struct LoadedAuthority {
  pki::Certificate root;
  std::vector<ca::Generation> generations;
};

class AuthorityFiles final : public hub::GenerationStore {
 public:
  // `folder` need not exist yet for create(). Keeps the passphrase in memory.
  AuthorityFiles(std::string folder, SecretBytes passphrase)
      : folder_(std::move(folder)), passphrase_(std::move(passphrase)) {}

  [[nodiscard]] bool exist() const;
  // ErrorCode::conflict when there is an authority in the folder already: nothing is ever overwritten.
  Status create(const ca::Root& root, const ca::Generation& first);
  // A wrong passphrase is ErrorCode::refused.
  Result<LoadedAuthority> load();
  // What load() would find wrong before it opens a key: also without a passphrase.
  [[nodiscard]] Status check() const;
  // The paths of the keys that are there, the root's first.
  [[nodiscard]] std::vector<std::string> key_files() const;
  // Without a passphrase.
  [[nodiscard]] Result<pki::Certificate> root_certificate() const;
  // By generation; ca::root_crl for the root's. Also without a passphrase.
  [[nodiscard]] Result<std::map<int, std::uint64_t>> crl_numbers() const;

  Result<ca::Root> root() override;
  Status save(const ca::Generation& generation) override;
  Status make_current(int number) override;
  Result<std::uint64_t> highest_crl_number(int generation) override;
  Status keep_crl_number(int generation, std::uint64_t number) override;

  // Of the generations whose keys are here, ascending.
  [[nodiscard]] Result<std::vector<int>> generation_numbers() const;

 private:
  [[nodiscard]] std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
  [[nodiscard]] std::string generation_folder(int number) const { return path("generation-" + std::to_string(number)); }
  Status write_key(const std::string& path, const pki::PrivateKey& key) const;
  Result<pki::PrivateKey> read_key(const std::string& path) const;
  // What is there besides keys.
  struct Contents {
    pki::Certificate root;
    int current = 0;
    std::vector<int> numbers;  // of the generations, ascending
  };
  struct Certificates {
    pki::Certificate issuing, ra;
    std::vector<pki::Certificate> between;
  };
  [[nodiscard]] Result<Contents> contents() const;
  [[nodiscard]] Result<Certificates> certificates_of(int number) const;
  Result<ca::Generation> load_generation(int number) const;

  std::string folder_;
  SecretBytes passphrase_;
};

}  // namespace chancery::store
