#pragma once

// What a device says when it calls, and what it is told: the whole decision of POST /link/v1/check-in.

#include <string>
#include <vector>

#include "ca/records.h"
#include "fleet/registry.h"
#include "hub/changes.h"
#include "hub/context.h"
#include "hub/presence.h"
#include "wire/check_in.h"

namespace chancery::hub {

// Whose certificate is good.
struct LinkCaller {
  ca::CertificateRecord certificate;
  std::uint64_t mark = 0;  // Presence::mark() of before it was looked at
};

struct CheckInCall {
  Bytes certificate;  // DER: what the TLS client has proved to have the key of
  std::string remote_address;
  wire::CheckIn message;
};

// Who called, for a request that is held.
struct LinkParty {
  fleet::NodeId node_id = 0;
  std::string serial;
  std::string remote_address;
};

struct CheckInDecision {
  wire::CheckInAnswer answer;
  LinkParty party;
  // There is nothing to say that cannot wait: hold the request so long, by Presence::hold() with `mark`, and then
  // answer with later(). 0: answer now.
  Seconds hold{0};
  std::uint64_t mark = 0;
};

// Thread-safe.
class CheckIn {
 public:
  CheckIn(Context& context, Presence& presence, Changes& changes)
      : context_(context), presence_(presence), changes_(changes) {}

  // With whom a caller shares what the link grants (http::KnownPeer): its node, wherever it calls from; while it leads
  // to none, the certificate's key. Nothing for strangers. Says nothing about what it may do.
  std::optional<std::uint64_t> known_peer(ByteView certificate);
  // ErrorCode::refused: HTTP 403, this certificate is not good (any more). Asked before the message is looked at:
  // whoever has no certificate of ours can show one.
  Result<LinkCaller> recognise(ByteView certificate);
  // A blocked node is told its state and nothing else. REQUIRES: recognise() gave `caller` for the call's certificate.
  Result<CheckInDecision> answer(const LinkCaller& caller, const CheckInCall& call);
  // Both.
  Result<CheckInDecision> answer(const CheckInCall& call);
  // What there is to say to one who waited. ErrorCode::refused: its certificate is not good any more.
  Result<wire::CheckInAnswer> later(const LinkParty& party);

 private:
  struct Visit;

  Result<fleet::Node> contact(Books& books, const Visit& visit);
  Result<fleet::Node> unknown_device(Books& books, const Visit& visit);
  Status store(Books& books, const Visit& visit, fleet::Node& node, wire::CheckInAnswer& answer);
  Status store_inventory(Books& books, const Visit& visit, fleet::Node& node);
  static Status store_events(Books& books, const Visit& visit, fleet::Node& node);
  Status store_results(Books& books, const Visit& visit, const fleet::Node& node, wire::CheckInAnswer& answer);
  enum class Access : std::uint8_t { read, write };
  struct Told {
    wire::CheckInAnswer answer;
    std::vector<fleet::Order> news;  // the orders in it that were not delivered before
  };
  Result<Told> tell(Books& books, const fleet::Node& node, Access access);
  static Status deliver(Books& books, std::vector<fleet::Order> orders);
  Result<std::vector<std::string>> unknown_certificates(Books& books, const fleet::Node& node, Access access);

  Context& context_;
  Presence& presence_;
  Changes& changes_;
};

}  // namespace chancery::hub
