#include "http/static_files.h"

#include <algorithm>

#include "base/ascii.h"

namespace chancery::http {
namespace {

// Calls `with` for each of the members of a list, until it says true.
template <class With>
bool any_member(std::string_view list, char separator, With with) {
  while (true) {
    const auto end = list.find(separator);
    if (with(ascii::trimmed(list.substr(0, end)))) return true;
    if (end == std::string_view::npos) return false;
    list.remove_prefix(end + 1);
  }
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// A tag of If-None-Match, compared weakly (RFC 9110 section 13.1.2).
bool matches(std::string_view if_none_match, std::string_view quoted_etag) {
  return any_member(if_none_match, ',', [&](std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag == "*" || tag == quoted_etag;
  });
}

constexpr std::string_view not_built_page =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>No web pages</title></head>\n"
    "<body><h1>No web pages</h1><p>This program was built without its web pages.</p></body></html>\n";

}  // namespace

std::string_view content_type_of(std::string_view path) {
  static constexpr struct {
    std::string_view ending;
    std::string_view type;
  } types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
  };
  for (const auto& [ending, type] : types)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

bool is_named_by_hash(std::string_view path) {
  constexpr std::size_t hash_length = 8;
  if (path.find("/assets/") == std::string_view::npos) return false;
  std::string_view stem = last_part(path);
  stem = stem.substr(0, stem.rfind('.'));
  if (stem.size() < hash_length + 2 || stem[stem.size() - hash_length - 1] != '-') return false;
  const std::string_view hash = stem.substr(stem.size() - hash_length);
  const auto is = [&](char from, char to) {
    return std::ranges::any_of(hash, [=](char c) { return c >= from && c <= to; });
  };
  const bool alphabet =
      std::ranges::all_of(hash, [](char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '_'; });
  // A word of eight letters is hardly a hash.
  return alphabet && (is('A', 'Z') || is('0', '9'));
}

bool accepts_gzip(std::string_view accept_encoding) {
  return any_member(accept_encoding, ',', [](std::string_view coding) {
    const auto parameters = coding.find(';');
    const std::string_view name = ascii::trimmed(coding.substr(0, parameters));
    if (!ascii::equal_ignoring_case(name, "gzip") && !ascii::equal_ignoring_case(name, "x-gzip") && name != "*")
      return false;
    if (parameters == std::string_view::npos) return true;
    // A weight of zero is a refusal.
    const std::string_view weight = ascii::trimmed(coding.substr(parameters + 1));
    return !(weight.starts_with("q=") || weight.starts_with("Q=")) ||
           weight.find_first_not_of("0.", 2) != std::string_view::npos;
  });
}

StaticFiles::StaticFiles(std::span<const StaticFile> files, StaticFilesOptions options)
    : files_(files), options_(std::move(options)) {}

// The tables are short, and a browser asks for few files.
const StaticFile* StaticFiles::find(std::string_view path) const {
  const auto found = std::ranges::find(files_, path, &StaticFile::path);
  return found == files_.end() ? nullptr : &*found;
}

const StaticFile* StaticFiles::file_for(const Request& request) const {
  std::string_view path = request.path();
  if (!path.starts_with(options_.prefix)) return nullptr;
  path.remove_prefix(options_.prefix.size());
  if (!path.empty() && path[0] != '/') return nullptr;
  if (const StaticFile* file = find(path)) return file;
  const bool is_page =
      last_part(path).find('.') == std::string_view::npos ||
      (request.header("Accept").find("text/html") != std::string_view::npos && !path.starts_with("/assets/"));
  return is_page ? find("/index.html") : nullptr;
}

void StaticFiles::add_security_headers(Response& response) const {
  response.headers.push_back({"Content-Security-Policy", options_.content_security_policy});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"X-Frame-Options", "DENY"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  response.headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
}

Response StaticFiles::answer(const Request& request) const {
  Response response;
  if (request.method != "GET" && request.method != "HEAD") {
    response = text_response(405, "These pages are only read.");
    response.headers.push_back({"Allow", "GET, HEAD"});
    return response;
  }
  if (files_.empty()) {
    response = {.status = 404, .content_type = "text/html; charset=utf-8", .body = to_bytes(as_bytes(not_built_page))};
    add_security_headers(response);
    return response;
  }
  const StaticFile* file = file_for(request);
  if (file == nullptr) {
    response = text_response(404, "There is no such page.");
    add_security_headers(response);
    return response;
  }
  const bool gzip = !file->gzip.empty() && accepts_gzip(request.header("Accept-Encoding"));
  // What differs in its bytes has another tag (RFC 9110 section 8.8.3.3).
  const std::string etag = "\"" + std::string(file->etag) + (gzip ? "-gzip\"" : "\"");
  response.headers.push_back({"ETag", etag});
  response.headers.push_back(
      {"Cache-Control", is_named_by_hash(file->path) ? "public, max-age=31536000, immutable" : "no-cache"});
  if (!file->gzip.empty()) response.headers.push_back({"Vary", "Accept-Encoding"});
  add_security_headers(response);
  if (matches(request.header("If-None-Match"), etag)) {
    response.status = 304;
    return response;
  }
  response.content_type = content_type_of(file->path);
  if (gzip) response.headers.push_back({"Content-Encoding", "gzip"});
  response.body = to_bytes(gzip ? file->gzip : file->content);
  return response;
}

}  // namespace chancery::http
