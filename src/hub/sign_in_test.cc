// Users, their passwords, and the sessions that come of signing in.

#include "hub/sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "hub/accounts.h"
#include "hub/hub_testing.h"

namespace chancery::hub {
namespace {

using ::testing::HasSubstr;

constexpr PasswordCost quick{.passes = 1, .memory_bytes = 8192};
constexpr std::string_view right = "correct horse battery";
constexpr std::string_view other = "another horse entirely";

template <class T>
std::string problem(const T& result) {
  return result ? std::string() : std::string(to_string(result.error().code())) + ": " + result.error().text();
}

TEST(Password, IsFoundAgainAndNothingElseIs) {
  const Passwords passwords(quick);
  const std::string hash = passwords.hash(as_bytes(right)).value();
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_NE(hash, passwords.hash(as_bytes(right)).value()) << "the salt is another";
  EXPECT_TRUE(passwords.verify(hash, as_bytes(right)));
  EXPECT_FALSE(passwords.verify(hash, as_bytes(other)));
  EXPECT_FALSE(passwords.verify(hash, {}));
  EXPECT_FALSE(passwords.verify("", as_bytes(right)));
  EXPECT_FALSE(passwords.verify("$argon2id$", {}));
  EXPECT_FALSE(passwords.is_outdated(hash));
  EXPECT_TRUE(Passwords({.passes = 2, .memory_bytes = 8192}).is_outdated(hash));
}

TEST(Password, IsNotAnything) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "invalid: the password is too short: at least 12 characters"},
      {"eleven char", "invalid: the password is too short: at least 12 characters"},
      {"öööööööööö1", "invalid: the password is too short: at least 12 characters"},
      {std::string(257, 'a') + "b", "invalid: the password is longer than 256 bytes"},
      {std::string(20, 'a'), "invalid: the password is one character over and over"},
      {"administrator", "invalid: the password is the user's name"},
      {"with\ncontrol characters", "invalid: the password holds bytes that are no characters"},
      {"not UTF-8 \xff at all", "invalid: the password holds bytes that are no characters"},
      {"twelve chars", ""},
  };
  for (const auto& [password, expect] : rows)
    EXPECT_EQ(problem(check_new_password(as_bytes(password), "administrator")), expect) << password;
}

TEST(Password, IsGeneratedInLettersThatAreNotMistaken) {
  testing::FakeRandom random;
  const SecretBytes first = generate_password(random);
  EXPECT_THAT(std::string(as_text(first.view())), ::testing::MatchesRegex("([a-km-z2-9]{4}-){4}[a-km-z2-9]{4}"));
  EXPECT_FALSE(equal(first.view(), generate_password(random).view()));
}

class SignInTest : public ::testing::Test {
 protected:
  SignInTest() {
    add("root", Role::administrator);
    add("anna", Role::operator_);
  }

  void add(const char* name, Role role) {
    const auto added = accounts_.add(
        {.name = name, .role = role, .password = SecretBytes::copy_of(right), .keeps_password = true}, caller_);
    ASSERT_TRUE(added) << added.error().text();
    EXPECT_TRUE(added->empty());
  }
  SignInOutcome sign_in(std::string_view user, std::string_view password, const std::string& address = "192.0.2.1") {
    auto outcome = sign_in_.sign_in(user, as_bytes(password), address);
    EXPECT_TRUE(outcome) << outcome.error().text();
    return *std::move(outcome);
  }
  NewSession session_of(std::string_view user) { return sign_in(user, right).session.value(); }
  std::optional<SessionView> resume(std::string_view token, bool is_use = true) {
    auto session = sign_in_.resume(token, is_use);
    EXPECT_TRUE(session) << session.error().text();
    return *std::move(session);
  }
  UserRecord record(const std::string& name) { return ledger_.contents().users.at(name); }
  AuditEvent last_event() { return ledger_.contents().audit.rbegin()->second; }

