#include "programs/chancery/ledger_check.h"

#include <fmt/format.h>

#include <algorithm>

#include <optional>

#include "ca/crl_signing.h"
#include "files/file.h"
#include "store/hub/ledger.h"

namespace chancery::program {
namespace {

constexpr std::string_view restore =
    "restore ledger.db and the authority folder together from one backup (docs/backup.md)";

// The root that the ledger was made for, in hexadecimal: `chancery init` writes that first, and again where it is tried
// a second time.
Result<std::optional<std::string>> root_of(hub::Books& books) {
  std::optional<std::string> root;
  TRY(const auto first, books.audit().list(0, 100));
  for (const hub::AuditEvent& event : first) {
    if (event.action != "authority.made") break;
    for (const auto& [name, value] : event.details)
      if (name == "root") root = value;
  }
  return root;
}

}  // namespace

Status check_ledger_belongs(const std::string& data, const store::AuthorityFiles& authority) {
  const std::string path = data + "/ledger.db";
  if (!files::exists(path))
    return not_found(fmt::format(
        "there is an authority in {0}/authority, but its ledger {1} is missing: a new one would not know what "
        "was issued, and everything that was revoked would be good again; {2}",
        data, path, restore));
  TRY(const pki::Certificate certificate, authority.root_certificate());
  std::optional<std::string> found;
  TRY_STATUS_IN("reading the ledger", store::SqlLedger::look(path, [&](hub::Books& books) -> Status {
                  TRY(found, root_of(books));
                  return {};
                }));
  const std::string wanted = to_hex(certificate.fingerprint());
  if (found == wanted) return {};
  return conflict(fmt::format(
      "the ledger {} is of another authority than {}/authority: it was made for {}, and the root here is {}; {}", path,
      data, found ? "the root " + *found : "none that it names", wanted, restore));
}

Result<std::map<int, OlderCrl>> older_crls(const std::string& data, const store::AuthorityFiles& authority) {
  TRY(const auto kept, authority.crl_numbers());
  TRY(const std::vector<int> generations, authority.generation_numbers());
  std::map<int, OlderCrl> older;
  TRY_STATUS_IN("reading the ledger", store::SqlLedger::look(data + "/ledger.db", [&](hub::Books& books) -> Status {
                  for (const auto& [generation, number] : kept) {
                    // Of one whose keys are not there no CRL will be made: its number is kept, and that is all.
                    if (std::ranges::find(generations, generation) == generations.end()) continue;
                    TRY(const auto latest, books.crls().latest(generation));
                    const std::uint64_t in_ledger = latest ? latest->number : 0;
                    if (in_ledger < number) older[generation] = {.in_ledger = in_ledger, .kept = number};
                  }
                  return {};
                }));
  return older;
}

Status check_ledger_age(const std::string& data, const store::AuthorityFiles& authority) {
  TRY(const auto older, older_crls(data, authority));
  if (older.empty()) return {};
  const auto& [generation, crl] = *older.begin();
  return conflict(fmt::format(
      "the ledger {}/ledger.db is an older copy: its latest CRL of generation {} has number {}, and number {} was "
      "published already; what was issued and revoked since is not in it. Bring back the newest ledger, or, where "
      "there is none, "
      "revoke again what was revoked since: 'chancery serve --accept-older-ledger' (docs/backup.md)",
      data, generation, crl.in_ledger, crl.kept));
}

}  // namespace chancery::program
