#pragma once

// The steps of docs/issuance-cycle.md that touch the disk: intent, signature, result. Every certificate goes this way.

#include <functional>
#include <string>

#include "ca/issuer.h"
#include "hub/context.h"

namespace chancery::hub {

struct IssuanceOrder {
  const WorkingGeneration& generation;
  ca::Approved approved;
  std::string endpoint;
  std::string replaces;  // hex serial of the certificate that is renewed; empty: none
  std::string request;   // as challenges know the request that waited ("request 7"); empty: none did
  Caller caller;
  // What must become durable together with the intent: using up the challenge, the SCEP transaction. Its error undoes
  // the intent, too.
  std::function<Status(Books& books, const std::string& serial_hex)> with_intent;
};

class Issuance {
 public:
  explicit Issuance(Context& context) : context_(context) {}

  // Intent on disk, then the signature, then the result on disk. An error after the intent leaves a certificate in
  // state `intended`: resume() takes it up when the device asks again.
  Result<pki::Certificate> issue(IssuanceOrder order);
  // The certificate of `record`: as it is when issued; signed now when a crash came between intent and result.
  // `request` as in IssuanceOrder, where it is known.
  Result<pki::Certificate> complete(const ca::CertificateRecord& record, const std::string& request,
                                    const Caller& caller);

 private:
  struct Origin {
    const std::string& endpoint;
    const std::string& replaces;
    const std::string& request;
    const Caller& caller;
  };
  Result<pki::Certificate> sign_and_record(const WorkingGeneration& generation, ca::Approved approved,
                                           const Origin& origin);

  Context& context_;
};

}  // namespace chancery::hub
