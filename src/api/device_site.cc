#include "api/device_site.h"

#include <fmt/format.h>

#include <charconv>

#include "api/device_page.h"
#include "api/error_status.h"
#include "api/generations.h"
#include "api/probes.h"
#include "ca/crl_signing.h"
#include "pki/algorithms.h"
#include "pki/bundle.h"

namespace chancery::api {
namespace {

// Something to download, or the page.
struct Content {
  std::string content_type;
  Bytes body;
  std::string cache_control = "public, max-age=3600";
  std::string file_name;  // empty: shown, not saved
};

constexpr std::string_view not_found_text =
    "There is nothing at this address. Look here:\n"
    "  /                   certificates of the authority with fingerprints, and SCEP URLs\n"
    "  /ca/root.crt        the root; also root.pem, issuing-1.crt, issuing-1.pem, chain.p7b, chain.pem\n"
    "  /crl/1.crl          revoked certificates of generation 1; /crl/root.crl those of the root\n"
    "  /scep/<endpoint>    SCEP\n"
    "  /healthz, /readyz   whether the server runs, and whether it can do its work";

// The number in "issuing-12" or "12", without sign or leading zeros.
std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || text.front() == '0')
    return std::nullopt;
  return number;
}

std::optional<Content> certificate_file(const pki::Certificate& certificate, std::string_view name,
                                        std::string_view form) {
  // Devices and browsers install this type at a click.
  if (form == "crt")
    return Content{.content_type = "application/x-x509-ca-cert",
                   .body = to_bytes(certificate.der()),
                   .file_name = fmt::format("{}.crt", name)};
  if (form == "pem")
    return Content{.content_type = "application/x-pem-file",
                   .body = to_bytes(as_bytes(certificate.to_pem())),
                   .file_name = fmt::format("{}.pem", name)};
  return std::nullopt;
}

std::optional<Content> chain_file(const hub::Keyring& keyring, std::string_view form) {
  const std::vector<pki::Certificate> chain = chain_of(keyring);
  if (form == "pem") {
    std::string pem;
    for (const pki::Certificate& certificate : chain) pem += certificate.to_pem();
    return Content{.content_type = "application/x-pem-file",
                   .body = to_bytes(as_bytes(pem)),
                   .cache_control = "public, max-age=300",
                   .file_name = "chain.pem"};
  }
  if (form != "p7b") return std::nullopt;
  pki::Bundle bundle;
  for (const pki::Certificate& certificate : chain) bundle.certificates.push_back(to_bytes(certificate.der()));
  return Content{.content_type = "application/x-pkcs7-certificates",
                 .body = pki::write_bundle(bundle),
                 .cache_control = "public, max-age=300",
                 .file_name = "chain.p7b"};
}

// "root.crt", "issuing-1.pem", "chain.p7b".
std::optional<Content> authority_file(const hub::Keyring& keyring, std::string_view file) {
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view name = file.substr(0, dot);
  const std::string_view form = file.substr(dot + 1);
  if (name == "root") return certificate_file(keyring.root(), name, form);
  if (name == "chain") return chain_file(keyring, form);
  constexpr std::string_view issuing = "issuing-";
  if (!name.starts_with(issuing)) return std::nullopt;
  const auto number = number_in(name.substr(issuing.size()));
  const hub::WorkingGeneration* generation = number ? keyring.find(*number) : nullptr;
  if (generation == nullptr) return std::nullopt;
  return certificate_file(generation->keys().issuing, name, form);
}

// "1.crl" or "root.crl". Nothing when no generation has that number.
Result<std::optional<Content>> crl_file(hub::Context& context, std::string_view file) {
  if (!file.ends_with(".crl")) return std::nullopt;
  const std::string_view name = file.substr(0, file.size() - 4);
  const auto number = name == "root" ? std::optional(ca::root_crl) : number_in(name);
  if (!number || (*number != ca::root_crl && context.keyring.find(*number) == nullptr)) return std::nullopt;
  std::optional<ca::CrlRecord> crl;
  TRY_STATUS(context.ledger.read([&](hub::Books& books) -> Status {
    TRY(crl, books.crls().latest(*number));
    return {};
  }));
  // A root that was made elsewhere has its CRL elsewhere.
  if (!crl && *number == ca::root_crl) return std::nullopt;
  if (!crl) return unavailable("no CRL was made yet");
  // Never kept by a cache beyond its nextUpdate, and fetched anew soon after a revocation.
  const auto left = std::clamp(crl->next_update - context.clock.now(), Seconds(0), Seconds(300));
  return Content{.content_type = "application/pkix-crl",
                 .body = std::move(crl->der),
                 .cache_control = fmt::format("public, max-age={}", left.count()),
                 .file_name = crl_file_name(*number)};
}

