#include "device/pkcs11_session.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "files/file.h"

namespace chancery::device {
namespace {

constexpr CK_ULONG most_slots = 256, most_objects = 64, most_attribute_bytes = 64 * 1024;

struct Name {
  CK_RV code;
  std::string_view name;
};
constexpr std::array names = {
    Name{CKR_GENERAL_ERROR, "general error"},
    Name{CKR_FUNCTION_FAILED, "the function failed"},
    Name{CKR_HOST_MEMORY, "out of memory"},
    Name{CKR_DEVICE_ERROR, "device error"},
    Name{CKR_DEVICE_MEMORY, "the token is full"},
    Name{CKR_DEVICE_REMOVED, "the token was removed"},
    Name{CKR_TOKEN_NOT_PRESENT, "the token is not there"},
    Name{CKR_TOKEN_WRITE_PROTECTED, "the token is write-protected"},
    Name{CKR_MECHANISM_INVALID, "it has no such mechanism"},
    Name{CKR_MECHANISM_PARAM_INVALID, "it does not take these parameters"},
    Name{CKR_KEY_SIZE_RANGE, "not with a key of this size"},
    Name{CKR_KEY_FUNCTION_NOT_PERMITTED, "the key may not do that"},
    Name{CKR_KEY_HANDLE_INVALID, "the key has gone"},
    Name{CKR_OBJECT_HANDLE_INVALID, "the object has gone"},
    Name{CKR_SESSION_HANDLE_INVALID, "the session has ended"},
    Name{CKR_SESSION_CLOSED, "the session was closed"},
    Name{CKR_USER_NOT_LOGGED_IN, "not logged in"},
    Name{CKR_PIN_EXPIRED, "the PIN has expired"},
    Name{CKR_USER_PIN_NOT_INITIALIZED, "no user PIN has been set"},
    Name{CKR_CURVE_NOT_SUPPORTED, "it does not have this curve"},
    Name{CKR_ENCRYPTED_DATA_INVALID, "that was not encrypted to this key"},
    Name{CKR_TEMPLATE_INCONSISTENT, "it does not make keys like this"},
    Name{CKR_ATTRIBUTE_VALUE_INVALID, "it does not take one of the key's attributes"},
};

std::string reason(CK_RV code) {
  const auto* const found = std::ranges::find(names, code, &Name::code);
  return found == names.end() ? fmt::format("PKCS#11 error 0x{:x}", code) : std::string(found->name);
}

// Padded with blanks, as PKCS#11 has it.
template <std::size_t Size>
std::string text_of(const unsigned char (&padded)[Size]) {
  std::string text(reinterpret_cast<const char*>(padded), Size);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
  return text;
}

CK_BYTE_PTR writable(ByteView octets) { return const_cast<CK_BYTE_PTR>(octets.data()); }

}  // namespace

Result<std::unique_ptr<Pkcs11Module>> Pkcs11Module::load(const std::string& path) {
  const auto useless = [&](std::string_view why) {
    return unavailable(fmt::format(
        "the PKCS#11 module {} cannot be used: {}. pkcs11_module has to name the token's shared library", path, why));
  };
  void* const library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char* const why = ::dlerror();
    return useless(why == nullptr ? "no reason given" : why);
  }
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  CK_FUNCTION_LIST_PTR functions = nullptr;
  if (get == nullptr || get(&functions) != CKR_OK || functions == nullptr) {
    ::dlclose(library);
    return useless("it has no C_GetFunctionList");
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions->C_Initialize(&arguments);
  if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    ::dlclose(library);
    return useless(reason(code));
  }
  return std::unique_ptr<Pkcs11Module>(new Pkcs11Module(path, functions, code == CKR_OK));
}

Pkcs11Module::~Pkcs11Module() {
  if (is_ours_) functions_->C_Finalize(nullptr);
}

