#include "ca/subject_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "pki/oid.h"

namespace chancery::ca {
namespace {

struct Placeholder {
  std::string_view word;
  pki::Oid type;
};

constexpr std::array placeholders = {
    Placeholder{"CN", pki::oids::common_name},
    Placeholder{"O", pki::oids::organization},
    Placeholder{"OU", pki::oids::organizational_unit},
    Placeholder{"SERIALNUMBER", pki::oids::serial_number},
    Placeholder{"C", pki::oids::country},
    Placeholder{"L", pki::oids::locality},
    Placeholder{"ST", pki::oids::state},
    Placeholder{"EMAIL", pki::oids::email_address},
    Placeholder{"UID", pki::oids::user_id},
    Placeholder{"DC", pki::oids::domain_component},
};

// What a mark stands for: a placeholder, or else a literal brace.
struct Part {
  const Placeholder* placeholder = nullptr;
  char literal = 0;
};

// A template in two: a name whose values hold marks, and what the marks stand for. The text is read as a name before
// anything of a request comes in, and what comes in is put into values, never into text: so a comma or a plus sign in
// it cannot start another attribute.
struct Template {
  std::vector<pki::Name::RelativeName> names;
  std::vector<Part> parts;
};

// A mark is made of characters that every string type takes, which braces are not.
constexpr std::string_view mark_start = "(part ";
std::string mark_of(std::size_t index) { return fmt::format("{}{})", mark_start, index); }

Result<std::string> take_out_placeholders(std::string_view text, std::vector<Part>& parts) {
  std::string marked;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      marked.push_back(c);
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == c) {
      parts.push_back({.literal = c});
      ++i;
    } else {
      const std::size_t end = c == '{' ? text.find('}', i) : std::string_view::npos;
      if (end == std::string_view::npos) return invalid(fmt::format("a lone '{}': a literal brace is doubled", c));
      const std::string_view word = text.substr(i + 1, end - i - 1);
      const auto found = std::ranges::find(placeholders, word, &Placeholder::word);
      if (found == placeholders.end())
        return invalid(fmt::format(
            "unknown placeholder {{{}}}: expected CN, O, OU, SERIALNUMBER, C, L, ST, EMAIL, UID or DC in braces",
            word));
      parts.push_back({.placeholder = &*found});
      i = end;
    }
    marked.append(mark_of(parts.size() - 1));
  }
  return marked;
}

// Calls `literal(text)` and `part(index)` for what `value` is made of, in order.
template <class Literal, class Mark>
void walk(std::string_view value, std::size_t parts, Literal&& literal, Mark&& part) {
  while (!value.empty()) {
    const std::size_t start = value.find(mark_start);
    literal(value.substr(0, start));
    if (start == std::string_view::npos) return;
    value.remove_prefix(start);
    std::size_t index = 0;
    const char* const end = value.data() + value.size();
    const auto [rest, status] = std::from_chars(value.data() + mark_start.size(), end, index);
    if (status == std::errc() && rest != end && *rest == ')' && index < parts) {
      part(index);
      value.remove_prefix(static_cast<std::size_t>(rest + 1 - value.data()));
    } else {
      literal(value.substr(0, mark_start.size()));
      value.remove_prefix(mark_start.size());
    }
  }
}

Result<Template> read_template(std::string_view text) {
  Template result;
  TRY(const std::string marked, take_out_placeholders(text, result.parts));
  TRY(const pki::Name name, pki::Name::from_text(marked));
  if (name.empty()) return invalid("it is empty");
  result.names = name.relative_names();
  // A mark that the operator wrote, or one that ended up outside values, shows in the number of them.
  std::size_t found = 0;
  for (const auto& relative : result.names) {
    for (const pki::NameAttribute& attribute : relative) {
      if (attribute.value.empty()) return invalid(fmt::format("{} has no value", pki::keyword_of(attribute.type)));
      walk(attribute.value, result.parts.size(), [](std::string_view) {}, [&](std::size_t) { ++found; });
    }
  }
  if (found != result.parts.size())
    return invalid(fmt::format("placeholders stand in values only, and '{}' in none", mark_start));
  return result;
}

}  // namespace

Status check_subject_template(std::string_view text) {
  TRY([[maybe_unused]] const Template checked, read_template(text));
  return {};
}

Result<std::vector<pki::Name::RelativeName>> fill_subject_template(std::string_view text, const pki::Name& requested) {
  TRY_IN("subject template", Template filled, read_template(text));
  for (auto& relative : filled.names) {
    for (pki::NameAttribute& attribute : relative) {
      std::string value;
      const Placeholder* missing = nullptr;
      walk(
          attribute.value, filled.parts.size(), [&](std::string_view literal) { value.append(literal); },
          [&](std::size_t index) {
            const Part& part = filled.parts[index];
            if (part.placeholder == nullptr) {
              value.push_back(part.literal);
              return;
            }
            const auto given = requested.value_of(part.placeholder->type);
            if (given && !given->empty())
              value.append(*given);
            else
              missing = part.placeholder;
          });
      if (missing != nullptr)
        return refused(fmt::format("the request's subject has no {}, which the subject template needs", missing->word));
      attribute.value = std::move(value);
    }
  }
  return std::move(filled.names);
}

}  // namespace chancery::ca
