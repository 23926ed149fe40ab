#pragma once

// Keeps a fresh CRL of every generation: signed anew after each revocation, and before the last one expires. The ledger
// knows which revocations the latest CRL has, so that a crash between the two is made good. And a CRL of the root,
// which lives longer, because its key may be kept elsewhere.

#include <mutex>

#include "ca/crl_signing.h"
#include "hub/context.h"
#include "hub/generation_store.h"

namespace chancery::hub {

struct CrlOptions {
  Seconds validity = std::chrono::days(7);
  Seconds overlap = std::chrono::days(2);  // a new one is made this long before the last one's nextUpdate
  Seconds root_validity = std::chrono::days(365);
  Seconds root_overlap = std::chrono::days(180);
};

class CrlPublisher {
 public:
  CrlPublisher(Context& context, GenerationStore& store, CrlOptions options)
      : context_(context), store_(store), options_(options) {}

  // Makes the CRLs that are due, by `context.clock` or because the last one lacks a revocation or release. Called at
  // the start and then at least every few minutes. A root whose key is kept elsewhere is logged and is no error.
  Status publish_due();
  // Makes the CRL of that generation now.
  Status publish(int number);
  // The same, unless the last one has every revocation and release already.
  Status publish_changes(int number);

 private:
  Status publish_root_if_due(Timestamp now);
  Status sign_and_keep(const ca::CrlIssuer& issuer, Seconds validity);

  Context& context_;
  GenerationStore& store_;
  CrlOptions options_;
  std::mutex mutex_;  // one CRL number is used once
};

}  // namespace chancery::hub
