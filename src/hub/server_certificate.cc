#include "hub/server_certificate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "hub/issuance.h"
#include "pki/pem.h"

namespace chancery::hub {
namespace {

using Kind = pki::GeneralName::Kind;

// X.520's bound on a common name.
constexpr std::size_t most_common_name = 64;

pki::GeneralName name_of(const std::string& host) {
  // What reads as an address is one.
  if (auto address = pki::general_name_from_text("ip:" + host)) return *std::move(address);
  auto name = pki::general_name_from_text("dns:" + host);
  return name ? *std::move(name) : pki::GeneralName{.kind = Kind::dns, .text = host, .value = to_bytes(as_bytes(host))};
}

std::vector<std::string> sorted_texts(const std::vector<pki::GeneralName>& names) {
  std::vector<std::string> texts;
  for (const pki::GeneralName& name : names) texts.push_back(pki::to_string(name));
  std::ranges::sort(texts);
  return texts;
}

}  // namespace

std::string host_of_url(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('/'));
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

Result<bool> ServerCertificate::ensure() {
  const std::scoped_lock lock(mutex_);
  const bool first = !identity_;
  if (first) {
    TRY_IN("the server's certificate", identity_, store_.load());
  }
  std::string replaces;
  if (identity_) {
    TRY(const bool good, is_good(*identity_, replaces));
    if (good) return first;
  }
  // While it cannot be written, one that was issued is not issued again each minute.
  std::string ignored;
  bool kept = false;
  if (unsaved_) {
    TRY(kept, is_good(*unsaved_, ignored));
  }
  if (!kept) {
    TRY_IN("the server's certificate", unsaved_, make(replaces));
  }
  TRY_STATUS_IN("keeping the server's certificate", store_.save(*unsaved_));
  identity_ = std::exchange(unsaved_, std::nullopt);
  return true;
}

ServerIdentity ServerCertificate::identity() const {
  const std::scoped_lock lock(mutex_);
  CHECK(identity_.has_value());
  return identity_->clone();
}

Result<bool> ServerCertificate::is_good(const ServerIdentity& identity, std::string& replaces) {
  const auto certificate = pki::Certificate::from_pem_or_der(as_bytes(identity.certificates));
  if (!certificate) return false;
  std::optional<ca::CertificateRecord> record;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(record, books.certificates().find(certificate->serial()));
    return {};
  }));
  if (!record || !equal(record->der, certificate->der()) || record->state != ca::CertificateRecord::State::issued)
    return false;
  replaces = record->serial.hex();
  const pki::Validity& validity = certificate->validity();
  if (context_.clock.now() >= validity.not_before + (validity.not_after - validity.not_before) * 2 / 3) return false;
  std::vector<pki::GeneralName> wanted;
  for (const std::string& host : options_.host_names) wanted.push_back(name_of(host));
  return sorted_texts(wanted) == sorted_texts(certificate->subject_alternative_names());
}

Result<ServerIdentity> ServerCertificate::make(const std::string& replaces) {
  if (options_.host_names.empty()) return invalid("it needs a host name: set hub.host_names");
  TRY(const pki::PrivateKey key, pki::PrivateKey::generate({pki::KeyFamily::ec, 256}));
  ca::IssuanceRequest request{.key = key.public_key()};
  // A longer one stands among the alternative names, which is where clients look.
  if (const auto fits =
          std::ranges::find_if(options_.host_names, [](const auto& host) { return host.size() <= most_common_name; });
      fits != options_.host_names.end()) {
    TRY(request.subject, pki::Name::from_text("CN=" + *fits));
  }
  for (const std::string& host : options_.host_names) request.alternative_names.push_back(name_of(host));
  const ca::Policy policy{.alternative_names = {Kind::dns, Kind::ip},
                          .wildcards = true,
                          .extended_key_usages = {pki::oids::server_auth},
                          .validity = options_.validity};
  const WorkingGeneration& generation = context_.keyring.current();
  TRY(ca::Approved approved, generation.issuer().prepare(policy, request, context_.clock.now()));
  TRY(const pki::Certificate certificate,
      Issuance(context_).issue({.generation = generation,
                                .approved = std::move(approved),
                                .endpoint = std::string(server_endpoint),
                                .replaces = replaces,
                                .caller = {"server"},
                                .with_intent = [](Books&, const std::string&) -> Status { return {}; }}));
  TRY(SecretBytes pem, key.to_plain_pem());
  std::string chain = certificate.to_pem() + generation.keys().issuing.to_pem();
  for (const pki::Certificate& authority : generation.keys().between) chain += authority.to_pem();
  return ServerIdentity{.certificates = std::move(chain), .key = std::move(pem)};
}

}  // namespace chancery::hub
