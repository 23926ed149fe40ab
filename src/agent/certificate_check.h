#pragma once

// Whether a certificate that came back is the one that was asked for. Nothing is written before it passed.

#include <vector>

#include "agent/algorithm_floor.h"
#include "agent/authority.h"
#include "base/time.h"
#include "pki/bundle.h"
#include "pki/request.h"

namespace chancery::agent {

struct TrustExpectation {
  const std::vector<pki::Certificate>& intermediates;
  const std::vector<pki::Certificate>& anchors;  // what is trusted
  Timestamp now;
  AlgorithmFloor floor;
};

// Validity, path to one of the anchors, digests down to the floor, in this order. Gives the path, certificate and
// anchor included.
Result<std::vector<pki::Certificate>> check_trusted(const pki::Certificate& certificate,
                                                    const TrustExpectation& expected);

struct PathExpectation {
  const pki::CertificateRequest& request;
  const std::vector<pki::Certificate>& intermediates;
  const std::vector<pki::Certificate>& anchors;  // what is trusted
  Timestamp now;
  bool accept_changed_names = false;
  AlgorithmFloor floor;
};

// Key, what check_trusted() looks at, subject and alternative names, in this order. Gives the same path.
Result<std::vector<pki::Certificate>> check_certificate(const pki::Certificate& certificate,
                                                        const PathExpectation& expected);

struct CertificateExpectation {
  const pki::CertificateRequest& request;
  const Authority& authority;
  const pki::Bundle& bundle;  // the reply's: may hold intermediates
  Timestamp now;
  bool accept_changed_names = false;
  AlgorithmFloor floor;
};

// The same for what a SCEP server sent, with the pinned CA as anchor.
Result<std::vector<pki::Certificate>> check_issued(const pki::Certificate& certificate,
                                                   const CertificateExpectation& expected);

}  // namespace chancery::agent
