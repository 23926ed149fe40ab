#include "programs/chancery/init.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "files/file.h"
#include "hub/endpoint_editor.h"
#include "pki/bundle.h"
#include "pki/crl.h"
#include "pki/path.h"
#include "pki/pkcs12.h"
#include "programs/chancery/daemon.h"
#include "programs/chancery/private_file.h"
#include "store/hub/authority_files.h"
#include "store/hub/ledger.h"

namespace chancery::program {
namespace {

struct NewAuthority {
  ca::Root root;
  ca::Generation first;
};

Result<NewAuthority> make_new(const InitOrder& order, Timestamp now, Random& random) {
  TRY_IN("making the root", ca::Root root, ca::make_root(order.plan, now, random));
  TRY_IN("making the issuing CA", ca::Generation first, ca::make_generation(order.plan, root, 1, now, random));
  return NewAuthority{std::move(root), std::move(first)};
}

// From the issuing certificate to the certificate of the chain that signed itself; only the former when it is a root.
Result<std::vector<pki::Certificate>> path_of(const pki::Certificate& issuing,
                                              const std::vector<pki::Certificate>& chain, Timestamp now) {
  if (issuing.self_issued()) return std::vector{issuing};
  std::vector<pki::Certificate> anchors, intermediates;
  for (const pki::Certificate& certificate : chain)
    (certificate.self_issued() ? anchors : intermediates).push_back(certificate);
  if (anchors.empty())
    return invalid("the root's certificate is missing: give the chain up to the root with --import-chain");
  TRY_IN("the chain of the CA certificate", std::vector<pki::Certificate> path,
         pki::verify_path({.leaf = &issuing, .intermediates = &intermediates, .anchors = &anchors, .at = now}));
  TRY_STATUS_IN("the chain of the CA certificate", ca::check_path_lengths(path));
  return path;
}

// An issuing CA as its files have it.
struct ImportedCa {
  pki::Certificate issuing;
  pki::PrivateKey key;
  std::vector<pki::Certificate> chain;
};

Result<ImportedCa> read_pem_files(const InitOrder& order) {
  TRY(const Bytes certificate_file, files::read_file(order.import_certificate));
  TRY_IN(order.import_certificate, pki::Certificate issuing, pki::Certificate::from_pem_or_der(certificate_file));
  TRY(const SecretBytes key_file, read_private_file(order.import_key));
  TRY_IN(order.import_key, pki::PrivateKey key,
         pki::PrivateKey::from_pem(as_text(key_file.view()), order.import_passphrase.view()));
  return ImportedCa{.issuing = std::move(issuing), .key = std::move(key), .chain = {}};
}

Result<ImportedCa> read_pkcs12_file(const InitOrder& order) {
  const std::string& path = order.import_pkcs12;
  // For its mode only: a file that is no text may well end with the octet of a line break.
  TRY_STATUS(check_private_file(path));
  TRY(const Bytes file, files::read_file(path));
  TRY_IN(path, pki::Pkcs12Content content, pki::read_pkcs12(file, order.import_passphrase.view()));
  if (!content.key) return invalid(fmt::format("{}: there is no private key in it", path));
  if (!content.certificate) return invalid(fmt::format("{}: there is no certificate for its key in it", path));
  return ImportedCa{
      .issuing = *std::move(content.certificate), .key = *std::move(content.key), .chain = std::move(content.chain)};
}

Result<NewAuthority> import(const InitOrder& order, Timestamp now, Random& random) {
  TRY(ImportedCa imported, order.import_pkcs12.empty() ? read_pem_files(order) : read_pkcs12_file(order));
  auto& [issuing, key, chain] = imported;
  if (!order.import_chain.empty()) {
    TRY(const Bytes chain_file, files::read_file(order.import_chain));
    TRY_IN(order.import_chain, auto more, pki::read_certificates(chain_file));
    std::ranges::move(more, std::back_inserter(chain));
  }
  TRY(std::vector<pki::Certificate> path, path_of(issuing, chain, now));
  pki::Certificate root = path.back();
  path.erase(path.begin());
  TRY(ca::Generation first,
      ca::import_generation({.issuing = std::move(issuing), .key = std::move(key), .above = std::move(path)},
                            order.plan, 1, now, random));
  return NewAuthority{ca::Root{.certificate = std::move(root), .key = std::nullopt}, std::move(first)};
}

// What a CA that is taken over had revoked.
struct RevokedBefore {
  std::optional<ca::CrlRecord> crl;  // nothing: it had no number
  std::vector<pki::RevokedEntry> entries;
  std::vector<std::string> warnings;
};

Status check_crl_of(const pki::Crl& crl, const pki::Certificate& issuing) {
  if (!equal(crl.issuer().to_der(), issuing.subject().to_der()))
    return invalid(fmt::format("it is the CRL of {}, not of {}", crl.issuer().to_text(), issuing.subject().to_text()));
  TRY(const pki::PublicKey key, issuing.public_key());
  if (!crl.signed_by(key)) return invalid("its signature was not made with the CA's key");
  for (const pki::Extension& extension : crl.extensions())
    if (extension.critical)
      return invalid(
          fmt::format("it does not list all that is revoked: it has the critical extension {}; give a full CRL",
                      extension.oid.dotted()));
  // One less than what fits: the next number must fit, too.
  constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max() - 1;
  if (pki::find_extension(crl.extensions(), pki::oids::crl_number) != nullptr && crl.number().value_or(~0ULL) > largest)
    return invalid("its number is too large: higher ones could not be kept");
  return {};
}

Result<RevokedBefore> read_revoked_before(const InitOrder& order, const pki::Certificate& issuing, Timestamp now) {
  RevokedBefore before;
  if (order.import_crls.empty()) {
    before.warnings.emplace_back(
        "certificates that this CA revoked before will not be on the new CRLs, and so be good again: take over its "
        "last CRL with --import-crl");
    return before;
  }
  std::optional<pki::Crl> newest;
  for (const std::string& file : order.import_crls) {
    TRY(const Bytes content, files::read_file(file, 64 * 1024 * 1024));
    TRY_IN(file, pki::Crl crl, pki::Crl::from_pem_or_der(content));
    TRY_STATUS_IN(file, check_crl_of(crl, issuing));
    const auto age = [](const pki::Crl& of) { return std::pair(of.this_update(), of.number().value_or(0)); };
    if (!newest || age(crl) > age(*newest)) newest = std::move(crl);
  }
  // That it is over when it begins makes the next one due at once.
  if (newest->number())
    before.crl = ca::CrlRecord{.generation = 1,
                               .number = *newest->number(),
                               .this_update = newest->this_update(),
                               .next_update = newest->this_update(),
                               .der = to_bytes(newest->der())};
  std::set<Bytes> seen;
  std::size_t on_hold = 0;
  for (const pki::RevokedEntry& entry : newest->entries()) {
    if (entry.reason == pki::RevocationReason::remove_from_crl || !seen.insert(entry.serial.octets).second) continue;
    before.entries.push_back(entry);
    if (entry.reason == pki::RevocationReason::certificate_hold) ++on_hold;
  }
  if (newest->next_update() && *newest->next_update() < now)
    before.warnings.push_back(
        fmt::format("the newest CRL of --import-crl ended at {}: what was revoked since will be good again",
                    to_rfc3339(*newest->next_update())));
  if (on_hold > 0)
    before.warnings.push_back(fmt::format(
        "certificates that are suspended on the CRL of --import-crl, and cannot be released here: {}", on_hold));
  return before;
}

// Of an endpoint that the new authority will have. It was made before: what is wrong with it was told then.
Result<std::vector<std::string>> warnings_for(const std::string& name, const hub::EndpointOptions& options,
                                              const NewAuthority& made, Timestamp now) {
  TRY_IN("the endpoint", const hub::Endpoint endpoint, hub::make_endpoint(name, options, read_private_file));
  std::vector<pki::Certificate> above = made.first.between;
  if (!equal(made.first.issuing.der(), made.root.certificate.der())) above.push_back(made.root.certificate);
  return hub::warnings_below({.endpoint = endpoint, .issuing = made.first.issuing, .above = above, .now = now},
                             read_private_file);
}

// What a try before left there is taken up; a ledger that an authority used is not another's.
Status check_no_ledger_in_use(const std::string& data) {
  const std::string path = data + "/ledger.db";
  if (!files::exists(path)) return {};
  bool used = false;
  const Status read = store::SqlLedger::look(path, [&](hub::Books& books) -> Status {
    TRY(const auto events, books.audit().list(0, 100));
    used = std::ranges::any_of(events, [](const hub::AuditEvent& event) { return event.action != "authority.made"; });
    return {};
  });
  // One that cannot be read is one that was not made whole, or opening it says what is wrong.
  if (!read) return {};
  // What an init left that did not come to its end: the next one begins anew.
  if (!used) {
    for (const char* const end : {"-wal", "-shm", ""})
      if (::unlink((path + end).c_str()) != 0 && errno != ENOENT)
        return files::failed_call("removing", path + end, errno);
    return {};
  }
  return conflict(
      fmt::format("{} is the ledger of an authority whose keys are not here: bring back its authority folder "
                  "(docs/backup.md), or name another folder in data; nothing was changed",
                  path));
}

}  // namespace

Result<InitOutcome> initialise(const ServerOptions& options, InitOrder order, SecretBytes passphrase, Clock& clock,
                               Random& random, Log& log) {
  store::AuthorityFiles authority(options.data + "/authority", std::move(passphrase));
  if (authority.exist())
    return conflict(fmt::format("there is an authority in {} already; nothing was changed", options.data));
  TRY_STATUS(check_no_ledger_in_use(options.data));
  std::optional<hub::EndpointOptions> endpoint_options;
  if (!order.endpoint.empty()) {
    TRY_IN("the endpoint", endpoint_options, hub::apply_settings({}, order.endpoint_settings));
    TRY_IN("the endpoint", [[maybe_unused]] const hub::Endpoint endpoint,
           hub::make_endpoint(order.endpoint, *endpoint_options, read_private_file));
  }
  const Timestamp now = clock.now();
  TRY(const NewAuthority made, order.import_certificate.empty() && order.import_pkcs12.empty()
                                   ? make_new(order, now, random)
                                   : import(order, now, random));
  std::vector<std::string> warnings;
  if (endpoint_options) {
    TRY(warnings, warnings_for(order.endpoint, *endpoint_options, made, now));
  }

  RevokedBefore before;
  if (!order.import_certificate.empty() || !order.import_pkcs12.empty()) {
    TRY_IN("--import-crl", before, read_revoked_before(order, made.first.issuing, now));
    warnings.insert(warnings.end(), before.warnings.begin(), before.warnings.end());
  }

  TRY_STATUS(files::make_folder(options.data, 0700));
  TRY_IN("the ledger", const auto ledger, store::SqlLedger::open(options.data + "/ledger.db", {}, clock, log));
  TRY_STATUS(ledger->write([&](hub::Books& books) -> Status {
    TRY_STATUS(books.audit().append({.at = now,
                                     .actor = "chancery init",
                                     .action = "authority.made",
                                     .subject = made.root.certificate.subject().to_text(),
                                     .details = {{"root", to_hex(made.root.certificate.fingerprint())},
                                                 {"issuing", to_hex(made.first.issuing.fingerprint())}}}));
    TRY_STATUS(books.certificates().add_revoked_before(made.first.number, before.entries));
    if (before.crl) TRY_STATUS(books.crls().add(*before.crl));
    if (!endpoint_options) return {};
    return books.endpoints().put(
        {.name = order.endpoint, .settings = hub::endpoint_option_set().to_settings(*endpoint_options)});
  }));
  // The last step: with these files the authority exists.
  TRY_STATUS(authority.create(made.root, made.first));
  return InitOutcome{.root_fingerprint = made.root.certificate.fingerprint(),
                     .issuing_fingerprint = made.first.issuing.fingerprint(),
                     .root_subject = made.root.certificate.subject().to_text(),
                     .issuing_subject = made.first.issuing.subject().to_text(),
                     .warnings = std::move(warnings)};
}

}  // namespace chancery::program
