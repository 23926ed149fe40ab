#include "hub/sign_in.h"

#include <fmt/format.h>

#include <algorithm>

#include "hub/accounts.h"
#include "pki/algorithms.h"

namespace chancery::hub {
namespace {

// Of several addresses behind one router, some people mistype.
constexpr int free_failures_of_source = 4;
constexpr Seconds use_resolution{60};  // how exactly it is kept when a session was last used
constexpr std::size_t token_bytes = 32;
// A check takes a tenth of a second; a person waits for three others.
constexpr int most_waiting = 4;
constexpr std::size_t most_name_bytes = 64;

Bytes hash_of(std::string_view token) { return pki::hash(pki::Digest::sha256, as_bytes(token)); }

std::string csrf_token_of(std::string_view token) {
  return to_base64url(hash_of("chancery csrf token " + std::string(token)));
}

// How many failures count: those of long ago do not. LockOut forgets by the same rule, or the delay would tell whether
// there is a user of that name.
int failures_of(const UserRecord& user, Timestamp now) {
  if (!user.locked_until) return user.failures;
  const Timestamp failed = *user.locked_until - delay_after(user.failures);
  return now - failed > failures_remembered ? 0 : user.failures;
}

// One of the few places for those who wait.
class Place {
 public:
  explicit Place(std::atomic<int>& waiting) : waiting_(waiting), is_free_(waiting.fetch_add(1) < most_waiting) {}
  ~Place() { waiting_.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool is_free() const { return is_free_; }

 private:
  std::atomic<int>& waiting_;
  const bool is_free_;
};

}  // namespace

SignIn::SignIn(Context& context, const Passwords& passwords, SignInOptions options)
    : context_(context),
      passwords_(passwords),
      options_(options),
      users_(context.clock, 0),
      sources_(context.clock, free_failures_of_source),
      signed_in_(context.clock, 0) {
  const SecretBytes nobodys = generate_password(context.random);
  // Without it, an unknown name would be told by the time that it takes; with no memory for it, nobody can sign in.
  nobodys_hash_ = passwords_.hash(nobodys.view()).value_or("");
}

SessionView SignIn::view_of(const UserRecord& user, const SessionRecord& session, std::string_view token) const {
  return {.user = user.name,
          .role = user.role,
          .must_change_password = user.must_change_password,
          .expires = session.created + options_.longest,
          .csrf_token = csrf_token_of(token),
          .token_hash = session.token_hash};
}

Result<std::optional<UserRecord>> SignIn::find(const std::string& name) {
  std::optional<UserRecord> user;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(user, books.users().find(name));
    return {};
  }));
  return user;
}

Result<std::optional<UserRecord>> SignIn::verify(std::optional<UserRecord> user, ByteView password) {
  const std::scoped_lock lock(verifying_);
  const bool right = passwords_.verify(user ? user->password_hash : nobodys_hash_, password);
  if (!right || !user || user->disabled) return std::nullopt;
  return user;
}

Result<SignIn::Check> SignIn::check(const std::string& name, ByteView password, const std::string& address) {
  // Before it counts as a try.
  const Place place(strangers_waiting_);
  if (!place.is_free()) return Check{.busy = true};
  const std::string source = source_of(address);
  if (const Seconds wait = users_.begin(name); wait > Seconds(0)) return Check{.wait = wait};
  if (const Seconds wait = sources_.begin(source); wait > Seconds(0)) {
    users_.forgive(name);
    return Check{.wait = wait};
  }
  TRY(const std::optional<UserRecord> user, find(name));
  const Timestamp now = context_.clock.now();
  if (user && user->locked_until && now < *user->locked_until) {
    users_.forgive(name);
    sources_.forgive(source);
    return Check{.wait = *user->locked_until - now};
  }
  TRY(std::optional<UserRecord> right, verify(user, password));
  if (!right) {
    TRY_STATUS(record_failure(user, address, true));
    return Check{};
  }
  sources_.forgive(source);
  users_.clear(name);
  return Check{.user = std::move(right)};
}

Result<SignIn::Check> SignIn::check_again(const SessionView& session, ByteView password, const std::string& address) {
  const Place place(users_waiting_);
  if (!place.is_free()) return Check{.busy = true};
  if (const Seconds wait = signed_in_.begin(session.user); wait > Seconds(0)) return Check{.wait = wait};
  TRY(const std::optional<UserRecord> user, find(session.user));
  TRY(std::optional<UserRecord> right, verify(user, password));
  if (!right) {
    TRY_STATUS(record_failure(user, address, false));
    return Check{};
  }
  signed_in_.clear(session.user);
  return Check{.user = std::move(right)};
}

