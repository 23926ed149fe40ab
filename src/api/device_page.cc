#include "api/device_page.h"

#include <fmt/format.h>

#include "api/html_text.h"
#include "pki/algorithms.h"

namespace chancery::api {
namespace {

// Readable from 320 CSS pixels on, and in the reader's choice of light or dark. Long values break anywhere.
constexpr std::string_view style =
    ":root{color-scheme:light "
    "dark;--text:#1b1f24;--dim:#57606a;--back:#fff;--box:#f4f6f8;--line:#d0d7de;--link:#0550ae}"
    "@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9aa4af;--back:#0d1117;--box:#161b22;--line:#30363d;"
    "--link:#79b8ff}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:52rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--text);"
    "background:var(--back)}"
    "h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0;overflow-wrap:anywhere}"
    "h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0 0 .5rem}"
    "section>div{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}"
    "dl{display:grid;grid-template-columns:8rem 1fr;gap:.25rem 1rem;margin:0 0 .5rem}"
    "dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}"
    "code,pre{font:.875rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;background:var(--box);border-radius:.375rem;padding:.5rem .75rem;margin:.5rem 0}"
    "a{color:var(--link)}.downloads a{display:inline-block;padding:.25rem .75rem .25rem 0;min-height:1.5rem}"
    ".dim{color:var(--dim)}p{margin:.5rem 0}"
    "@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}";

std::string key_type(const pki::Certificate& certificate) {
  const auto key = certificate.public_key();
  return key ? pki::to_string(key->spec()) : "of a kind unknown here";
}

// "2026-11-21 17:20 UTC"
std::string minutes(Timestamp time) {
  std::string text = to_rfc3339(time);
  text[10] = ' ';
  return text.substr(0, 16) + " UTC";
}

void row(std::string& out, std::string_view term, std::string_view html) {
  fmt::format_to(std::back_inserter(out), "<dt>{}</dt><dd>{}</dd>\n", term, html);
}

std::string code(std::string_view text) { return "<code>" + escape_html(text) + "</code>"; }

// A line of it ends behind a colon: people compare fingerprints pair by pair.
std::string fingerprint(ByteView digest) {
  std::string html = "<code>";
  for (const char c : to_colon_hex(digest)) html += c == ':' ? std::string(":<wbr>") : std::string(1, c);
  return html + "</code>";
}

void append_authority(std::string& out, const DevicePage::Authority& authority) {
  const pki::Certificate& certificate = authority.certificate;
  const std::string path = escape_html(authority.path);
  fmt::format_to(
      std::back_inserter(out), "<div>\n<h3>{}{}</h3>\n<dl>\n", escape_html(authority.title),
      authority.note.empty() ? "" : fmt::format(" <span class=\"dim\">({})</span>", escape_html(authority.note)));
  row(out, "Subject", escape_html(certificate.subject().to_text()));
  row(out, "Valid", minutes(certificate.validity().not_before) + " to " + minutes(certificate.validity().not_after));
  row(out, "Key", escape_html(key_type(certificate)));
  row(out, "SHA-256", fingerprint(certificate.fingerprint()));
  row(out, "SHA-1",
      fingerprint(pki::hash(pki::Digest::sha1, certificate.der())) +
          " <span class=\"dim\">only for old devices that show nothing else</span>");
  fmt::format_to(std::back_inserter(out),
                 "</dl>\n<div class=\"downloads\"><a href=\"{0}.crt\">Install (.crt, DER)</a> "
                 "<a href=\"{0}.pem\">Download .pem</a></div>\n</div>\n",
                 path);
}

void append_check(std::string& out, const DevicePage& page) {
  if (page.authorities.empty()) return;
  const std::string& path = page.authorities.front().path;
  fmt::format_to(
      std::back_inserter(out),
      "<p>This page came over a network that may lie. Compare the SHA-256 fingerprint of the root with one that you "
      "got from your administrator in another way, before you trust it:</p>\n<pre>{}</pre>\n",
      escape_html(fmt::format("curl -s {}{}.crt | openssl x509 -inform DER -noout -subject -fingerprint -sha256",
                              page.base_url, path)));
}

void append_scep(std::string& out, const DevicePage::ScepUrl& scep) {
  fmt::format_to(std::back_inserter(out), "<div>\n<h3>{}</h3>\n<dl>\n", escape_html(scep.endpoint));
  for (const std::string& url : scep.urls) row(out, &url == &scep.urls.front() ? "SCEP URL" : "Also", code(url));
  row(out, "Asks for", escape_html(scep.asks_for));
  fmt::format_to(
      std::back_inserter(out), "</dl>\n<pre>{}</pre>\n</div>\n",
      escape_html(fmt::format("chancery-agent enroll --url {} --fingerprint {} --subject CN=NAME{} --out FOLDER",
                              scep.urls.front(), scep.fingerprint,
                              scep.asks_for.find("challenge") == std::string::npos ? "" : " --challenge-file FILE")));
}

void append_crl(std::string& out, const DevicePage::Crl& crl) {
  fmt::format_to(std::back_inserter(out), "<div>\n<h3><a href=\"{}\">{}</a></h3>\n<dl>\n", escape_html(crl.path),
                 escape_html(crl.title));
  row(out, "Number", std::to_string(crl.number));
  row(out, "This update", minutes(crl.this_update));
  row(out, "Next update", minutes(crl.next_update));
  out += "</dl>\n</div>\n";
}

}  // namespace

const std::string& device_page_security_policy() {
  static const std::string policy = fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      to_base64(pki::hash(pki::Digest::sha256, as_bytes(style))));
  return policy;
}

std::string render(const DevicePage& page) {
  const std::string name = escape_html(page.name);
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{0}</title>\n"
      "<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n"
      "<p class=\"dim\">A certificate authority for devices.</p>\n<section>\n<h2>Certificates of the authority</h2>\n",
      name, style);
  for (const DevicePage::Authority& authority : page.authorities) append_authority(out, authority);
  out +=
      "<div class=\"downloads\">All together: <a href=\"/ca/chain.p7b\">chain.p7b</a> "
      "<a href=\"/ca/chain.pem\">chain.pem</a></div>\n";
  append_check(out, page);
  out += "</section>\n<section>\n<h2>Enrolling with SCEP</h2>\n";
  if (page.scep_urls.empty()) out += "<p>No endpoint is open.</p>\n";
  for (const DevicePage::ScepUrl& scep : page.scep_urls) append_scep(out, scep);
  out += "</section>\n<section>\n<h2>Revoked certificates</h2>\n";
  if (page.crls.empty()) out += "<p>No list can be given right now.</p>\n";
  for (const DevicePage::Crl& crl : page.crls) append_crl(out, crl);
  out += "</section>\n</main>\n</body>\n</html>\n";
  return out;
}

}  // namespace chancery::api
