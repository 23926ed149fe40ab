#include "scep/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.h"

namespace chancery::scep {
namespace {

struct NamedType {
  MessageType type;
  std::string_view number;
  std::string_view name;
};
constexpr std::array<NamedType, 6> types{{
    {MessageType::cert_rep, "3", "CertRep"},
    {MessageType::renewal_request, "17", "RenewalReq"},
    {MessageType::pkcs_request, "19", "PKCSReq"},
    {MessageType::cert_poll, "20", "CertPoll"},
    {MessageType::get_cert, "21", "GetCert"},
    {MessageType::get_crl, "22", "GetCRL"},
}};

}  // namespace

std::string_view to_string(MessageType type) {
  const auto found = std::ranges::find(types, type, &NamedType::type);
  CHECK(found != types.end());
  return found->name;
}

Result<MessageType> message_type_from_text(std::string_view text) {
  const auto found = std::ranges::find(types, text, &NamedType::number);
  if (found != types.end()) return found->type;
  if (text == "18") return invalid("messageType 18 (UpdateReq) is obsolete and not processed");
  const bool is_number = !text.empty() && text.size() <= 4 &&
                         std::ranges::all_of(text, [](char digit) { return digit >= '0' && digit <= '9'; });
  // What a peer sent goes into an error text only where it can be nothing but digits.
  if (is_number) return invalid(fmt::format("messageType {} is not defined", text));
  return invalid("messageType is not a decimal number");
}

std::string_view to_string(FailInfo info) {
  switch (info) {
    case FailInfo::bad_alg: return "badAlg";
    case FailInfo::bad_message_check: return "badMessageCheck";
    case FailInfo::bad_request: return "badRequest";
    case FailInfo::bad_time: return "badTime";
    case FailInfo::bad_cert_id: return "badCertId";
  }
  CHECK(false);
}

std::string TransactionId::to_text() const {
  std::string text;
  for (const std::uint8_t octet : octets) {
    // The backslash, too, so that two different identifiers never look the same.
    if (octet >= 0x20 && octet < 0x7f && octet != '\\')
      text.push_back(static_cast<char>(octet));
    else
      text += fmt::format("\\{:02x}", octet);
  }
  return text;
}

}  // namespace chancery::scep
