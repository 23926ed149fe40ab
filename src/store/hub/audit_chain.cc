#include "store/hub/audit_chain.h"

#include "pki/algorithms.h"
#include "store/hub/json_text.h"

namespace chancery::store {

std::string canonical_json(const hub::AuditEvent& event) {
  std::string out =
      "{\"sequence\":" + std::to_string(event.sequence) + ",\"at\":\"" + to_rfc3339(event.at) + "\",\"actor\":";
  append_json(out, event.actor);
  out += ",\"action\":";
  append_json(out, event.action);
  out += ",\"subject\":";
  append_json(out, event.subject);
  out += ",\"details\":" + to_json(event.details) + "}";
  return out;
}

Bytes audit_hash(ByteView previous, const hub::AuditEvent& event) {
  Bytes chained = to_bytes(previous);
  append(chained, as_bytes(canonical_json(event)));
  return pki::hash(pki::Digest::sha256, chained);
}

}  // namespace chancery::store
