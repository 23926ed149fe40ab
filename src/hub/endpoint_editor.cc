#include "hub/endpoint_editor.h"

#include <fmt/format.h>

#include "ca/lint.h"

namespace chancery::hub {

std::optional<TooLongValidity> too_long_validity(const EndpointBelow& below) {
  constexpr Seconds soon = std::chrono::days(180);
  const Timestamp end = below.issuing.validity().not_after;
  const Timestamp last_issue = end - below.endpoint.policy.validity;
  if (below.now + soon <= last_issue) return std::nullopt;
  return TooLongValidity{.validity = below.endpoint.policy.validity,
                         .issuer_end = end,
                         .last_issue = last_issue,
                         .already = below.now > last_issue};
}

std::string to_text(const TooLongValidity& validity) {
  const std::string length = to_duration_text(validity.validity);
  const std::string end = to_rfc3339(validity.issuer_end);
  if (validity.already)
    return fmt::format(
        "validity: no certificate can be issued, because {} from now is after the end of the issuing CA, {}", length,
        end);
  return fmt::format(
      "validity: no certificate can be issued after {}, because {} later is after the end of the issuing CA, {}",
      to_rfc3339(validity.last_issue), length, end);
}

std::vector<std::string> warnings_below(const EndpointBelow& below, const SecretReader& read_secret) {
  const Endpoint& endpoint = below.endpoint;
  std::vector<std::string> warnings = warnings_of(endpoint);
  for (const ca::Finding& finding : ca::lint_policy(endpoint.policy, below.issuing, below.above))
    warnings.push_back(fmt::format("{}: {}", finding.rule, finding.text));
  if (const auto too_long = too_long_validity(below)) warnings.push_back(to_text(*too_long));
  if (!endpoint.web_hook_token_file.empty())
    if (const auto token = read_secret(endpoint.web_hook_token_file); !token)
      warnings.push_back(fmt::format("web_hook_token_file: {}", token.error().text()));
  return warnings;
}

std::vector<std::string> EndpointEditor::all_warnings_of(const Endpoint& endpoint) const {
  const ca::Issuer& issuer = context_.keyring.current().issuer();
  return warnings_below(
      {.endpoint = endpoint, .issuing = issuer.certificate(), .above = issuer.above(), .now = context_.clock.now()},
      read_secret_);
}

Result<EndpointView> EndpointEditor::add(std::string_view name, const std::vector<config::Setting>& settings,
                                         const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  // Only "there is none" lets it be added: what cannot be read must not be written over.
  const auto existing = show(name);
  if (existing) return conflict(fmt::format("there is an endpoint '{}' already", name));
  if (existing.error().code() != ErrorCode::not_found) return std::unexpected(existing.error());
  TRY(const EndpointOptions options, apply_settings({}, settings));
  return store(name, options, "endpoint.added", caller, settings);
}

Result<EndpointView> EndpointEditor::change(std::string_view name, const std::vector<config::Setting>& settings,
                                            const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  TRY(EndpointView view, show(name));
  TRY(const EndpointOptions options, apply_settings(std::move(view.options), settings));
  return store(name, options, "endpoint.changed", caller, settings);
}

Result<EndpointView> EndpointEditor::store(std::string_view name, const EndpointOptions& options,
                                           std::string_view action, const Caller& caller,
                                           const std::vector<config::Setting>& changed) {
  TRY(Endpoint endpoint, make_endpoint(name, options, read_secret_));
  EndpointView view{.name = std::string(name), .options = options, .warnings = all_warnings_of(endpoint)};
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY_STATUS(books.endpoints().put({.name = view.name, .settings = endpoint_option_set().to_settings(options)}));
    AuditEvent event{
        .at = context_.clock.now(), .actor = caller.name, .action = std::string(action), .subject = view.name};
    for (const config::Setting& setting : changed) event.details.emplace_back(setting.key, setting.value);
    return books.audit().append(event);
  }));
  context_.endpoints.put(std::move(endpoint));
  for (const std::string& warning : view.warnings) context_.log.warning(warning, {{"endpoint", view.name}});
  return view;
}

Status EndpointEditor::remove(std::string_view name, const Caller& caller) {
  const std::scoped_lock lock(mutex_);
  TRY_STATUS(context_.ledger.write([&](Books& books) -> Status {
    TRY(const bool removed, books.endpoints().remove(name));
    if (!removed) return not_found(fmt::format("there is no endpoint '{}'", name));
    return books.audit().append(
        {.at = context_.clock.now(), .actor = caller.name, .action = "endpoint.removed", .subject = std::string(name)});
  }));
  context_.endpoints.remove(name);
  return {};
}

Result<EndpointView> EndpointEditor::show(std::string_view name) {
  TRY(std::vector<EndpointView> all, list());
  for (EndpointView& view : all)
    if (view.name == name) return std::move(view);
  return not_found(fmt::format("there is no endpoint '{}'", name));
}

Result<std::vector<EndpointView>> EndpointEditor::list() {
  std::vector<StoredEndpoint> stored;
  TRY_STATUS(context_.ledger.read([&](Books& books) -> Status {
    TRY(stored, books.endpoints().all());
    return {};
  }));
  std::vector<EndpointView> views;
  for (const StoredEndpoint& row : stored) {
    TRY_IN("endpoint " + row.name, EndpointOptions options, apply_settings({}, row.settings));
    EndpointView view{.name = row.name, .options = std::move(options)};
    if (const auto endpoint = make_endpoint(row.name, view.options, read_secret_))
      view.warnings = all_warnings_of(*endpoint);
    else
      view.warnings = {"does not serve: " + endpoint.error().text()};
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace chancery::hub