Result<CK_SLOT_ID> Pkcs11Module::slot_with(const std::string& token) const {
  std::vector<CK_SLOT_ID> slots(most_slots);
  CK_ULONG count = most_slots;
  if (const CK_RV code = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count); code != CKR_OK)
    return unavailable(fmt::format("the PKCS#11 module {} lists no tokens: {}", path_, reason(code)));
  slots.resize(count);
  std::string others;
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (functions_->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    const std::string label = text_of(info.label);
    if (label == token) return slot;
    if (!label.empty()) others += fmt::format("{}'{}'", others.empty() ? "" : ", ", label);
  }
  return unavailable(fmt::format("there is no token '{}' behind {}: it has {}. Plug it in, or correct 'token'", token,
                                 path_, others.empty() ? "none" : others));
}

Attributes& Attributes::add(CK_ATTRIBUTE_TYPE type, ByteView value) {
  values_.emplace_back(type, to_bytes(value));
  return *this;
}

std::vector<CK_ATTRIBUTE> Attributes::list() {
  std::vector<CK_ATTRIBUTE> attributes;
  for (auto& [type, value] : values_)
    attributes.push_back({.type = type, .pValue = value.data(), .ulValueLen = value.size()});
  return attributes;
}

std::unexpected<Error> Pkcs11Session::failed(std::string_view doing, CK_RV why) {
  switch (why) {
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_SESSION_CLOSED:
    case CKR_USER_NOT_LOGGED_IN:
    case CKR_CRYPTOKI_NOT_INITIALIZED: was_lost_ = true; break;
    default: break;
  }
  return unavailable(fmt::format("the PKCS#11 token '{}' does not {}: {}", token_, doing, reason(why)));
}

void Pkcs11Session::close() {
  if (is_open_) call().C_CloseSession(session_);
  is_open_ = false;
}

Status Pkcs11Session::open(const std::string& pin_file) {
  if (is_open_) return {};
  TRY(const CK_SLOT_ID slot, module_.slot_with(token_));
  was_lost_ = false;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  if (const CK_RV code = call().C_OpenSession(slot, flags, nullptr, nullptr, &session_); code != CKR_OK)
    return failed("open a session", code);
  is_open_ = true;
  Status done = log_in(slot, pin_file);
  if (!done) close();
  return done;
}

