#pragma once

// GeneralName (RFC 5280 section 4.2.1.6): every kind of subject alternative name.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "pki/der.h"

namespace chancery::pki {

struct GeneralName {
  // In the order of their context tags.
  enum class Kind : std::uint8_t {
    other_name,
    email,
    dns,
    x400_address,
    directory_name,
    edi_party_name,
    uri,
    ip,
    registered_id
  };

  Kind kind = Kind::dns;
  std::string text;  // email, dns, uri as sent; ip as text ("10.0.0.1", "fe80::1"); registered_id dotted;
                     // directory_name in RFC 4514; other_name as "OID:hex" ("upn:user@host" for a Microsoft UPN)
  Bytes value;       // the content octets as encoded under the context tag

  // Equal as names: DNS and e-mail hosts without regard to case, others byte by byte.
  [[nodiscard]] bool matches(const GeneralName& other) const;
};

// Whether one of `names` matches `wanted`.
[[nodiscard]] bool holds(const std::vector<GeneralName>& names, const GeneralName& wanted);
// As sets: their order says nothing (RFC 5280 section 4.2.1.6).
[[nodiscard]] bool same_names(const std::vector<GeneralName>& a, const std::vector<GeneralName>& b);

// "dns:host.example", "ip:10.0.0.1", "email:a@b.example", "uri:https://…", "dirname:CN=x", "rid:1.2.3",
// "upn:user@host".
Result<GeneralName> general_name_from_text(std::string_view text);
[[nodiscard]] std::string to_string(const GeneralName& name);
[[nodiscard]] std::string_view to_string(GeneralName::Kind kind);

// GeneralNames: a SEQUENCE (with another tag where it is IMPLICIT). At most 256 names.
Result<std::vector<GeneralName>> read_general_names(ByteView der, std::uint8_t tag = der::tag::sequence);
void write_general_names(der::Writer& out, const std::vector<GeneralName>& names,
                         std::uint8_t tag = der::tag::sequence);
// One GeneralName, which stands alone in accessDescription and elsewhere.
Result<GeneralName> read_general_name(const der::Element& element);
void write_general_name(der::Writer& out, const GeneralName& name);

}  // namespace chancery::pki
