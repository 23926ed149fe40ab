#include "pki/pem.h"

#include <fmt/format.h>

#include <optional>

#include "base/ascii.h"

namespace chancery::pki {
namespace {

constexpr std::size_t max_text = 16 << 20;
constexpr std::size_t max_blocks = 1000;
constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";

std::string_view trim(std::string_view text) { return ascii::trimmed(text, " \t\r\v\f"); }

// The label of a line such as "-----BEGIN CERTIFICATE-----".
std::optional<std::string_view> label_in(std::string_view line, std::string_view mark) {
  if (!line.starts_with(mark) || !line.ends_with(dashes) || line.size() < mark.size() + dashes.size())
    return std::nullopt;
  return line.substr(mark.size(), line.size() - mark.size() - dashes.size());
}

struct OpenBlock {
  std::string_view label;
  std::size_t line = 0;  // where it opens
  std::string base64;
  bool has_headers = false;  // RFC 1421 headers, as encrypted keys of old have them
};

}  // namespace

Result<std::vector<PemBlock>> read_pem(std::string_view text) {
  if (text.size() > max_text) return invalid("a PEM text of more than 16 MiB");
  std::vector<PemBlock> blocks;
  std::optional<OpenBlock> open;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (const auto label = label_in(line, begin_mark)) {
      if (open) return invalid(fmt::format("line {}: a block opens inside the one of line {}", number, open->line));
      open = OpenBlock{.label = *label, .line = number};
    } else if (!open) {
      continue;
    } else if (const auto closing = label_in(line, end_mark)) {
      if (*closing != open->label)
        return invalid(fmt::format("line {}: the block of line {} closes with another label", number, open->line));
      if (!open->has_headers) {
        if (blocks.size() == max_blocks) return invalid("a PEM text of more than 1000 blocks");
        auto content = from_base64(open->base64);
        if (!content) return invalid(fmt::format("line {}: the block's content is not base64", open->line));
        blocks.push_back({std::string(open->label), *std::move(content)});
      }
      open.reset();
    } else if (line.contains(':')) {
      open->has_headers = true;
    } else {
      open->base64.append(line);
    }
  }
  if (open) return invalid(fmt::format("line {}: the block does not close", open->line));
  return blocks;
}

std::string write_pem(std::string_view label, ByteView der) {
  const std::string base64 = to_base64(der);
  std::string out = fmt::format("{}{}{}\n", begin_mark, label, dashes);
  for (std::size_t i = 0; i < base64.size(); i += 64) {
    out.append(base64, i, 64);
    out.push_back('\n');
  }
  out += fmt::format("{}{}{}\n", end_mark, label, dashes);
  return out;
}

bool looks_like_pem(ByteView bytes) { return as_text(bytes).contains(begin_mark); }

}  // namespace chancery::pki