Status SignIn::record_failure(const std::optional<UserRecord>& user, const std::string& address, bool counts) {
  const std::string name = user ? user->name : "an unknown user";
  context_.log.warning("sign-in failed", {{"user", name}, {"source", address}});
  return context_.ledger.write([&](Books& books) -> Status {
    const Timestamp now = context_.clock.now();
    AuditEvent event{.at = now, .actor = "web " + address, .action = "session.refused", .subject = name};
    if (user && counts) {
      TRY(auto record, books.users().find(user->name));
      if (record) {
        record->failures = failures_of(*record, now) + 1;
        record->locked_until = now + delay_after(record->failures);
        TRY_STATUS(books.users().change(*record));
        event.details.emplace_back("failures", std::to_string(record->failures));
      }
    }
    return books.audit().append(event);
  });
}

Result<NewSession> SignIn::open(Books& books, UserRecord& user, const std::string& address) {
  const Timestamp now = context_.clock.now();
  const std::string token = to_base64url(context_.random.bytes(token_bytes));
  const SessionRecord session{
      .token_hash = hash_of(token), .user = user.name, .source = address, .created = now, .last_used = now};
  user.failures = 0;
  user.locked_until.reset();
  user.last_sign_in = now;
  TRY_STATUS(books.users().change(user));
  TRY_STATUS(books.sessions().add(session));
  TRY_STATUS(books.audit().append({.at = now,
                                   .actor = "user " + user.name,
                                   .action = "session.opened",
                                   .subject = user.name,
                                   .details = {{"source", address}}}));
  return NewSession{.token = token, .view = view_of(user, session, token)};
}

Result<SignInOutcome> SignIn::sign_in(std::string_view user, ByteView password, const std::string& address) {
  const std::string name = user_name_of(user.substr(0, most_name_bytes + 1));
  TRY(const Check checked, check(name, password.first(std::min(password.size(), most_password_bytes + 1)), address));
  if (!checked.user) return SignInOutcome{.wait = checked.wait, .busy = checked.busy};
  std::string new_hash;
  if (passwords_.is_outdated(checked.user->password_hash)) {
    TRY(new_hash, passwords_.hash(password));
  }
  SignInOutcome outcome;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    outcome = {};
    TRY(auto record, books.users().find(name));
    // What was right a moment ago may have been changed by an administrator since.
    if (!record || record->disabled || record->password_hash != checked.user->password_hash) return {};
    if (!new_hash.empty()) record->password_hash = new_hash;
    TRY(outcome.session, open(books, *record, address));
    return {};
  }));
  return outcome;
}

Result<std::optional<SessionView>> SignIn::resume(std::string_view token, bool is_use) {
  const Timestamp now = context_.clock.now();
  const Bytes token_hash = hash_of(token);
  std::optional<SessionRecord> session;
  std::optional<UserRecord> user;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(session, books.sessions().find(token_hash));
    if (!session) return {};
    TRY(user, books.users().find(session->user));
    return {};
  }));
  if (!session || !user || user->disabled || now >= session->created + options_.longest ||
      now >= session->last_used + options_.longest_idle)
    return std::nullopt;
  if (is_use && now >= session->last_used + use_resolution)
    TRY_STATUS(context_.ledger.write([&](Books& books) { return books.sessions().use(token_hash, now); }));
  return view_of(*user, *session, token);
}

Status SignIn::sign_out(const SessionView& session) {
  return context_.ledger.write([&](Books& books) -> Status {
    TRY(const bool removed, books.sessions().remove(session.token_hash));
    if (!removed) return {};
    return books.audit().append({.at = context_.clock.now(),
                                 .actor = "user " + session.user,
                                 .action = "session.closed",
                                 .subject = session.user});
  });
}

Result<SignInOutcome> SignIn::change_password(const SessionView& session, ByteView old_password, ByteView new_password,
                                              const std::string& address) {
  TRY_STATUS(check_new_password(new_password, session.user));
  if (equal(old_password, new_password)) return invalid("the new password is the old one");
  TRY(const Check checked, check_again(session, old_password, address));
  if (!checked.user) return SignInOutcome{.wait = checked.wait, .busy = checked.busy};
  TRY(const std::string hash, passwords_.hash(new_password));
  SignInOutcome outcome;
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    outcome = {};
    TRY(auto record, books.users().find(session.user));
    if (!record || record->disabled || record->password_hash != checked.user->password_hash) return {};
    record->password_hash = hash;
    record->must_change_password = false;
    TRY_STATUS(books.sessions().remove_of(record->name));
    TRY_STATUS(books.audit().append({.at = context_.clock.now(),
                                     .actor = "user " + record->name,
                                     .action = "user.password_changed",
                                     .subject = record->name}));
    TRY(outcome.session, open(books, *record, address));
    return {};
  }));
  return outcome;
}

Result<Confirmation> SignIn::confirm(const SessionView& session, ByteView password, const std::string& address) {
  TRY(const Check checked,
      check_again(session, password.first(std::min(password.size(), most_password_bytes + 1)), address));
  return Confirmation{.right = checked.user.has_value(), .wait = checked.wait, .busy = checked.busy};
}

Status SignIn::remove_old() {
  const Timestamp now = context_.clock.now();
  return context_.ledger.write(
      [&](Books& books) { return books.sessions().remove_old(now - options_.longest, now - options_.longest_idle); });
}

}  // namespace chancery::hub
