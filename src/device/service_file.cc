#include "device/service_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "agent/authority.h"
#include "device/scep_url.h"
#include "device/slot_options.h"
#include "files/file.h"
#include "pki/tpm_key.h"

namespace chancery::device {
namespace {

constexpr std::string_view ending = ".toml";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// The first DNS name that no wildcard stands in, else what the device calls itself.
std::string host_of(const SlotOptions& options, const SlotDefaults& defaults) {
  constexpr std::string_view dns = "dns:";
  for (const std::string& name : options.names)
    if (name.starts_with(dns) && !name.contains('*')) return name.substr(dns.size());
  return defaults.node;
}

SlotOptions preset_options(Preset preset, std::string_view slot, const std::string& host) {
  SlotOptions options = facts_of(preset).options;
  options.preset = preset;
  for (std::string* text : {&options.certificate_path, &options.key_path, &options.key_reference, &options.chain_path,
                            &options.full_chain_path, &options.combined_path, &options.authorities_path,
                            &options.health_check, &options.health_output}) {
    replace_all(*text, "{slot}", slot);
    replace_all(*text, "{host}", host);
  }
  return options;
}

class Checker {
 public:
  Checker(const SlotOptions& options, const std::string& file, std::vector<std::string>& problems)
      : options_(options), file_(file), problems_(problems) {}

  void complain(std::string_view text) { problems_.push_back(fmt::format("{}: {}", file_, text)); }

  template <class T>
  T take(std::string_view key, Result<T> value, T otherwise = {}) {
    if (value) return *std::move(value);
    complain(value.error().in(key).text());
    return otherwise;
  }

  void check_program(std::string_view key, const std::vector<std::string>& arguments) {
    if (!arguments.empty() && !arguments[0].starts_with('/'))
      complain(fmt::format("{}: expected the path of a program from / on, found '{}'", key, arguments[0]));
    if (std::ranges::any_of(arguments, [](const std::string& a) { return a.contains('\0'); }))
      complain(fmt::format("{}: a zero byte", key));
  }

  void check_paths(const ServiceDescription& service) {
    std::map<std::string_view, int> uses;
    for (const ServicePath& one : service_paths(service))
      if (++uses[one.path] == 2) complain(fmt::format("{} is to be two files at once", one.path));
  }

  agent::SlotSetup setup(std::string_view slot, const SlotDefaults& defaults) {
    const std::string subject = options_.subject.empty() ? fmt::format("CN={}", defaults.node) : options_.subject;
    agent::SlotSetup setup{.name = std::string(slot), .service = {}, .subject = {}};
    if (options_.preset != Preset::none) setup.service = facts_of(options_.preset).name;
    setup.subject = take("subject", pki::Name::from_text(subject));
    for (const std::string& name : options_.names)
      setup.names.push_back(take("names", pki::general_name_from_text(name)));
    setup.key = take("key", pki::key_spec_from_text(options_.key));
    setup.reuse_key = options_.reuse_key;
    if (options_.key_store == KeyStore::pkcs11) take("key", token_can_make(setup.key));
    if (options_.key_store == KeyStore::tpm) take("key", pki::tpm_can_make(setup.key));
    setup.source = source(defaults.source);
    setup.policy = {.renewal = {.earliest = options_.renew_earliest, .latest = options_.renew_latest},
                    .poll_interval = options_.poll_interval,
                    .has_source = !setup.source.url.empty()};
    if (options_.renew_earliest > options_.renew_latest)
      complain(fmt::format("renew_earliest: {} is after renew_latest, which is {}", options_.renew_earliest,
                           options_.renew_latest));
    if (options_.algorithms == AcceptedAlgorithms::weak) setup.floor = agent::weak_algorithms;
    if (options_.algorithms == AcceptedAlgorithms::broken) setup.floor = agent::broken_algorithms;
    setup.accept_changed_names = options_.accept_changed_names;
    return setup;
  }

  agent::Source source(agent::Source source) {
    if (!options_.url.empty()) source.url = take("url", scep_url_from_text(options_.url));
    if (!options_.fingerprint.empty())
      source.fingerprint = take("fingerprint", agent::fingerprint_from_text(options_.fingerprint, false));
    if (!source.url.empty() && source.fingerprint.empty())
      complain("fingerprint: neither this file nor agent.toml says which CA is trusted");
    return source;
  }

  void take(std::string_view key, const Status& status) {
    if (!status) complain(status.error().in(key).text());
  }