  testing::FakeClock clock_;
  testing::FakeRandom random_;
  testing::RecordingLog log_;
  testing::MemoryLedger ledger_;
  FakeWebHook web_hook_;
  EndpointDirectory endpoints_;
  Keyring keyring_ = no_keyring();
  Context context_{ledger_, keyring_, endpoints_, web_hook_, clock_, random_, log_};
  Passwords passwords_{quick};
  Accounts accounts_{context_, passwords_};
  SignIn sign_in_{context_, passwords_};
  Caller caller_{"admin test"};

 private:
  // Nothing here looks at keys; one is made because a context has one.
  Keyring no_keyring() {
    const ca::AuthorityPlan plan{.names = {.organization = "Example", .common_name = ""},
                                 .root_key = {pki::KeyFamily::ec, 256},
                                 .issuing_key = {pki::KeyFamily::ec, 256},
                                 .ra_key = {pki::KeyFamily::rsa, 2048}};
    static const ca::Root root = ca::make_root(plan, clock_.now(), random_).value();
    std::vector<ca::Generation> generations;
    generations.push_back(ca::make_generation(plan, root, 1, clock_.now(), random_).value());
    generations.back().state = ca::Generation::State::current;
    return Keyring(root.certificate, std::move(generations), {}, random_);
  }
};

TEST_F(SignInTest, TheRightPasswordOpensASession) {
  const SignInOutcome outcome = sign_in("Anna", right);
  ASSERT_TRUE(outcome.session);
  EXPECT_EQ(outcome.session->token.size(), 43u) << "256 bits";
  EXPECT_EQ(outcome.session->view.user, "anna");
  EXPECT_EQ(outcome.session->view.role, Role::operator_);
  EXPECT_EQ(outcome.session->view.expires, clock_.now() + std::chrono::hours(12));
  EXPECT_EQ(record("anna").last_sign_in, clock_.now());
  EXPECT_EQ(last_event().action, "session.opened");
  EXPECT_EQ(last_event().actor, "user anna");
  const auto resumed = resume(outcome.session->token);
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->user, "anna");
  EXPECT_EQ(resumed->csrf_token, outcome.session->view.csrf_token);
  EXPECT_NE(resumed->csrf_token, session_of("anna").view.csrf_token) << "each session has its own";
  EXPECT_FALSE(resume(outcome.session->view.csrf_token));
  EXPECT_FALSE(resume(""));
  for (const auto& [hash, session] : ledger_.contents().sessions)
    EXPECT_EQ(as_text(hash).find(outcome.session->token), std::string_view::npos);
}

TEST_F(SignInTest, WhatIsWrongIsAuditedAndLooksTheSame) {
  ASSERT_TRUE(accounts_.change("anna", {.disabled = true}, caller_));
  const std::pair<const char*, std::string_view> rows[] = {{"root", other}, {"anna", right}, {"nobody", right}};
  for (const auto& [user, password] : rows) {
    const SignInOutcome outcome = sign_in(user, password);
    EXPECT_FALSE(outcome.session) << user;
    EXPECT_EQ(outcome.wait, Seconds(0)) << user;
    EXPECT_EQ(last_event().action, "session.refused");
    EXPECT_EQ(last_event().actor, "web 192.0.2.1");
    const SignInOutcome again = sign_in(user, right);
    EXPECT_FALSE(again.session) << user;
    EXPECT_EQ(again.wait, Seconds(1)) << user << " waits, whether there is one or not";
  }
  EXPECT_EQ(last_event().subject, "an unknown user") << "what was typed may be a password";
  EXPECT_EQ(log_.lines().size(), 3u);
}

