#pragma once

// Everything that a device, or a person in front of one, can reach over plain HTTP: SCEP, the authority's certificates
// and CRLs, and a page that shows their fingerprints.
//
//   /                          the page: certificates with fingerprints, downloads, SCEP URLs, the commands to paste
//   /scep/<endpoint>           SCEP (scep_routes.h), and its aliases
//   /ca/root.crt, .pem         the root in DER or PEM
//   /ca/issuing-1.crt, .pem    the issuing CA of one generation
//   /ca/chain.p7b, .pem        all of them
//   /crl/1.crl, root.crl       the CRL of generation 1, or of the root, in DER (application/pkix-crl)
//   /healthz                   200 while the process answers
//   /readyz                    200 when the ledger can be read and written and the CRLs are fresh, else 503 with the
//                              reason

#include "api/scep_routes.h"
#include "hub/context.h"

namespace chancery::api {

struct DeviceSiteOptions {
  std::string base_url;  // "http://pki.example:8080": how devices reach this site
  ScepAliases aliases;
};

class DeviceSite {
 public:
  DeviceSite(hub::Context& context, hub::ScepService& scep, DeviceSiteOptions options)
      : context_(context), options_(std::move(options)), scep_(scep, options_.aliases) {}

  // GET and HEAD, and POST for SCEP. Thread-safe.
  [[nodiscard]] http::Response handle(const http::Request& request);

 private:
  hub::Context& context_;
  DeviceSiteOptions options_;
  ScepRoutes scep_;
};

}  // namespace chancery::api
