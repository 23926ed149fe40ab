#include "sim/device_watch.h"

#include <fmt/format.h>

namespace chancery::sim {

void DeviceWatch::reachable(bool is) {
  works_ = is;
  note_reachable();
}

void DeviceWatch::asked_to_wait(Seconds pause) {
  quiet_until_ = std::max(quiet_until_, world_.queue.now() + pause);
  note_reachable();
  world_.queue.at(quiet_until_, [this] { note_reachable(); });
}

void DeviceWatch::note_reachable() { reachable_.set(works_ && world_.queue.now() >= quiet_until_, world_.queue.now()); }

void DeviceWatch::sees(const DeviceDisk::Pair* live, std::optional<Timestamp> renew_at) {
  if (live == nullptr) {
    if (certificate_) world_.journal.finding(name_, "had a certificate, and has none any more");
    certificate_.reset();
    return;
  }
  if (live->number != number_ || !equal(live->certificate.der(), der_)) check_new(*live);
  number_ = live->number;
  if (renew_at_ && renew_at && *renew_at != *renew_at_)
    world_.journal.finding(name_, fmt::format("was to renew at {} and says {} now: it is drawn once",
                                              to_rfc3339(*renew_at_), to_rfc3339(*renew_at)));
  if (renew_at) renew_at_ = renew_at;
}

// People decide within ten days, and may refuse first.
void DeviceWatch::let_in() {
  revoked_.reset();
  const Uptime::Stretch time{.from = world_.queue.now(), .to = world_.queue.now() + std::chrono::days(40)};
  world_.queue.at(time.to, [this, time, challenge = ++challenges_] {
    if (challenge != challenges_ || revoked_) return;
    if (certificate_ && !world_.hub.revoked().contains(certificate_->serial().hex())) return;
    const Millis total = Uptime::together(reachable_, world_.hub_up, time, Millis(0));
    if (total < std::chrono::days(16)) return;
    world_.journal.finding(name_,
                           fmt::format("has a challenge, was reachable for {} days since, and has no certificate",
                                       total / std::chrono::days(1)));
  });
}

void DeviceWatch::check_new(const DeviceDisk::Pair& live) {
  const bool another = !equal(live.certificate.der(), der_);
  der_ = to_bytes(live.certificate.der());
  renew_at_.reset();
  certificate_ = live.certificate;
  if (!equal(certificate_->spki(), live.key.public_key().spki()))
    world_.journal.finding(name_, "shows a certificate with another one's key");
  if (!another) return;
  ++world_.counts.installed;
  world_.journal.event(
      name_, "has a new certificate in use",
      fmt::format("{}, good until {}", certificate_->serial().hex(), to_rfc3339(certificate_->validity().not_after)));
  const auto [place, fresh] = world_.serials.emplace(certificate_->serial().hex(), certificate_->fingerprint());
  if (!fresh && place->second != certificate_->fingerprint())
    world_.journal.finding(name_, "has a certificate whose serial number another one has");
  check_path(live);
  check_ledger();
  expect_renewal();
}

bool DeviceWatch::is_issued(const pki::Certificate& below, const pki::Certificate& above) {
  if (!equal(below.issuer_der(), above.subject_der())) return false;
  const auto key = above.public_key();
  return key && below.signed_by(*key);
}

// It goes from the certificate to the root, whichever generation is between.
void DeviceWatch::check_path(const DeviceDisk::Pair& live) {
  const pki::Certificate* below = &*certificate_;
  for (const auto* list : {&live.chain, &live.authorities})
    for (const pki::Certificate& certificate : *list) {
      if (below->is_ca() && world_.issued.contains({below->fingerprint(), certificate.fingerprint()})) {
        below = &certificate;
      } else if (is_issued(*below, certificate)) {
        if (below->is_ca()) world_.issued.emplace(below->fingerprint(), certificate.fingerprint());
        below = &certificate;
      }
    }
  if (!equal(below->fingerprint(), world_.hub.fingerprint()))
    world_.journal.finding(name_, "shows a certificate without the path to the root");
}

void DeviceWatch::check_ledger() {
  std::optional<ca::CertificateRecord> record;
  const Status looked = world_.hub.look([&](hub::Books& books) -> Status {
    TRY(record, books.certificates().find(certificate_->serial()));
    return {};
  });
  CHECK(looked);
  const std::string serial = certificate_->serial().hex();
  if (!record || !equal(record->der, certificate_->der()))
    return world_.journal.finding(name_, fmt::format("has certificate {}, which the ledger does not have", serial));
  if (revoked_ && record->created > std::chrono::floor<Seconds>(*revoked_))
    world_.journal.finding(name_, fmt::format("was revoked, and has got {} without a new challenge", serial));
}

void DeviceWatch::expect_renewal() {
  const pki::Validity validity = certificate_->validity();
  const SimTime end = validity.not_after + Seconds(1);
  if (end <= world_.queue.now()) return;
  world_.queue.at(end, [this, fingerprint = certificate_->fingerprint(), validity] { ended(fingerprint, validity); });
}

// No pause is longer than a quarter of an hour then, so who is there for that long has one try at least, and an hour of
// such times has four; short lives have as many in a fiftieth of them.
void DeviceWatch::ended(const Bytes& fingerprint, const pki::Validity& validity) {
  if (!certificate_ || certificate_->fingerprint() != fingerprint || revoked_) return;
  if (world_.hub.revoked().contains(certificate_->serial().hex())) return;
  const Seconds life = validity.not_after - validity.not_before;
  const Uptime::Stretch last_tenth{.from = validity.not_after - life / 10, .to = validity.not_after};
  const Millis least = std::min<Millis>(std::chrono::minutes(15), life / 200);
  const Millis total = Uptime::together(reachable_, world_.hub_up, last_tenth, least);
  const Millis enough = std::min<Millis>(std::chrono::hours(1), life / 50);
  const auto minutes = total / std::chrono::minutes(1);
  world_.journal.event(name_, "has an expired certificate",
                       fmt::format("reachable for {} minutes in the last tenth of its life", minutes));
  if (total >= enough)
    world_.journal.finding(
        name_, fmt::format("has an expired certificate, and was reachable for {} minutes in the last tenth of its life",
                           minutes));
}

}  // namespace chancery::sim