TEST_F(SignInTest, TheDelayOfAUserGrowsAndSurvivesARestart) {
  for (const int seconds : {1, 2, 4}) {
    EXPECT_EQ(sign_in("anna", other).wait, Seconds(0));
    EXPECT_EQ(sign_in("anna", right).wait, Seconds(seconds));
    clock_.advance(Seconds(seconds));
  }
  EXPECT_EQ(record("anna").failures, 3);
  EXPECT_FALSE(sign_in("anna", other).session);
  SignIn restarted(context_, passwords_);
  EXPECT_EQ(restarted.sign_in("anna", as_bytes(right), "192.0.2.9")->wait, Seconds(8));
  clock_.advance(Seconds(8));
  EXPECT_TRUE(restarted.sign_in("anna", as_bytes(right), "192.0.2.9")->session);
  EXPECT_EQ(record("anna").failures, 0);
  EXPECT_FALSE(record("anna").locked_until);
}

// With one rule in memory and another in the ledger, the time to wait would tell which users there are.
TEST_F(SignInTest, FailuresOfWhoIsThereAndOfWhoIsNotAreForgottenAtTheSameTime) {
  for (const char* name : {"anna", "nobody"}) {
    int source = 0;
    const auto fail = [&] { return sign_in(name, other, "192.0.2." + std::to_string(++source)).wait; };
    for (int failures = 1; failures <= 9; ++failures) {
      EXPECT_EQ(fail(), Seconds(0)) << name;
      clock_.advance(delay_after(failures));
    }
    clock_.advance(failures_remembered - delay_after(9) + Seconds(3));
    EXPECT_EQ(fail(), Seconds(0)) << name;
    EXPECT_EQ(fail(), Seconds(1)) << name;
    clock_.advance(Seconds(1));
    EXPECT_EQ(fail(), Seconds(0)) << name;
    EXPECT_EQ(fail(), Seconds(2)) << name;
  }
}

// Its first reads wait until it is opened.
class GatedLedger final : public Ledger {
 public:
  GatedLedger(Ledger& ledger, int wait) : ledger_(ledger), wait_(wait) {}
  Status write(const std::function<Status(Books&)>& work) override { return ledger_.write(work); }
  Status read(const std::function<Status(Books&)>& work) override {
    {
      std::unique_lock lock(mutex_);
      if (waiting_ < wait_) {
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return open_; });
      }
    }
    return ledger_.read(work);
  }
  void wait_until_all_wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ == wait_; });
  }
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  Ledger& ledger_;
  const int wait_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

TEST_F(SignInTest, WhoTriesPasswordsKeepsNobodyOutWhoIsSignedIn) {
  const NewSession session = session_of("anna");
  GatedLedger gate(ledger_, 4);
  Context context{gate, keyring_, endpoints_, web_hook_, clock_, random_, log_};
  SignIn door(context, passwords_);
  std::vector<std::jthread> strangers;
  for (int i = 0; i < 4; ++i)
    strangers.emplace_back([&door, i] {
      const auto outcome = door.sign_in("nobody" + std::to_string(i), as_bytes(other), "192.0.2." + std::to_string(i));
      EXPECT_TRUE(outcome && !outcome->busy);
    });
  gate.wait_until_all_wait();
  const auto one_more = door.sign_in("root", as_bytes(other), "192.0.2.99");
  ASSERT_TRUE(one_more);
  EXPECT_TRUE(one_more->busy) << "at once, and it holds no thread";
  EXPECT_EQ(record("root").failures, 0) << "it was no try";
  EXPECT_TRUE(door.resume(session.token, true).value());
  const auto changed = door.change_password(session.view, as_bytes(right), as_bytes(other), "192.0.2.98");
  EXPECT_TRUE(changed && changed->session);
  gate.open();
  strangers.clear();
  EXPECT_TRUE(door.sign_in("root", as_bytes(right), "192.0.2.99")->session);
}