// A token counts wrong PINs, and locks itself.
Status Pkcs11Session::may_try(const CK_TOKEN_INFO& info) const {
  if ((info.flags & CKF_USER_PIN_LOCKED) != 0)
    return unavailable(
        fmt::format("the PIN of the PKCS#11 token '{}' is locked: unlock it as its security officer", token_));
  if ((info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
    return unavailable(fmt::format(
        "one more wrong PIN would lock the PKCS#11 token '{}', so it is not tried: log in once with the right PIN by "
        "another program, such as 'pkcs11-tool --login'",
        token_));
  return {};
}

Status Pkcs11Session::log_in(CK_SLOT_ID slot, const std::string& pin_file) {
  CK_TOKEN_INFO info{};
  if (const CK_RV code = call().C_GetTokenInfo(slot, &info); code != CKR_OK) return failed("tell its state", code);
  if ((info.flags & CKF_LOGIN_REQUIRED) == 0) return {};
  // Another session of this process may have done it.
  CK_SESSION_INFO session{};
  if (call().C_GetSessionInfo(session_, &session) == CKR_OK && session.state == CKS_RW_USER_FUNCTIONS) return {};
  const bool has_keypad = (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
  if (pin_file.empty() && !has_keypad)
    return unavailable(fmt::format("the PKCS#11 token '{}' wants a PIN: name a file with it as pin_file", token_));
  SecretBytes pin;
  if (!pin_file.empty()) {
    auto read = files::read_secret_file(pin_file, files::Privacy::owner_only);
    // Also when it is missing: the key is not there right now.
    if (!read) return unavailable(fmt::format("the PIN of the PKCS#11 token '{}': {}", token_, read.error().text()));
    pin = *std::move(read);
  }
  const auto refuses = [&] {
    const std::string file = refused_pins_.file_of(token_);
    return unavailable(fmt::format(
        "the PKCS#11 token '{}' refuses the PIN in {}, which is not tried again, lest the token lock: put the right "
        "one there{}",
        token_, pin_file, file.empty() ? "" : ", or remove " + file + " if the token has that one now"));
  };
  if (!pin.empty() && refused_pins_.contains(token_, pin.view())) return refuses();
  TRY_STATUS(may_try(info));
  const CK_RV code = call().C_Login(session_, CKU_USER, pin.empty() ? nullptr : pin.mutable_view().data(), pin.size());
  switch (code) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN: refused_pins_.forget(token_); return {};
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE: refused_pins_.keep(token_, pin.view()); return refuses();
    case CKR_PIN_LOCKED: info.flags |= CKF_USER_PIN_LOCKED; return may_try(info);
    default: return failed("log in", code);
  }
}

Status Pkcs11Session::generate(CK_MECHANISM_TYPE type, Attributes public_key, Attributes private_key) {
  CK_MECHANISM mechanism{.mechanism = type, .pParameter = nullptr, .ulParameterLen = 0};
  std::vector<CK_ATTRIBUTE> of_public = public_key.list(), of_private = private_key.list();
  CK_OBJECT_HANDLE made_public = 0, made_private = 0;
  if (const CK_RV code = call().C_GenerateKeyPair(session_, &mechanism, of_public.data(), of_public.size(),
                                                  of_private.data(), of_private.size(), &made_public, &made_private);
      code != CKR_OK)
    return failed("make a key", code);
  return {};
}

Result<std::vector<CK_OBJECT_HANDLE>> Pkcs11Session::find(Attributes wanted) {
  std::vector<CK_ATTRIBUTE> attributes = wanted.list();
  if (const CK_RV code = call().C_FindObjectsInit(session_, attributes.data(), attributes.size()); code != CKR_OK)
    return failed("look for a key", code);
  std::vector<CK_OBJECT_HANDLE> found(most_objects);
  CK_ULONG count = 0;
  const CK_RV code = call().C_FindObjects(session_, found.data(), found.size(), &count);
  call().C_FindObjectsFinal(session_);
  if (code != CKR_OK) return failed("look for a key", code);
  found.resize(count);
  return found;
}

Result<Bytes> Pkcs11Session::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE wanted{.type = type, .pValue = nullptr, .ulValueLen = 0};
  CK_RV code = call().C_GetAttributeValue(session_, object, &wanted, 1);
  if (code != CKR_OK) return failed("tell an attribute of a key", code);
  if (wanted.ulValueLen > most_attribute_bytes) return failed("tell an attribute of a key", CKR_GENERAL_ERROR);
  Bytes value(wanted.ulValueLen);
  wanted.pValue = value.data();
  code = call().C_GetAttributeValue(session_, object, &wanted, 1);
  if (code != CKR_OK) return failed("tell an attribute of a key", code);
  value.resize(std::min<std::size_t>(value.size(), wanted.ulValueLen));
  return value;
}

Result<Bytes> Pkcs11Session::sign(CK_MECHANISM mechanism, CK_OBJECT_HANDLE key, ByteView data) {
  if (const CK_RV code = call().C_SignInit(session_, &mechanism, key); code != CKR_OK) return failed("sign", code);
  constexpr std::size_t most_signature_bytes = 1024;
  Bytes signature(most_signature_bytes);
  CK_ULONG size = signature.size();
  if (const CK_RV code = call().C_Sign(session_, writable(data), data.size(), signature.data(), &size); code != CKR_OK)
    return failed("sign", code);
  signature.resize(size);
  return signature;
}

Result<SecretBytes> Pkcs11Session::decrypt(CK_MECHANISM mechanism, CK_OBJECT_HANDLE key, ByteView encrypted) {
  if (const CK_RV code = call().C_DecryptInit(session_, &mechanism, key); code != CKR_OK)
    return failed("decrypt", code);
  SecretBytes content(encrypted.size());
  CK_ULONG size = content.size();
  if (const CK_RV code =
          call().C_Decrypt(session_, writable(encrypted), encrypted.size(), content.mutable_view().data(), &size);
      code != CKR_OK)
    return failed("decrypt", code);
  content.shrink(size);
  return content;
}

Status Pkcs11Session::destroy(CK_OBJECT_HANDLE object) {
  if (const CK_RV code = call().C_DestroyObject(session_, object); code != CKR_OK) return failed("destroy a key", code);
  return {};
}

}  // namespace chancery::device
