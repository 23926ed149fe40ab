#pragma once

// What can go wrong because of a peer, a file, an operator or a disk. What only a bug can cause is CHECK (check.h).

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace chancery {

// One enumerator for each way some caller reacts; everything else is told by the text.
enum class ErrorCode : std::uint8_t {
  invalid,      // the input is malformed or out of range: saying it again will not help
  not_found,    // the thing named does not exist
  conflict,     // the thing exists already, or is in a state that does not allow this
  refused,      // understood, and not permitted by policy or authorisation
  unavailable,  // a disk, a lock, a peer or a key is not there right now: retrying later may help
  internal,     // a library or the machine failed in a way that no input explains
};

// The name of `code` as it stands in JSON answers and in the log, for example "not_found".
std::string_view to_string(ErrorCode code);

// An error code and a sentence for a person. The sentence is built from the inside out:
// `renewing slot sip: reading CSR: subject has no common name`. It never holds a secret.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string text) : code_(code), text_(std::move(text)) {}

  [[nodiscard]] ErrorCode code() const { return code_; }
  [[nodiscard]] const std::string& text() const { return text_; }

  // The same error, told from one step further out: "`doing`: text".
  [[nodiscard]] Error in(std::string_view doing) const;

 private:
  ErrorCode code_;
  std::string text_;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

// Shorthands for `return invalid("…")`.
std::unexpected<Error> invalid(std::string text);
std::unexpected<Error> not_found(std::string text);
std::unexpected<Error> conflict(std::string text);
std::unexpected<Error> refused(std::string text);
std::unexpected<Error> unavailable(std::string text);
std::unexpected<Error> internal(std::string text);

}  // namespace chancery

#define CHANCERY_JOIN_(a, b) a##b
#define CHANCERY_JOIN(a, b) CHANCERY_JOIN_(a, b)
// A name of its own for each use: uses stand inside each other, in lambdas.
#define CHANCERY_TRIED CHANCERY_JOIN(tried_, __COUNTER__)

// TRY(auto x, f()): x is f()'s value, or the enclosing function returns f()'s error.
#define TRY(declaration, ...) TRY_NAMED_(CHANCERY_TRIED, declaration, __VA_ARGS__)
#define TRY_NAMED_(name, declaration, ...)                    \
  auto name = (__VA_ARGS__);                                  \
  if (!name) return std::unexpected(std::move(name).error()); \
  declaration = *std::move(name)

// TRY_IN("reading CSR", auto x, f()): the same, with what was being done put before the error's text.
#define TRY_IN(doing, declaration, ...) TRY_IN_NAMED_(CHANCERY_TRIED, doing, declaration, __VA_ARGS__)
#define TRY_IN_NAMED_(name, doing, declaration, ...)         \
  auto name = (__VA_ARGS__);                                 \
  if (!name) return std::unexpected(name.error().in(doing)); \
  declaration = *std::move(name)

// TRY_STATUS(f()): the enclosing function returns f()'s error, if it has one.
#define TRY_STATUS(...) TRY_STATUS_NAMED_(CHANCERY_TRIED, __VA_ARGS__)
#define TRY_STATUS_NAMED_(name, ...)                                                       \
  do {                                                                                     \
    if (auto name = (__VA_ARGS__); !name) return std::unexpected(std::move(name).error()); \
  } while (false)

// TRY_STATUS_IN("writing the key", f()): the same, with what was being done put before the error's text.
#define TRY_STATUS_IN(doing, ...) TRY_STATUS_IN_NAMED_(CHANCERY_TRIED, doing, __VA_ARGS__)
#define TRY_STATUS_IN_NAMED_(name, doing, ...)                                            \
  do {                                                                                    \
    if (auto name = (__VA_ARGS__); !name) return std::unexpected(name.error().in(doing)); \
  } while (false)