TEST_F(SignInTest, AChangeThatIsRefusedChangesNothing) {
  ASSERT_TRUE(accounts_.change("anna", {.disabled = true}, caller_));
  const std::string hash = record("anna").password_hash;
  const std::size_t events = ledger_.contents().audit.size();
  const auto change = [&](std::string_view password) {
    return accounts_.change("anna",
                            {.role = Role::administrator,
                             .disabled = false,
                             .password = NewPassword{.password = SecretBytes::copy_of(password)}},
                            caller_);
  };
  EXPECT_EQ(problem(change("short")), "invalid: the password is too short: at least 12 characters");
  ledger_.fail_after(0);
  EXPECT_FALSE(change(other));
  ledger_.recover();
  EXPECT_EQ(record("anna").role, Role::operator_);
  EXPECT_TRUE(record("anna").disabled);
  EXPECT_EQ(record("anna").password_hash, hash);
  EXPECT_EQ(ledger_.contents().audit.size(), events);
  ASSERT_TRUE(change(other));
  EXPECT_EQ(record("anna").role, Role::administrator);
  EXPECT_EQ(last_event().action, "user.password_set");
  EXPECT_TRUE(sign_in("anna", other).session);
}

TEST_F(SignInTest, ASourceThatKeepsFailingWaitsWhateverNamesItTries) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("nobody" + std::to_string(i), other).wait, Seconds(0)) << i;
  EXPECT_EQ(sign_in("anna", right).wait, Seconds(1));
  EXPECT_TRUE(sign_in("anna", right, "192.0.2.2").session) << "elsewhere";
  clock_.advance(Seconds(1));
  EXPECT_TRUE(sign_in("anna", right).session);
}

TEST_F(SignInTest, AnAdministratorUnlocks) {
  static_cast<void>(sign_in("anna", other));
  EXPECT_EQ(sign_in("anna", right).wait, Seconds(1));
  ASSERT_TRUE(accounts_.change("anna", {.unlock = true}, caller_));
  sign_in_.unlock("anna");
  EXPECT_TRUE(sign_in("anna", right).session);
}

TEST_F(SignInTest, ThePasswordOnceMoreIsCountedApartFromSignIns) {
  const NewSession session = session_of("anna");
  const NewSession elsewhere = session_of("anna");
  const auto confirm = [&](const NewSession& from, std::string_view password) {
    return sign_in_.confirm(from.view, as_bytes(password), "192.0.2.1").value();
  };
  for (const int seconds : {1, 2}) {
    EXPECT_FALSE(confirm(session, other).right);
    EXPECT_EQ(last_event().action, "session.refused");
    EXPECT_EQ(confirm(session, right).wait, Seconds(seconds));
    EXPECT_EQ(confirm(elsewhere, right).wait, Seconds(seconds));
    clock_.advance(Seconds(seconds));
  }
  EXPECT_EQ(record("anna").failures, 0) << "it is no sign-in that failed";
  const std::size_t events = ledger_.contents().audit.size();
  EXPECT_TRUE(confirm(session, right).right);
  EXPECT_EQ(ledger_.contents().audit.size(), events) << "nobody signed in";
  EXPECT_FALSE(confirm(session, other).right);
  EXPECT_EQ(confirm(session, right).wait, Seconds(1)) << "the first failure again";
  sign_in_.unlock("anna");
  EXPECT_TRUE(confirm(session, right).right);
}

TEST_F(SignInTest, WhoTriesToSignInUnderANameKeepsNobodyFromWorkWhoIsSignedInUnderIt) {
  const NewSession session = session_of("anna");
  for (int i = 0; i < 6; ++i) static_cast<void>(sign_in("anna", other, "192.0.2.1"));
  EXPECT_GT(sign_in("anna", right).wait, Seconds(0));
  EXPECT_TRUE(sign_in_.confirm(session.view, as_bytes(right), "192.0.2.1")->right);
  EXPECT_GT(sign_in("anna", right).wait, Seconds(0)) << "which does not help the others";
  EXPECT_TRUE(sign_in_.change_password(session.view, as_bytes(right), as_bytes(other), "192.0.2.1")->session);
}