std::string asks_for(const hub::Endpoint& endpoint) {
  static constexpr std::pair<hub::Authoriser, std::string_view> texts[] = {
      {hub::Authoriser::one_time_challenge, "a one-time challenge password"},
      {hub::Authoriser::shared_challenge, "the shared challenge password"},
      {hub::Authoriser::web_hook, "the consent of a connected service"},
      {hub::Authoriser::manual, "approval by an administrator"},
  };
  std::string text;
  for (const auto& [authoriser, words] : texts)
    if (endpoint.needs(authoriser)) text.append(text.empty() ? "" : ", and ").append(words);
  return text;
}

std::string_view note_of(ca::Generation::State state) {
  switch (state) {
    case ca::Generation::State::current: return "issues now";
    case ca::Generation::State::next: return "announced, will take over";
    case ca::Generation::State::old: return "issues no more";
  }
  return {};
}

std::string name_of(const pki::Certificate& root) {
  const auto name = root.subject().value_of(pki::oids::common_name);
  return name ? *name : root.subject().to_text();
}

std::vector<DevicePage::ScepUrl> scep_urls(const hub::Context& context, const DeviceSiteOptions& options) {
  std::vector<DevicePage::ScepUrl> urls;
  for (const hub::Endpoint* endpoint : context.endpoints.all()) {
    if (!endpoint->enabled) continue;
    const pki::Certificate& pin = certificate_to_pin(context.keyring, *endpoint);
    DevicePage::ScepUrl scep{.endpoint = endpoint->name,
                             .urls = {options.base_url + "/scep/" + endpoint->name},
                             .asks_for = asks_for(*endpoint),
                             .fingerprint = to_hex(pin.fingerprint())};
    if (options.aliases.pkiclient == endpoint->name) scep.urls.push_back(options.base_url + "/cgi-bin/pkiclient.exe");
    if (options.aliases.mscep == endpoint->name) scep.urls.push_back(options.base_url + "/certsrv/mscep/mscep.dll");
    urls.push_back(std::move(scep));
  }
  return urls;
}

Content page(hub::Context& context, const DeviceSiteOptions& options) {
  const pki::Certificate& root = context.keyring.root();
  DevicePage page{.name = name_of(root), .base_url = options.base_url, .scep_urls = scep_urls(context, options)};
  page.authorities.push_back({.title = "Root", .note = "", .certificate = root, .path = "/ca/root"});
  for (const GenerationView& view : generations_of(context.keyring))
    page.authorities.push_back({.title = fmt::format("Issuing CA, generation {}", view.generation.number()),
                                .note = std::string(note_of(view.state)),
                                .certificate = view.generation.keys().issuing,
                                .path = fmt::format("/ca/issuing-{}", view.generation.number())});
  // Without the ledger the page still shows what is in memory.
  if (const auto crls = latest_crls(context))
    for (const auto& [generation, crl] : *crls)
      page.crls.push_back(
          {.title = generation == ca::root_crl ? "CRL of the root" : fmt::format("CRL of generation {}", generation),
           .path = "/crl/" + crl_file_name(generation),
           .number = crl.number,
           .this_update = crl.this_update,
           .next_update = crl.next_update});
  return {.content_type = "text/html; charset=utf-8",
          .body = to_bytes(as_bytes(render(page))),
          .cache_control = "no-cache"};
}

http::Response respond(Content content, const http::Request& request) {
  const std::string tag = fmt::format("\"{}\"", to_hex(pki::hash(pki::Digest::sha256, content.body)).substr(0, 32));
  http::Response response{.content_type = content.content_type};
  response.headers = {{"ETag", tag}, {"Cache-Control", content.cache_control}, {"X-Content-Type-Options", "nosniff"}};
  if (content.file_name.empty()) {
    response.headers.push_back({"Content-Security-Policy", device_page_security_policy()});
    response.headers.push_back({"Referrer-Policy", "no-referrer"});
  } else {
    response.headers.push_back({"Content-Disposition", fmt::format("inline; filename=\"{}\"", content.file_name)});
  }
  // A list of tags, or '*'. Tags have no quotes inside, so finding one whole is finding it in the list.
  const std::string_view known = request.header("If-None-Match");
  if (known == "*" || known.find(tag) != std::string_view::npos) {
    response.status = 304;
    response.content_type.clear();
    return response;
  }
  response.body = std::move(content.body);
  return response;
}

Result<std::optional<Content>> find(hub::Context& context, const DeviceSiteOptions& options, std::string_view path) {
  if (path == "/" || path.empty()) return page(context, options);
  if (path.starts_with("/ca/")) return authority_file(context.keyring, path.substr(4));
  if (path.starts_with("/crl/")) return crl_file(context, path.substr(5));
  return std::nullopt;
}

}  // namespace

http::Response DeviceSite::handle(const http::Request& request) {
  if (auto response = scep_.handle(request)) return *std::move(response);
  if (auto response = answer_probe(context_, request)) return *std::move(response);
  auto content = find(context_, options_, request.path());
  if (!content) return device_error(content.error());
  if (!*content) return http::text_response(404, not_found_text);
  if (!is_reading(request)) return method_not_allowed("GET, HEAD");
  return respond(**std::move(content), request);
}

}  // namespace chancery::api
