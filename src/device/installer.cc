#include "device/installer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "device/account.h"
#include "device/service_file.h"
#include "files/file.h"
#include "pki/bundle.h"

namespace chancery::device {
namespace {

constexpr unsigned folder_mode = 0755, public_mode = 0644, private_mode = 0600;

std::string mark_path(const CredentialFiles& files) { return files.folder() + "/unsettled"; }

Result<CredentialForm> form_of(const ServiceDescription& service) {
  CredentialForm form{.owner = {}, .key_mode = service.key_mode, .combined = !service.paths.combined.empty()};
  if (service.owner.empty() && service.group.empty()) return form;
  TRY(form.owner, find_owner(service.owner, service.group));
  return form;
}

// The number that `text` begins with, and the character behind it, off its front. 0: none.
unsigned take_number(std::string_view& text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(std::min(text.size(), static_cast<std::size_t>(end - text.data()) + 1));
  return number;
}

// Why an installation failed, and how it ended.
Error unlucky(const Error& why, std::string_view end) {
  return {ErrorCode::unavailable, fmt::format("{}; {}", why.text(), end)};
}

agent::NewCredential again(const agent::Credential& credential) {
  return {.key = credential.key,
          .certificate = credential.certificate,
          .chain = credential.chain,
          .authorities = credential.authorities,
          .source = credential.source};
}

}  // namespace

Installer::Installer(const std::string& state_folder, const InstallerParts& parts)
    : state_folder_(std::filesystem::absolute(state_folder).lexically_normal().string()),
      disk_(parts.disk),
      log_(parts.log),
      tokens_(parts.tokens),
      random_(parts.random),
      control_(parts.processes, parts.tls, parts.clock) {}

Status Installer::add(ServiceDescription service) {
  if (slots_.contains(service.slot)) return conflict(fmt::format("there are two slots '{}'", service.slot));
  const std::string name = service.slot;
  std::unique_ptr<SlotKeys> keys;
  if (tokens_ != nullptr && random_ != nullptr)
    keys =
        std::make_unique<SlotKeys>(folder_of_slot(name), service.keys,
                                   SlotKeys::Parts{.disk = disk_, .tokens = *tokens_, .random = *random_, .log = log_});
  else if (service.keys.store != KeyStore::file)
    return internal("keys elsewhere than in files, and nobody who makes them");
  auto folder = std::make_unique<LateFolder>([this, name]() -> Result<CredentialFiles*> {
    TRY(Slot* const slot, find(name));
    return slot->files.get();
  });
  slots_.emplace(
      name,
      Slot{.service = std::move(service), .folder = std::move(folder), .files = nullptr, .keys = std::move(keys)});
  return {};
}

std::string Installer::folder_of_slot(const std::string& slot) const {
  return fmt::format("{}/slots/{}", state_folder_, slot);
}

Status Installer::open(Slot& slot) {
  if (slot.files) return {};
  const std::string& name = slot.service.slot;
  const std::string in = fmt::format("slot {}", name);
  TRY_IN(in, CredentialForm form, form_of(slot.service));
  form.tokens = tokens_;
  if (slot.service.keys.store == KeyStore::pkcs11) TRY_STATUS_IN(in, tokens_->know(slot.service.keys.token));
  TRY_IN(in, slot.files, CredentialFiles::open(folder_of_slot(name), disk_, form));
  return {};
}

SlotKeys* Installer::keys(const std::string& slot) {
  const auto found = slots_.find(slot);
  return found == slots_.end() ? nullptr : found->second.keys.get();
}

agent::CredentialFolder* Installer::folder(const std::string& slot) {
  const auto found = slots_.find(slot);
  return found == slots_.end() ? nullptr : found->second.folder.get();
}

Result<Installer::Slot*> Installer::find(const std::string& slot) {
  const auto found = slots_.find(slot);
  if (found == slots_.end()) return not_found(fmt::format("there is no slot '{}'", slot));
  TRY_STATUS(open(found->second));
  return &found->second;
}

Status Installer::put_into_service(const std::string& slot, const agent::NewCredential& credential) {
  TRY(Slot* const found, find(slot));
  if (!equal(credential.certificate.spki(), credential.key.public_key().spki()))
    return invalid("the key is not the certificate's");
  return install(*found, credential);
}

Status Installer::install(Slot& slot, const agent::NewCredential& credential) {
  TRY(const unsigned version, slot.files->write_version(credential));
  Status done = switch_to(slot, version);
  // Whoever enrolled has the key still, and tries again.
  if (!done && slot.files->live_version() != version) TRY_STATUS(slot.files->remove_version(version));
  // The versions that have gone have left their keys behind.
  if (done && slot.keys != nullptr) slot.keys->tidy();
  return done;
}

Status Installer::put_back(const std::string& slot, ByteView sha256, const Check& check) {
  TRY(Slot* const found, find(slot));
  for (const unsigned version : found->files->versions()) {
    const auto credential = found->files->read_version(version);
    if (credential && equal(credential->certificate.fingerprint(), sha256)) {
      TRY_STATUS(check(*credential));
      return switch_to(*found, version);
    }
    // It may be this one, whose key is in a device that is not there now.
    if (!credential && credential.error().code() == ErrorCode::unavailable) return std::unexpected(credential.error());
  }
  return not_found(fmt::format("the slot '{}' keeps no certificate {}", slot, to_hex(sha256)));
}

Result<std::vector<pki::Certificate>> Installer::kept(const std::string& slot) {
  TRY(Slot* const found, find(slot));
  std::vector<pki::Certificate> certificates;
  const unsigned live = found->files->live_version();
  const auto take = [&](unsigned version) {
    // What a cut left half removed is not kept.
    if (auto credential = found->files->read_version(version))
      certificates.push_back(std::move(credential->certificate));
  };
  if (live != 0) take(live);
  for (const unsigned version : found->files->versions())
    if (version != live) take(version);
  return certificates;
}

Status Installer::reload(const std::string& slot) {
  TRY(Slot* const found, find(slot));
  if (found->service.reload.empty())
    return refused(fmt::format("the file of the slot '{}' names no program that reloads its service", slot));
  return with_shown(*found, [&](const auto& shown) { return control_.reload(found->service, shown); });
}

Status Installer::restart(const std::string& slot) {
  TRY(Slot* const found, find(slot));
  return with_shown(*found, [&](const auto& shown) { return control_.restart(found->service, shown); });
}

Status Installer::write_trust(const std::string& store, const std::vector<pki::Certificate>& certificates) {
  if (!agent::is_store_name(store))
    return invalid(fmt::format("a trust store's name is lower-case letters, digits and '-', not '{}'", store));
  std::string text;
  for (const pki::Certificate& certificate : certificates) text += certificate.to_pem();
  const std::string folder = state_folder_ + "/trust";
  TRY_STATUS(disk_.make_folder(folder, folder_mode));
  return disk_.write_file(fmt::format("{}/{}.pem", folder, store), as_bytes(text), public_mode);
}

std::vector<agent::TrustAnchor> Installer::trust() const {
  std::vector<agent::TrustAnchor> anchors;
  const std::string folder = state_folder_ + "/trust";
  if (!files::exists(folder)) return anchors;
  const auto unreadable = [this](const std::string& path, const Error& why) {
    log_.error("what is trusted cannot be read", {{"file", path}, {"error", why.text()}});
  };
  const auto names = files::list_folder(folder);
  if (!names) unreadable(folder, names.error());
  for (const std::string& name : names.value_or(std::vector<std::string>())) {
    const std::string store = name.substr(0, name.find('.'));
    if (name != store + ".pem" || !agent::is_store_name(store)) continue;
    const std::string path = fmt::format("{}/{}", folder, name);
    const auto text = files::read_file(path);
    if (text && text->empty()) continue;
    const auto certificates = text ? pki::read_certificates(*text) : std::unexpected(text.error());
    if (!certificates) {
      unreadable(path, certificates.error());
      continue;
    }
    for (const pki::Certificate& certificate : *certificates)
      anchors.push_back({.store = store, .sha256 = certificate.fingerprint(), .der = to_bytes(certificate.der())});
  }
  return anchors;
}

// What the service's programs are told, and the health check compares with, is always what is in use.
Status Installer::with_shown(Slot& slot, const std::function<Status(const ServiceControl::Shown&)>& work) {
  std::optional<pki::Certificate> certificate;
  if (const unsigned live = slot.files->live_version(); live != 0) {
    TRY(certificate, slot.files->certificate_of(live));
  }
  return work({.folder = slot.files->folder() + "/live", .certificate = certificate ? &*certificate : nullptr});
}

Status Installer::settle(Slot& slot) {
  return with_shown(slot, [&](const ServiceControl::Shown& shown) -> Status {
    TRY_STATUS(control_.reload(slot.service, shown));
    return control_.check_health(slot.service, shown);
  });
}

Status Installer::forward(Slot& slot, const Unsettled& change) {
  ServiceLinks links = links_of(slot);
  if (change.before == 0) {
    TRY_IN("links", const std::vector<Borrowed> kept, links.keep_all(slot.service));
    TRY_STATUS_IN("links", slot.files->use_borrowed(kept));
    TRY_STATUS_IN("links", links.make(slot.service));
  }
  TRY_STATUS_IN("swap", slot.files->use_version(change.after));
  TRY_STATUS_IN("links", links.make(slot.service));
  return settle(slot);
}

// The whole story as one error.
Error Installer::back(Slot& slot, const Unsettled& change, const Error& why) {
  log_.warning("going back", {{"slot", slot.service.slot}, {"why", why.text()}});
  const auto told = [&](const std::string& end) { return unlucky(why, end); };
  if (change.before == 0) return back_to_nothing(slot, why);
  if (const Status done = slot.files->use_version(change.before); !done)
    return told("going back failed, too: " + done.error().text());
  if (const Status done = settle(slot); !done)
    return told("the certificate before is back, but the service does not work with it either: " + done.error().text());
  if (const Status done = remove_mark(slot); !done) return told(done.error().text());
  return told("the certificate before is in use again");
}

// As if the agent had never been there, but for the mark that goes last.
Status Installer::give_back(Slot& slot) {
  TRY_STATUS(slot.files->use_borrowed_again());
  TRY_STATUS(links_of(slot).take_back(slot.service));
  TRY_STATUS(slot.files->use_version(0));
  return remove_mark(slot);
}

// What the service had before the first certificate may be nothing it could work with, so its health is not asked for.
Error Installer::back_to_nothing(Slot& slot, const Error& why) {
  if (const Status done = give_back(slot); !done) return unlucky(why, "going back failed, too: " + done.error().text());
  const Status reloaded = with_shown(slot, [&](const auto& shown) { return control_.reload(slot.service, shown); });
  if (!reloaded) return unlucky(why, "there was no certificate before, and now: " + reloaded.error().text());
  return unlucky(why, "there was no certificate before");
}

Status Installer::switch_to(Slot& slot, unsigned version) {
  const Unsettled change{.before = slot.files->live_version(), .after = version};
  const bool is_new = change.before != version;
  if (is_new) TRY_STATUS(write_mark(slot, change));
  if (const Status done = forward(slot, change); !done) {
    if (!is_new) return done;
    return std::unexpected(back(slot, change, done.error()));
  }
  if (is_new) TRY_STATUS(remove_mark(slot));
  return slot.files->remove_versions_except(version, change.before);
}

// A service file may ask for other files, or another owner, than when the version in use was written.
Status Installer::refit(Slot& slot) {
  const unsigned live = slot.files->live_version();
  if (slot.files->has_form(live)) return {};
  TRY(const agent::Credential credential, slot.files->read_version(live));
  return install(slot, again(credential));
}

Status Installer::recover(const std::string& slot) {
  TRY(Slot* const found, find(slot));
  const std::string in = fmt::format("recovering the slot {}", slot);
  TRY_STATUS_IN(in, recover_slot(*found));
  if (found->keys != nullptr) found->keys->tidy();
  return {};
}

// At once, whatever the service says to the rest: nobody shall read a key for longer than the service file lets him.
Status Installer::narrow(Slot& slot) {
  for (const unsigned version : slot.files->versions()) {
    TRY(const bool narrowed, slot.files->narrow(version));
    if (narrowed)
      log_.warning("a key could be read by more than its slot's file allows", {{"slot", slot.service.slot}});
  }
  return {};
}

Status Installer::recover_slot(Slot& slot) {
  TRY_STATUS(narrow(slot));
  TRY(auto mark, read_mark(slot));
  const unsigned live = slot.files->live_version();
  if (live == 0) {
    if (!mark) return {};
    // The cut came before the first pair was in use, or while what was there before came back.
    TRY_STATUS(give_back(slot));
    return with_shown(slot, [&](const auto& shown) { return control_.reload(slot.service, shown); });
  }
  if (!mark && !links_of(slot).are_made(slot.service)) {
    mark = {.before = live, .after = live};
    TRY_STATUS(write_mark(slot, *mark));
  }
  if (mark) TRY_STATUS(end_unsettled(slot, *mark));
  TRY_STATUS(refit(slot));
  return remove_parts(slot);
}

// A cut in the removal of a version leaves a part of it. What cannot be read just now, or is in a device that is not
// there, is no part.
Status Installer::remove_parts(Slot& slot) {
  for (const unsigned version : slot.files->versions()) {
    if (version == slot.files->live_version()) continue;
    const auto kept = slot.files->read_version(version);
    const bool is_part =
        !kept && (kept.error().code() == ErrorCode::not_found || kept.error().code() == ErrorCode::invalid);
    if (is_part) TRY_STATUS(slot.files->remove_version(version));
  }
  return {};
}

// The service may know the version in use, or the other one, or neither.
Status Installer::end_unsettled(Slot& slot, const Unsettled& change) {
  log_.info("the service may not know the pair in use", {{"slot", slot.service.slot}});
  const unsigned live = slot.files->live_version();
  const bool is_forward = live == change.after && change.before != change.after;
  const auto work = [&]() -> Status {
    TRY_STATUS_IN("links", links_of(slot).make(slot.service));
    return settle(slot);
  };
  if (const Status done = work(); !done) {
    if (!is_forward) return done;
    return std::unexpected(back(slot, change, done.error()));
  }
  TRY_STATUS(remove_mark(slot));
  if (is_forward) return slot.files->remove_versions_except(live, change.before);
  return {};
}

Result<std::optional<Installer::Unsettled>> Installer::read_mark(const Slot& slot) const {
  const auto content = files::read_file(mark_path(*slot.files), 100);
  if (!content && content.error().code() == ErrorCode::not_found) return std::nullopt;
  if (!content) return std::unexpected(content.error());
  std::string_view text = as_text(*content);
  Unsettled change;
  change.before = take_number(text);
  change.after = take_number(text);
  return change;
}

Status Installer::write_mark(const Slot& slot, const Unsettled& change) {
  return disk_.write_file(mark_path(*slot.files), as_bytes(fmt::format("{} {}\n", change.before, change.after)),
                          private_mode);
}

Status Installer::remove_mark(const Slot& slot) {
  TRY_STATUS(slot.files->remove_borrowed());
  TRY_STATUS(disk_.sync_folder(slot.files->folder()));
  TRY_STATUS(disk_.remove(mark_path(*slot.files)));
  return disk_.sync_folder(slot.files->folder());
}

}  // namespace chancery::device
