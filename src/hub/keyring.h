#pragma once

// The authority's generations with their keys in memory. Thread-safe.

#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "ca/authority.h"
#include "ca/issuer.h"
#include "pki/enveloped_data.h"
#include "scep/pki_message.h"

namespace chancery::hub {

// One generation at work: its keys, and its issuer made of them.
class WorkingGeneration {
 public:
  // `root` is the authority's.
  WorkingGeneration(ca::Generation generation, const pki::Certificate& root, ca::PublicationUris publication,
                    Random& random);
  // The issuer refers to the keys beside it.
  WorkingGeneration(const WorkingGeneration&) = delete;
  WorkingGeneration& operator=(const WorkingGeneration&) = delete;

  [[nodiscard]] const ca::Generation& keys() const { return generation_; }
  [[nodiscard]] const ca::Issuer& issuer() const { return issuer_; }
  [[nodiscard]] scep::Identity ra() const { return {generation_.ra, generation_.ra_key}; }
  // Who signs GetNextCACert: the CA itself, unless its own certificate, an imported one, forbids it to sign messages.
  [[nodiscard]] scep::Identity announcer() const;
  [[nodiscard]] int number() const { return generation_.number; }

 private:
  ca::Generation generation_;
  ca::Issuer issuer_;
};

class Keyring {
 public:
  // REQUIRES: exactly one of `generations` is current, at most one is next.
  Keyring(pki::Certificate root, std::vector<ca::Generation> generations, const ca::PublicationUris& publication,
          Random& random);

  [[nodiscard]] const pki::Certificate& root() const { return root_; }
  // The references and pointers below stay valid for the life of the keyring.
  [[nodiscard]] const WorkingGeneration& current() const;
  [[nodiscard]] const WorkingGeneration* next() const;
  [[nodiscard]] const WorkingGeneration* find(int number) const;
  // The generation whose RA key the envelope is for (RFC 8894 section 5.1: it also decides who issues).
  [[nodiscard]] const WorkingGeneration* for_envelope(const pki::EnvelopedData& envelope) const;
  // The generation whose issuing CA has that name; the newest where names repeat.
  [[nodiscard]] const WorkingGeneration* for_issuer(ByteView issuer_der) const;
  [[nodiscard]] std::vector<const WorkingGeneration*> all() const;

  // Adds the generation that GetNextCACert announces. REQUIRES: there is none yet.
  void announce(ca::Generation next);
  // The next generation becomes the current one. REQUIRES: there is one.
  void roll_over();

 private:
  pki::Certificate root_;
  ca::PublicationUris publication_;
  Random& random_;
  mutable std::shared_mutex mutex_;
  std::deque<WorkingGeneration> generations_;
  int current_ = 0;
  int next_ = 0;  // 0: none
};

}  // namespace chancery::hub