  // Where a service asks for what the store cannot give, it is said here and not at an installation.
  KeyPlace key_place() {
    const bool in_token = options_.key_store == KeyStore::pkcs11;
    KeyPlace place{.store = options_.key_store,
                   .token = {.module = options_.pkcs11_module, .token = options_.token, .pin_file = options_.pin_file}};
    if (in_token && place.token.module.empty()) complain("pkcs11_module: key_store = \"pkcs11\" needs it");
    if (in_token && place.token.token.empty()) complain("token: key_store = \"pkcs11\" needs it");
    if (!in_token && !(place.token == TokenPlace{}))
      complain("pkcs11_module, token and pin_file belong to key_store = \"pkcs11\"");
    if (!in_token && !options_.key_reference.empty())
      complain("key_reference: only a key in a PKCS#11 token has a URI");
    const auto refuse = [&](std::string_view key, const std::string& path) {
      if (in_token && !path.empty())
        complain(
            fmt::format("{}: the key stays in the token '{}', and no file can hold it: set {} = \"\", and "
                        "key_reference where the service takes a PKCS#11 URI",
                        key, options_.token, key));
    };
    refuse("key_path", options_.key_path);
    refuse("combined_path", options_.combined_path);
    return place;
  }

  ServiceDescription service(std::string_view slot) {
    ServiceDescription service;
    service.slot = slot;
    if (options_.preset != Preset::none) service.name = facts_of(options_.preset).name;
    service.paths = {.certificate = options_.certificate_path,
                     .key = options_.key_path,
                     .key_reference = options_.key_reference,
                     .chain = options_.chain_path,
                     .full_chain = options_.full_chain_path,
                     .combined = options_.combined_path,
                     .authorities = options_.authorities_path};
    service.keys = key_place();
    service.owner = options_.owner;
    service.group = options_.group;
    std::from_chars(options_.key_mode.data(), options_.key_mode.data() + options_.key_mode.size(), service.key_mode, 8);
    service.reload = options_.reload;
    service.restart = options_.restart;
    service.command_timeout = options_.command_timeout;
    service.health_check = take("health_check", health_check_from_text(options_.health_check));
    service.health_output = options_.health_output;
    service.health_timeout = options_.health_timeout;
    check_program("reload", service.reload);
    check_program("restart", service.restart);
    check_paths(service);
    if (!service.health_output.empty() && !std::holds_alternative<HealthCommand>(service.health_check))
      complain("health_output: the health check is no command that could print it");
    return service;
  }

 private:
  const SlotOptions& options_;
  const std::string& file_;
  std::vector<std::string>& problems_;
};

}  // namespace

bool is_slot_name(std::string_view name) {
  if (name.empty() || name.size() > 40 || name[0] == '-' || name[0] == '_') return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

Result<SlotFile> parse_slot_file(std::string_view slot, std::string_view toml, const std::string& file,
                                 const SlotDefaults& defaults) {
  if (!is_slot_name(slot))
    return invalid(fmt::format(
        "{}: the file's name is the slot's: at most 40 lower-case letters, digits, '-' and '_', and then .toml", file));
  const auto set = slot_options();
  SlotOptions written;
  std::vector<std::string> problems = set.read_toml(written, toml, file);
  if (!problems.empty()) return invalid(config::join_problems(problems));
  // Once more over what the preset says, so that what stands in the file goes first, also where it is empty.
  SlotOptions options = preset_options(written.preset, slot, host_of(written, defaults));
  problems = set.read_toml(options, toml, file);
  for (const std::string& problem : set.check(options)) problems.push_back(fmt::format("{}: {}", file, problem));
  if (!problems.empty()) return invalid(config::join_problems(problems));
  Checker checker(options, file, problems);
  SlotFile read{.setup = checker.setup(slot, defaults),
                .challenge_file = options.challenge_file,
                .service = checker.service(slot)};
  if (!problems.empty()) return invalid(config::join_problems(problems));
  return read;
}

Result<std::vector<SlotFile>> read_slot_folder(const std::string& folder, const SlotDefaults& defaults) {
  std::vector<SlotFile> slots;
  const auto names = files::list_folder(folder);
  if (!names && names.error().code() == ErrorCode::not_found) return slots;
  if (!names) return std::unexpected(names.error());
  std::vector<std::string> problems;
  std::map<std::string, std::string> users;
  for (const std::string& name : *names) {
    if (!name.ends_with(ending) || name.starts_with('.')) continue;
    const std::string path = fmt::format("{}/{}", folder, name);
    // A pipe would keep who reads it waiting for ever.
    if (!files::is_regular(path)) {
      problems.push_back(fmt::format("{}: is no regular file", path));
      continue;
    }
    TRY(const Bytes content, files::read_file(path));
    const std::string_view slot = std::string_view(name).substr(0, name.size() - ending.size());
    Result<SlotFile> file = parse_slot_file(slot, as_text(content), path, defaults);
    if (!file) {
      problems.push_back(file.error().text());
      continue;
    }
    for (const ServicePath& one : service_paths(file->service))
      if (const auto [other, is_new] = users.try_emplace(one.path, slot); !is_new)
        problems.push_back(fmt::format("{}: the slot '{}' uses {}, too", path, other->second, one.path));
    slots.push_back(*std::move(file));
  }
  if (!problems.empty()) return invalid(config::join_problems(problems));
  return slots;
}

}  // namespace chancery::device
