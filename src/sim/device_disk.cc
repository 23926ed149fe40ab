#include "sim/device_disk.h"

#include <algorithm>

namespace chancery::sim {
namespace {

constexpr std::size_t versions_kept = 4;

agent::Credential credential_of(const DeviceDisk::Pair& pair) {
  return {.key = pair.key.share(),
          .certificate = pair.certificate,
          .chain = pair.chain,
          .authorities = pair.authorities,
          .source = pair.source};
}

}  // namespace

void DeviceDisk::restarted() {
  if (breakage_ == Breakage::forget_pending) pending_.reset();
}

const DeviceDisk::Pair* DeviceDisk::find(std::uint64_t number) const {
  const auto found = std::ranges::find(versions_, number, &Pair::number);
  return found == versions_.end() ? nullptr : &*found;
}

Result<std::optional<agent::Credential>> DeviceDisk::active() {
  const Pair* pair = live();
  if (pair == nullptr) return std::nullopt;
  return credential_of(*pair);
}

DeviceDisk::Pair DeviceDisk::pair_of(const agent::NewCredential& credential) {
  return {.number = ++last_,
          .key = credential.key.share(),
          .certificate = credential.certificate,
          .fingerprint = credential.certificate.fingerprint(),
          .chain = credential.chain,
          .authorities = credential.authorities,
          .source = credential.source};
}

// One atomic swap.
Status DeviceDisk::use(std::uint64_t number) {
  TRY_STATUS(power_.step());
  live_ = number;
  return {};
}

Status DeviceDisk::put_into_service(const std::string& slot, const agent::NewCredential& credential) {
  Pair pair = pair_of(credential);
  const std::uint64_t before = live_;
  const std::uint64_t number = pair.number;
  TRY_STATUS(power_.step());
  if (breakage_ == Breakage::swap_halves && live() != nullptr) {
    auto& current = *std::ranges::find(versions_, live_, &Pair::number);
    current.certificate = pair.certificate;
    current.fingerprint = pair.fingerprint;
    TRY_STATUS(power_.step());
  }
  versions_.push_back(std::move(pair));
  TRY_STATUS(use(number));
  if (const Status done = reload(slot); !done) {
    if (power_.lost()) return done;
    TRY_STATUS(use(before));
    shown_ = before;
    return done;
  }
  TRY_STATUS(power_.step());
  while (versions_.size() > versions_kept) versions_.pop_front();
  return {};
}

Status DeviceDisk::activate(const agent::NewCredential& credential) { return put_into_service("", credential); }

Status DeviceDisk::put_back(const std::string& slot, ByteView sha256, const Check& check) {
  for (const Pair& pair : versions_)
    if (equal(pair.fingerprint, sha256)) {
      TRY_STATUS(check(credential_of(pair)));
      TRY_STATUS(use(pair.number));
      return reload(slot);
    }
  return not_found("the slot keeps no such certificate");
}

Result<std::vector<pki::Certificate>> DeviceDisk::kept(const std::string&) {
  std::vector<pki::Certificate> list;
  if (live() != nullptr) list.push_back(live()->certificate);
  for (const Pair& pair : versions_)
    if (pair.number != live_) list.push_back(pair.certificate);
  return list;
}

Status DeviceDisk::reload(const std::string&) {
  TRY_STATUS(power_.step());
  if (broken_) return unavailable("health check: connection refused");
  shown_ = live_;
  return {};
}

Status DeviceDisk::recover(const std::string& slot) {
  // A version that was written and never used.
  std::erase_if(versions_, [this](const Pair& pair) { return pair.number > live_ && pair.number != shown_; });
  if (shown_ == live_) return {};
  const Status done = reload(slot);
  return power_.lost() ? done : Status();
}

Result<std::optional<agent::PendingEnrolment>> DeviceDisk::pending() {
  const bool forgets = breakage_ == Breakage::forget_each_try && live() != nullptr;
  if (!pending_ || forgets) return std::nullopt;
  return agent::PendingEnrolment{.type = pending_->type,
                                 .transaction_id = pending_->transaction_id,
                                 .key = pending_->key.share(),
                                 .signer = pending_->signer,
                                 .request = pending_->request.clone(),
                                 .source = pending_->source,
                                 .started = pending_->started,
                                 .last_answer = pending_->last_answer};
}

Status DeviceDisk::begin(const agent::PendingEnrolment& pending) {
  TRY_STATUS(power_.step());
  if (pending_ && breakage_ != Breakage::forget_each_try) return conflict("a request is pending already");
  pending_.emplace(Pending{.type = pending.type,
                           .transaction_id = pending.transaction_id,
                           .key = pending.key.share(),
                           .signer = pending.signer,
                           .request = pending.request.clone(),
                           .source = pending.source,
                           .started = pending.started,
                           .last_answer = pending.last_answer});
  return {};
}

Status DeviceDisk::mark(agent::LastAnswer answer) {
  TRY_STATUS(power_.step());
  if (pending_) pending_->last_answer = answer;
  return {};
}

Status DeviceDisk::send_as(scep::MessageType type, const scep::TransactionId& transaction_id) {
  TRY_STATUS(power_.step());
  if (!pending_) return {};
  pending_->type = type;
  pending_->transaction_id = transaction_id;
  pending_->last_answer = agent::LastAnswer::none;
  return {};
}

Status DeviceDisk::finish() {
  TRY_STATUS(power_.step());
  pending_.reset();
  return {};
}

}  // namespace chancery::sim
