#pragma once

// One session with a token, by PKCS#11 2.40. The module is loaded when a key of it is first asked for: an agent without
// tokens pays nothing. Not thread-safe; tokens.cc has the lock.

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>
#include <vector>

#include "device/refused_pins.h"
#include "device/token_uri.h"

namespace chancery::device {

// A module in this process. It stays mapped to the end, since many do not survive being unloaded.
class Pkcs11Module {
 public:
  // ErrorCode::unavailable.
  static Result<std::unique_ptr<Pkcs11Module>> load(const std::string& path);
  Pkcs11Module(const Pkcs11Module&) = delete;
  Pkcs11Module& operator=(const Pkcs11Module&) = delete;
  ~Pkcs11Module();

  [[nodiscard]] const CK_FUNCTION_LIST& call() const { return *functions_; }
  Result<CK_SLOT_ID> slot_with(const std::string& token) const;

 private:
  Pkcs11Module(std::string path, const CK_FUNCTION_LIST* functions, bool is_ours)
      : path_(std::move(path)), functions_(functions), is_ours_(is_ours) {}

  std::string path_;
  const CK_FUNCTION_LIST* functions_;
  bool is_ours_;  // initialised by us
};

// What an attribute is set to.
class Attributes {
 public:
  Attributes& add(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    return add(type, ByteView(reinterpret_cast<const std::uint8_t*>(&value), sizeof value));
  }
  Attributes& add_flag(CK_ATTRIBUTE_TYPE type, bool value) {
    const std::uint8_t octet = value ? CK_TRUE : CK_FALSE;
    return add(type, ByteView(&octet, 1));
  }
  Attributes& add(CK_ATTRIBUTE_TYPE type, ByteView value);
  [[nodiscard]] std::vector<CK_ATTRIBUTE> list();

 private:
  std::vector<std::pair<CK_ATTRIBUTE_TYPE, Bytes>> values_;
};

class Pkcs11Session {
 public:
  // The module and what is known of PINs must outlive it.
  Pkcs11Session(const Pkcs11Module& module, std::string token, RefusedPins& refused_pins)
      : module_(module), token_(std::move(token)), refused_pins_(refused_pins) {}
  Pkcs11Session(const Pkcs11Session&) = delete;
  Pkcs11Session& operator=(const Pkcs11Session&) = delete;
  ~Pkcs11Session() { close(); }

  // Opens it and logs in, unless that has been done. A PIN that was refused is not sent again, and none is sent when
  // one more wrong one would lock the token.
  Status open(const std::string& pin_file);
  void close();
  // Whether the last error means that the token went away and may have come again.
  [[nodiscard]] bool was_lost() const { return was_lost_; }

  Status generate(CK_MECHANISM_TYPE mechanism, Attributes public_key, Attributes private_key);
  Result<std::vector<CK_OBJECT_HANDLE>> find(Attributes wanted);
  Result<Bytes> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  Result<Bytes> sign(CK_MECHANISM mechanism, CK_OBJECT_HANDLE key, ByteView data);
  Result<SecretBytes> decrypt(CK_MECHANISM mechanism, CK_OBJECT_HANDLE key, ByteView encrypted);
  Status destroy(CK_OBJECT_HANDLE object);

 private:
  [[nodiscard]] const CK_FUNCTION_LIST& call() const { return module_.call(); }
  // `unavailable`: "the PKCS#11 token 'x' does not `doing`: CKR_…".
  std::unexpected<Error> failed(std::string_view doing, CK_RV why);
  Status log_in(CK_SLOT_ID slot, const std::string& pin_file);
  Status may_try(const CK_TOKEN_INFO& info) const;

  const Pkcs11Module& module_;
  std::string token_;
  RefusedPins& refused_pins_;
  CK_SESSION_HANDLE session_ = 0;
  bool is_open_ = false, was_lost_ = false;
};

}  // namespace chancery::device
