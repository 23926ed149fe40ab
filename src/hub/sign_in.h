#pragma once

// Signing in to the web pages, and the sessions that come of it.

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "hub/context.h"
#include "hub/lock_out.h"
#include "hub/password.h"
#include "hub/user_records.h"

namespace chancery::hub {

// Who is signed in, as of now: the role is that of the user's record, not that of the sign-in.
struct SessionView {
  std::string user;
  Role role = Role::auditor;
  bool must_change_password = false;
  Timestamp expires;       // when it ends, however much it is used
  std::string csrf_token;  // what each change has to carry beside the cookie: made of the token, and not told from it
  Bytes token_hash;
};

struct NewSession {
  std::string token;  // 256 random bits in base64url: for the cookie, and nowhere else
  SessionView view;
};

struct SignInOptions {
  Seconds longest = std::chrono::hours(12);
  Seconds longest_idle = std::chrono::hours(1);
};

// What came of a try. Nothing and no time to wait: the name or the password is wrong.
struct SignInOutcome {
  std::optional<NewSession> session;
  Seconds wait{0};    // too many tries failed: none is made before then
  bool busy = false;  // too many passwords are being checked just now: this one was not
};

// What came of a password that was asked for once more. Not right, and no time to wait: it is wrong.
struct Confirmation {
  bool right = false;
  Seconds wait{0};  // as in SignInOutcome
  bool busy = false;
};

// Thread-safe. `context` and `passwords` must outlive it.
class SignIn {
 public:
  SignIn(Context& context, const Passwords& passwords, SignInOptions options = {});

  // Takes as long, and answers the same, for a name that nobody has, a wrong password and a user who is disabled. What
  // succeeds and what fails is audited; a name that nobody has is not written down, for it may be a password.
  Result<SignInOutcome> sign_in(std::string_view user, ByteView password, const std::string& address);

  // The session of a token; nothing when it has ended. `is_use`: a person did something, so it is not idle.
  Result<std::optional<SessionView>> resume(std::string_view token, bool is_use);
  Status sign_out(const SessionView& session);
  // With the old password. Ends all sessions of the user, and begins a new one.
  Result<SignInOutcome> change_password(const SessionView& session, ByteView old_password, ByteView new_password,
                                        const std::string& address);
  // Whether the person of the session is at the screen. A wrong password is audited as a sign-in that failed.
  Result<Confirmation> confirm(const SessionView& session, ByteView password, const std::string& address);
  // An administrator says that the user may try at once.
  void unlock(const std::string& user) {
    users_.clear(user);
    signed_in_.clear(user);
  }
  // Forgets sessions that have ended. Called every minute.
  Status remove_old();

 private:
  // The user whose password this is; or nothing, and why, as in SignInOutcome.
  struct Check {
    std::optional<UserRecord> user;
    Seconds wait{0};
    bool busy = false;
  };
  // How many wait for the check of a password. Each holds a thread of the server's, so few may.
  using Waiting = std::atomic<int>;
  Result<Check> check(const std::string& name, ByteView password, const std::string& address);
  // The same for somebody who is signed in. What others try in that name, or from that address, does not count.
  Result<Check> check_again(const SessionView& session, ByteView password, const std::string& address);
  // The user, if it is this one's password and he may sign in.
  Result<std::optional<UserRecord>> verify(std::optional<UserRecord> user, ByteView password);
  Result<std::optional<UserRecord>> find(const std::string& name);
  // `counts`: against the user's next sign-in.
  Status record_failure(const std::optional<UserRecord>& user, const std::string& address, bool counts);
  // Checks that `user` is as it was, and writes the session.
  Result<NewSession> open(Books& books, UserRecord& user, const std::string& address);
  [[nodiscard]] SessionView view_of(const UserRecord& user, const SessionRecord& session, std::string_view token) const;

  Context& context_;
  const Passwords& passwords_;
  const SignInOptions options_;
  LockOut users_;
  LockOut sources_;
  LockOut signed_in_;  // users who give their password once more
  // Whoever tries to sign in keeps nobody out who changes his password.
  Waiting strangers_waiting_ = 0;
  Waiting users_waiting_ = 0;
  std::mutex verifying_;      // one at a time: each takes 64 MiB
  std::string nobodys_hash_;  // of a password that nobody has
};

}  // namespace chancery::hub
