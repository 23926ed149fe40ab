#include "store/hub/authority_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "files/file.h"
#include "pki/bundle.h"

namespace chancery::store {
namespace {

Status write_certificate(const std::string& path, const pki::Certificate& certificate) {
  return files::create_file_atomically(path, as_bytes(certificate.to_pem()), 0644);
}

Result<pki::Certificate> read_certificate(const std::string& path) {
  TRY(const Bytes content, files::read_file(path));
  auto certificate = pki::Certificate::from_pem_or_der(content);
  if (!certificate) return std::unexpected(certificate.error().in("reading " + path));
  return certificate;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<int> number_in(std::string_view text) {
  const auto number = whole_number<int>(text);
  return number && *number >= 1 ? number : std::nullopt;
}

}  // namespace

bool AuthorityFiles::exist() const { return files::exists(path("root.pem")) || files::exists(path("current")); }

Status AuthorityFiles::create(const ca::Root& root, const ca::Generation& first) {
  if (exist()) return conflict(fmt::format("there is an authority in {} already", folder_));
  TRY_STATUS(files::make_folder(folder_, 0700));
  TRY_STATUS(save(first));
  if (root.key) TRY_STATUS(write_key(path("root.key.pem"), *root.key));
  TRY_STATUS(write_certificate(path("root.pem"), root.certificate));
  return make_current(first.number);
}

Result<std::vector<int>> AuthorityFiles::generation_numbers() const {
  TRY(const std::vector<std::string> names, files::list_folder(folder_));
  std::vector<int> numbers;
  for (const std::string& name : names) {
    constexpr std::string_view prefix = "generation-";
    const auto number =
        name.starts_with(prefix) ? number_in(std::string_view(name).substr(prefix.size())) : std::nullopt;
    // A folder without its last file is what a crash while saving left behind.
    if (number && files::exists(generation_folder(*number) + "/issuing.pem")) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

Result<AuthorityFiles::Contents> AuthorityFiles::contents() const {
  TRY(pki::Certificate root, root_certificate());
  TRY(const SecretBytes current_text, files::read_secret_file(path("current")));
  const auto current = number_in(as_text(current_text.view()));
  if (!current) return invalid(fmt::format("{} does not hold a generation's number", path("current")));
  TRY(std::vector<int> numbers, generation_numbers());
  if (std::ranges::count_if(numbers, [&](int number) { return number > *current; }) > 1)
    return invalid(fmt::format("{} is older than the generations beside it: there is more than one after generation {}",
                               path("current"), *current));
  if (std::ranges::find(numbers, *current) == numbers.end())
    return invalid(fmt::format("generation {} is current, but its files are not in {}", *current, folder_));
  return Contents{.root = std::move(root), .current = *current, .numbers = std::move(numbers)};
}

Status AuthorityFiles::check() const {
  TRY(const Contents found, contents());
  for (const int number : found.numbers) {
    TRY_IN(fmt::format("loading generation-{}", number), [[maybe_unused]] const Certificates certificates,
           certificates_of(number));
  }
  return {};
}

std::vector<std::string> AuthorityFiles::key_files() const {
  std::vector<std::string> paths = {path("root.key.pem")};
  if (const auto numbers = generation_numbers())
    for (const int number : *numbers)
      for (const char* name : {"/issuing.key.pem", "/ra.key.pem"}) paths.push_back(generation_folder(number) + name);
  std::erase_if(paths, [](const std::string& file) { return !files::exists(file); });
  return paths;
}

Result<LoadedAuthority> AuthorityFiles::load() {
  TRY(Contents found, contents());
  LoadedAuthority loaded{.root = std::move(found.root), .generations = {}};
  for (const int number : found.numbers) {
    TRY_IN(fmt::format("loading generation-{}", number), ca::Generation generation, load_generation(number));
    using State = ca::Generation::State;
    generation.state = number == found.current ? State::current : number < found.current ? State::old : State::next;
    loaded.generations.push_back(std::move(generation));
  }
  return loaded;
}

Result<AuthorityFiles::Certificates> AuthorityFiles::certificates_of(int number) const {
  const std::string folder = generation_folder(number) + "/";
  TRY(pki::Certificate issuing, read_certificate(folder + "issuing.pem"));
  TRY(pki::Certificate ra, read_certificate(folder + "ra.pem"));
  std::vector<pki::Certificate> between;
  if (const std::string path = folder + "intermediates.pem"; files::exists(path)) {
    TRY(const Bytes content, files::read_file(path));
    TRY_IN("reading " + path, between, pki::read_certificates(content));
  }
  return Certificates{.issuing = std::move(issuing), .ra = std::move(ra), .between = std::move(between)};
}

Result<ca::Generation> AuthorityFiles::load_generation(int number) const {
  const std::string folder = generation_folder(number) + "/";
  TRY(Certificates certificates, certificates_of(number));
  TRY(pki::PrivateKey issuing_key, read_key(folder + "issuing.key.pem"));
  TRY(pki::PrivateKey ra_key, read_key(folder + "ra.key.pem"));
  if (!equal(certificates.issuing.spki(), issuing_key.public_key().spki()))
    return invalid("issuing.key.pem is not the key of issuing.pem");
  if (!equal(certificates.ra.spki(), ra_key.public_key().spki())) return invalid("ra.key.pem is not the key of ra.pem");
  return ca::Generation{.number = number,
                        .issuing = std::move(certificates.issuing),
                        .issuing_key = std::move(issuing_key),
                        .ra = std::move(certificates.ra),
                        .ra_key = std::move(ra_key),
                        .between = std::move(certificates.between)};
}

Result<pki::Certificate> AuthorityFiles::root_certificate() const { return read_certificate(path("root.pem")); }

Result<std::map<int, std::uint64_t>> AuthorityFiles::crl_numbers() const {
  std::map<int, std::uint64_t> numbers;
  const std::string file = path("crl-numbers");
  if (!files::exists(file)) return numbers;
  TRY(const Bytes content, files::read_file(file));
  std::string_view rest = as_text(content);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (line.empty()) {
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t space = std::min(line.find(' '), line.size());
    const auto generation = whole_number<int>(line.substr(0, space));
    const auto number = whole_number<std::uint64_t>(line.substr(std::min(space + 1, line.size())));
    if (!generation || !number) return invalid(fmt::format("{}: '{}' is not a generation and a number", file, line));
    numbers[*generation] = *number;
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return numbers;
}

Result<std::uint64_t> AuthorityFiles::highest_crl_number(int generation) {
  TRY(auto numbers, crl_numbers());
  return numbers[generation];
}

Status AuthorityFiles::keep_crl_number(int generation, std::uint64_t number) {
  TRY(auto numbers, crl_numbers());
  std::uint64_t& highest = numbers[generation];
  if (number <= highest) return {};
  highest = number;
  std::string text;
  for (const auto& [each, last] : numbers) text += fmt::format("{} {}\n", each, last);
  return files::write_file_atomically(path("crl-numbers"), as_bytes(text), 0644);
}

Result<ca::Root> AuthorityFiles::root() {
  TRY(pki::Certificate certificate, read_certificate(path("root.pem")));
  if (!files::exists(path("root.key.pem")))
    return unavailable(fmt::format(
        "the root's key is not at {}: bring it back for this, it can be taken away afterwards", path("root.key.pem")));
  TRY(pki::PrivateKey key, read_key(path("root.key.pem")));
  return ca::Root{.certificate = std::move(certificate), .key = std::move(key)};
}

Status AuthorityFiles::save(const ca::Generation& generation) {
  const std::string folder = generation_folder(generation.number);
  if (files::exists(folder + "/issuing.pem")) return conflict(fmt::format("{} is there already", folder));
  TRY_STATUS(files::make_folder(folder, 0700));
  TRY_STATUS(write_key(folder + "/issuing.key.pem", generation.issuing_key));
  TRY_STATUS(write_key(folder + "/ra.key.pem", generation.ra_key));
  TRY_STATUS(files::write_file_atomically(folder + "/ra.pem", as_bytes(generation.ra.to_pem()), 0644));
  std::string between;
  for (const pki::Certificate& certificate : generation.between) between += certificate.to_pem();
  if (!between.empty())
    TRY_STATUS(files::write_file_atomically(folder + "/intermediates.pem", as_bytes(between), 0644));
  // The last file: with it the generation counts.
  return write_certificate(folder + "/issuing.pem", generation.issuing);
}

Status AuthorityFiles::make_current(int number) {
  return files::write_file_atomically(path("current"), as_bytes(std::to_string(number) + "\n"), 0644);
}

Status AuthorityFiles::write_key(const std::string& path, const pki::PrivateKey& key) const {
  TRY(const std::string pem, key.to_encrypted_pem(passphrase_.view()));
  return files::write_file_atomically(path, as_bytes(pem), 0600);
}

Result<pki::PrivateKey> AuthorityFiles::read_key(const std::string& path) const {
  TRY(const SecretBytes pem, files::read_secret_file(path));
  auto key = pki::PrivateKey::from_pem(as_text(pem.view()), passphrase_.view());
  if (!key) return std::unexpected(key.error().in("reading " + path));
  return key;
}

}  // namespace chancery::store