TEST_F(SignInTest, ASessionEndsWhenItIsIdleOrOld) {
  const std::string token = session_of("anna").token;
  for (int i = 0; i < 12; ++i) {
    clock_.advance(std::chrono::minutes(59));
    ASSERT_TRUE(resume(token)) << i;
  }
  clock_.advance(std::chrono::minutes(12));
  EXPECT_FALSE(resume(token)) << "12 hours";

  const std::string idle = session_of("anna").token;
  clock_.advance(std::chrono::minutes(59));
  EXPECT_TRUE(resume(idle, false));
  clock_.advance(std::chrono::minutes(1));
  EXPECT_FALSE(resume(idle)) << "what pages fetch by themselves is no use";

  clock_.advance(Seconds(1));
  ASSERT_TRUE(sign_in_.remove_old());
  EXPECT_TRUE(ledger_.contents().sessions.empty());
}

TEST_F(SignInTest, UseIsWrittenOnceAMinute) {
  const std::string token = session_of("anna").token;
  const int before = ledger_.commits();
  for (int i = 0; i < 59; ++i) {
    clock_.advance(Seconds(1));
    ASSERT_TRUE(resume(token));
  }
  EXPECT_EQ(ledger_.commits(), before);
  clock_.advance(Seconds(1));
  ASSERT_TRUE(resume(token));
  EXPECT_EQ(ledger_.commits(), before + 1);
}

TEST_F(SignInTest, SigningOutEndsThatSessionOnly) {
  const NewSession first = session_of("anna");
  const NewSession second = session_of("anna");
  ASSERT_TRUE(sign_in_.sign_out(first.view));
  EXPECT_FALSE(resume(first.token));
  EXPECT_TRUE(resume(second.token));
  EXPECT_EQ(last_event().action, "session.closed");
}

TEST_F(SignInTest, WhatAnAdministratorChangesEndsTheSessions) {
  const struct {
    const char* name;
    std::function<void()> change;
  } rows[] = {
      {"role", [&] { ASSERT_TRUE(accounts_.change("anna", {.role = Role::auditor}, caller_)); }},
      {"password",
       [&] {
         ASSERT_TRUE(accounts_.change(
             "anna", {.password = NewPassword{.password = SecretBytes::copy_of(right), .keeps_password = true}},
             caller_));
       }},
      {"disabled", [&] { ASSERT_TRUE(accounts_.change("anna", {.disabled = true}, caller_)); }},
  };
  for (const auto& row : rows) {
    const std::string token = session_of("anna").token;
    row.change();
    EXPECT_FALSE(resume(token)) << row.name;
  }
  ASSERT_TRUE(accounts_.change("anna", {.disabled = false}, caller_));
  const std::string token = session_of("anna").token;
  ASSERT_TRUE(accounts_.remove("anna", caller_));
  EXPECT_FALSE(resume(token));
  EXPECT_FALSE(sign_in("anna", right).session);
}

TEST_F(SignInTest, ThePasswordIsChangedWithTheOldOne) {
  const NewSession session = session_of("anna");
  const NewSession elsewhere = session_of("anna");
  const auto change = [&](std::string_view from, std::string_view to) {
    return sign_in_.change_password(session.view, as_bytes(from), as_bytes(to), "192.0.2.1");
  };
  EXPECT_EQ(problem(change(right, "short")), "invalid: the password is too short: at least 12 characters");
  EXPECT_EQ(problem(change(right, right)), "invalid: the new password is the old one");
  EXPECT_FALSE(change("wrong horse battery", other)->session);
  EXPECT_EQ(change(right, other)->wait, Seconds(1)) << "guessing is as slow here as at the door";
  clock_.advance(Seconds(1));
  const auto changed = change(right, other);
  ASSERT_TRUE(changed && changed->session);
  EXPECT_TRUE(resume(changed->session->token));
  EXPECT_FALSE(resume(session.token));
  EXPECT_FALSE(resume(elsewhere.token));
  EXPECT_TRUE(sign_in("anna", other).session);
}

