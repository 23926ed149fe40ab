#include "hub/accounts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace chancery::hub {
namespace {

constexpr std::size_t most_name_bytes = 64;

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

Status check_name(std::string_view name) {
  const auto allowed = [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '@' || c == '-'; };
  if (name.empty() || name.size() > most_name_bytes || !is_alphanumeric(name.front()) ||
      !std::ranges::all_of(name, allowed))
    return invalid("a user's name has 1 to 64 letters, digits or . _ @ - and begins with a letter or a digit");
  return {};
}

Result<UserRecord> existing(Books& books, std::string_view name) {
  TRY(auto record, books.users().find(name));
  if (!record) return not_found(fmt::format("there is no user '{}'", name));
  return *std::move(record);
}

// That somebody else can still administer.
Status check_others(Books& books, std::string_view name) {
  TRY(const auto users, books.users().all());
  const auto administers = [&](const UserRecord& user) {
    return user.name != name && user.role == Role::administrator && !user.disabled;
  };
  if (std::ranges::any_of(users, administers)) return {};
  return conflict(fmt::format("'{}' is the last administrator who can sign in", name));
}

bool administers(const UserRecord& user) { return user.role == Role::administrator && !user.disabled; }

}  // namespace

std::string user_name_of(std::string_view typed) { return ascii::lower(typed); }

SecretBytes generate_password(Random& random) {
  constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";  // 32: five bits each
  static_assert(letters.size() == 32);
  SecretBytes drawn(20);
  random.fill(drawn.mutable_view());
  SecretBytes text(24);
  std::size_t at = 0;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (i > 0 && i % 4 == 0) text.mutable_view()[at++] = '-';
    text.mutable_view()[at++] = static_cast<std::uint8_t>(letters[drawn.view()[i] % letters.size()]);
  }
  return text;
}

Result<std::vector<UserRecord>> Accounts::list() {
  std::vector<UserRecord> users;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(users, books.users().all());
    return {};
  }));
  return users;
}

Result<UserRecord> Accounts::find(std::string_view name) {
  UserRecord user;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(user, existing(books, name));
    return {};
  }));
  return user;
}

Result<SecretBytes> Accounts::add(NewUser user, const Caller& caller) {
  const std::string name = user_name_of(user.name);
  TRY_STATUS(check_name(name));
  const bool generated = user.password.empty();
  SecretBytes password = generated ? generate_password(context_.random) : std::move(user.password);
  TRY_STATUS(check_new_password(password.view(), name));
  UserRecord record{
      .name = name, .role = user.role, .must_change_password = !user.keeps_password, .created = context_.clock.now()};
  TRY(record.password_hash, passwords_.hash(password.view()));
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY_STATUS(books.users().add(record));
    return books.audit().append({.at = record.created,
                                 .actor = caller.name,
                                 .action = "user.added",
                                 .subject = name,
                                 .details = {{"role", std::string(to_string(user.role))}}});
  }));
  if (!generated) return SecretBytes();
  return password;
}

Result<SecretBytes> Accounts::change(std::string_view name, UserChange change, const Caller& caller) {
  SecretBytes generated;
  std::string hash;
  if (change.password) {
    if (change.password->password.empty()) generated = generate_password(context_.random);
    const ByteView password = generated.empty() ? change.password->password.view() : generated.view();
    TRY_STATUS(check_new_password(password, name));
    TRY(hash, passwords_.hash(password));
  }
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(UserRecord user, existing(books, name));
    const UserRecord before = user;
    AuditEvent event{.at = context_.clock.now(), .actor = caller.name, .action = "user.changed", .subject = user.name};
    if (change.role && *change.role != user.role) {
      user.role = *change.role;
      event.details.emplace_back("role", to_string(user.role));
    }
    if (change.disabled && *change.disabled != user.disabled) {
      user.disabled = *change.disabled;
      event.details.emplace_back("disabled", user.disabled ? "yes" : "no");
    }
    if (change.unlock && (user.failures > 0 || user.locked_until)) event.details.emplace_back("unlocked", "yes");
    if (change.password) {
      user.password_hash = hash;
      user.must_change_password = !change.password->keeps_password;
    }
    if (event.details.empty() && !change.password) return {};
    if (change.unlock || change.password) {
      user.failures = 0;
      user.locked_until.reset();
    }
    if (administers(before) && !administers(user)) TRY_STATUS(check_others(books, user.name));
    TRY_STATUS(books.users().change(user));
    if (user.role != before.role || user.disabled || change.password) TRY_STATUS(books.sessions().remove_of(user.name));
    if (!event.details.empty()) TRY_STATUS(books.audit().append(event));
    if (!change.password) return {};
    return books.audit().append(
        {.at = event.at, .actor = caller.name, .action = "user.password_set", .subject = user.name});
  }));
  return generated;
}

Status Accounts::remove(std::string_view name, const Caller& caller) {
  return context_.ledger.write([&](Books& books) -> Status {
    TRY(const UserRecord user, existing(books, name));
    if (administers(user)) TRY_STATUS(check_others(books, user.name));
    TRY_STATUS(books.sessions().remove_of(user.name));
    TRY([[maybe_unused]] const bool removed, books.users().remove(user.name));
    return books.audit().append(
        {.at = context_.clock.now(), .actor = caller.name, .action = "user.removed", .subject = user.name});
  });
}

}  // namespace chancery::hub