TEST_F(SignInTest, AGivenPasswordIsToBeChangedFirst) {
  const auto generated = accounts_.add({.name = "Bob.K", .role = Role::auditor}, caller_);
  ASSERT_TRUE(generated);
  EXPECT_EQ(generated->size(), 24u);
  const SignInOutcome outcome = sign_in("bob.k", as_text(generated->view()));
  ASSERT_TRUE(outcome.session);
  EXPECT_TRUE(outcome.session->view.must_change_password);
  const auto changed = sign_in_.change_password(outcome.session->view, generated->view(), as_bytes(right), "192.0.2.1");
  ASSERT_TRUE(changed && changed->session);
  EXPECT_FALSE(changed->session->view.must_change_password);
}

TEST_F(SignInTest, AHashOfAnotherCostIsMadeAnew) {
  const std::string before = record("anna").password_hash;
  const Passwords dearer({.passes = 2, .memory_bytes = 8192});
  SignIn restarted(context_, dearer);
  ASSERT_TRUE(restarted.sign_in("anna", as_bytes(right), "192.0.2.1")->session);
  EXPECT_NE(record("anna").password_hash, before);
  EXPECT_FALSE(dearer.is_outdated(record("anna").password_hash));
  EXPECT_TRUE(restarted.sign_in("anna", as_bytes(right), "192.0.2.1")->session);
}

TEST_F(SignInTest, AnAdministratorIsAlwaysLeft) {
  constexpr const char* last = "conflict: 'root' is the last administrator who can sign in";
  EXPECT_EQ(problem(accounts_.remove("root", caller_)), last);
  EXPECT_EQ(problem(accounts_.change("root", {.role = Role::operator_}, caller_)), last);
  EXPECT_EQ(problem(accounts_.change("root", {.disabled = true}, caller_)), last);
  add("second", Role::administrator);
  ASSERT_TRUE(accounts_.change("second", {.disabled = true}, caller_));
  EXPECT_EQ(problem(accounts_.remove("root", caller_)), last) << "one who cannot sign in is none";
  ASSERT_TRUE(accounts_.change("second", {.disabled = false}, caller_));
  EXPECT_TRUE(accounts_.remove("root", caller_));
  EXPECT_FALSE(accounts_.remove("second", caller_));
}

TEST_F(SignInTest, RefusesUsersThatAreNone) {
  const auto add = [&](std::string name, std::string_view password) {
    return accounts_.add({.name = std::move(name), .password = SecretBytes::copy_of(password)}, caller_);
  };
  for (const char* name : {"", "-a", "a b", "a/b", "ä", "a\n", "<b>"})
    EXPECT_THAT(problem(add(name, right)), HasSubstr("a user's name has 1 to 64 letters")) << name;
  EXPECT_THAT(problem(add(std::string(65, 'a'), right)), HasSubstr("a user's name has"));
  EXPECT_EQ(problem(add("bob", "short")), "invalid: the password is too short: at least 12 characters");
  EXPECT_EQ(problem(add("ANNA", right)), "conflict: there is a user of this name already");
  EXPECT_EQ(problem(accounts_.change("bob", {}, caller_)), "not_found: there is no user 'bob'");
  EXPECT_EQ(problem(accounts_.change("bob", {.password = NewPassword()}, caller_)),
            "not_found: there is no user 'bob'");
  EXPECT_EQ(problem(accounts_.remove("bob", caller_)), "not_found: there is no user 'bob'");
}

TEST_F(SignInTest, NothingOfAPasswordIsWrittenDown) {
  static_cast<void>(sign_in("anna", other));
  static_cast<void>(sign_in(other, right));
  std::string all;
  for (const auto& [sequence, event] : ledger_.contents().audit) {
    all += event.actor + event.action + event.subject;
    for (const auto& [name, value] : event.details) all += name + value;
  }
  for (const std::string& line : log_.lines()) all += line;
  for (const auto& [name, user] : ledger_.contents().users) all += user.password_hash;
  EXPECT_EQ(all.find(right), std::string::npos);
  EXPECT_EQ(all.find(other), std::string::npos);
}

}  // namespace
}  // namespace chancery::hub
