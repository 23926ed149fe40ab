#include "device/service_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "device/slot_options.h"
#include "testing/temporary_directory.h"

namespace chancery::device {
namespace {

SlotDefaults defaults() {
  return {.node = "printer-7", .source = {.url = "http://ca.example/scep/devices", .fingerprint = Bytes(32, 0xab)}};
}

Result<SlotFile> parse(std::string_view toml, std::string_view slot = "web") {
  return parse_slot_file(slot, toml, "web.toml", defaults());
}

TEST(SlotFile, SaysWhatTheFileSaysAndElseWhatTheDefaultsSay) {
  const SlotFile empty = parse("").value();
  EXPECT_EQ(empty.setup.subject.to_text(), "CN=printer-7");
  EXPECT_EQ(empty.setup.source.url, "http://ca.example/scep/devices");
  EXPECT_EQ(empty.setup.key, (pki::KeySpec{pki::KeyFamily::rsa, 2048}));
  EXPECT_TRUE(service_paths(empty.service).empty());
  EXPECT_EQ(empty.service.health_check, HealthCheck(NoHealthCheck{}));

  const SlotFile full = parse(R"(
subject = "CN=site,O=Example"
names = ["dns:site.example", "ip:192.0.2.7"]
key = "ec:p256"
reuse_key = true
url = "https://other.example/scep/x"
challenge_file = "/etc/chancery-agent/challenge"
algorithms = "weak"
accept_changed_names = true
renew_earliest = 50
renew_latest = 50
poll_interval = "1h"
certificate_path = "/etc/x/cert.pem"
key_path = "/etc/x/key.pem"
chain_path = "/etc/x/chain.pem"
combined_path = "/etc/x/all.pem"
owner = "root"
group = "adm"
key_mode = "0640"
reload = ["/bin/x", "--now"]
restart = ["/bin/y"]
command_timeout = "5s"
health_check = "command: /bin/z"
health_output = "fine"
health_timeout = "1m"
)")
                            .value();
  EXPECT_EQ(full.setup.name, "web");
  EXPECT_EQ(full.setup.subject.to_text(), "CN=site,O=Example");
  ASSERT_EQ(full.setup.names.size(), 2U);
  EXPECT_EQ(pki::to_string(full.setup.names[1]), "ip:192.0.2.7");
  EXPECT_TRUE(full.setup.reuse_key);
  EXPECT_EQ(full.setup.source.url, "https://other.example/scep/x");
  EXPECT_EQ(full.setup.source.fingerprint, Bytes(32, 0xab));
  EXPECT_EQ(full.challenge_file, "/etc/chancery-agent/challenge");
  EXPECT_EQ(full.setup.policy.renewal.latest, 50);
  EXPECT_EQ(full.setup.policy.poll_interval, Seconds(3600));
  EXPECT_EQ(full.setup.floor.digest, pki::Digest::sha1);
  EXPECT_TRUE(full.setup.accept_changed_names);
  EXPECT_EQ(full.service.paths.chain, "/etc/x/chain.pem");
  EXPECT_EQ(full.service.key_mode, 0640U);
  EXPECT_EQ(full.service.reload, (std::vector<std::string>{"/bin/x", "--now"}));
  EXPECT_EQ(full.service.command_timeout, Seconds(5));
  EXPECT_EQ(full.service.health_check, HealthCheck(HealthCommand{{"/bin/z"}}));
  EXPECT_EQ(full.service.health_output, "fine");
  EXPECT_EQ(full.service.health_timeout, Seconds(60));
}

TEST(SlotFile, GoesBeforeItsPreset) {
  const SlotFile plain = parse("preset = 'nginx'\nnames = ['dns:*.example', 'dns:site.example']").value();
  EXPECT_EQ(plain.service.name, "nginx");
  EXPECT_EQ(plain.service.paths.key, "/etc/nginx/chancery/web.key");
  EXPECT_EQ(plain.service.paths.full_chain, "/etc/nginx/chancery/web.pem");
  EXPECT_EQ(plain.service.health_check, HealthCheck(TlsTarget{"127.0.0.1", 443, "site.example"}));
  const SlotFile changed =
      parse("preset = 'nginx'\nkey_path = '/k.pem'\nreload = []\nhealth_check = 'none'\nfull_chain_path = ''").value();
  EXPECT_EQ(changed.service.paths.key, "/k.pem");
  EXPECT_EQ(changed.service.paths.full_chain, "");
  EXPECT_TRUE(changed.service.reload.empty());
  EXPECT_EQ(changed.service.health_check, HealthCheck(NoHealthCheck{}));
  EXPECT_FALSE(changed.service.restart.empty()) << "the file says nothing of it";
  EXPECT_EQ(parse("preset = 'cups'").value().service.paths.key, "/etc/cups/ssl/printer-7.key");
}

TEST(SlotFile, OfEveryPresetIsGood) {
  for (const PresetFacts& facts : presets()) {
    const auto file = parse("preset = '" + std::string(facts.name) + "'", "a-slot");
    ASSERT_TRUE(file) << facts.name << ": " << file.error().text();
    for (const ServicePath& one : service_paths(file->service)) EXPECT_FALSE(one.path.contains('{')) << one.path;
    EXPECT_FALSE(file->service.health_output.contains('{')) << file->service.health_output;
    if (facts.preset == Preset::none) continue;
    EXPECT_FALSE(file->service.paths.key.empty()) << facts.name;
    EXPECT_FALSE(file->service.restart.empty()) << facts.name;
  }
}

TEST(SlotFile, ThatIsWrongNamesTheLineAndTheKey) {
  const struct {
    const char* name;
    const char* toml;
    const char* expect;
  } rows[] = {
      {"unknown key", "\nkey_pth = '/x'", "web.toml:2: unknown key 'key_pth': did you mean 'key_path'?"},
      {"relative path", "key_path = 'x'",
       "web.toml:1: key_path: expected the path of a file from / on, without '..', found 'x'"},
      {"way up", "key_path = '/a/../b'",
       "web.toml:1: key_path: expected the path of a file from / on, without '..', found '/a/../b'"},
      {"a token without a module", "key_store = 'pkcs11'\ntoken = 'office'",
       "web.toml: pkcs11_module: key_store = \"pkcs11\" needs it"},
      {"no token", "key_store = 'pkcs11'\npkcs11_module = '/x.so'", "web.toml: token: key_store = \"pkcs11\" needs it"},
      {"a token without key_store", "token = 'office'",
       "web.toml: pkcs11_module, token and pin_file belong to key_store = \"pkcs11\""},
      {"a URI of a file", "key_reference = '/k.uri'",
       "web.toml: key_reference: only a key in a PKCS#11 token has a URI"},
      {"a key file from a token",
       "key_store = 'pkcs11'\npkcs11_module = '/x.so'\ntoken = 'office'\nkey_path = '/k.pem'",
       "web.toml: key_path: the key stays in the token 'office', and no file can hold it: set key_path = \"\", and "
       "key_reference where the service takes a PKCS#11 URI"},
      {"a kind of key that tokens do not make",
       "key_store = 'pkcs11'\npkcs11_module = '/x.so'\ntoken = 'office'\nkey = 'ed25519'",
       "web.toml: key: PKCS#11 tokens make RSA keys, and EC keys on P-256, P-384 and P-521, not ed25519"},
      {"a kind of key that TPMs do not make", "key_store = 'tpm'\nkey = 'rsa:3072'",
       "web.toml: key: a TPM makes rsa:2048, ec:p256 and ec:p384, not rsa:3072"},
      {"a long label", "token = '123456789012345678901234567890123'",
       "web.toml:1: token: expected a token's label of at most 32 characters"},
      {"world-readable key", "key_mode = '0644'",
       "web.toml:1: key_mode: expected 0600, 0640, 0400 or 0440, found '0644'"},
      {"group-writable key", "key_mode = '660'",
       "web.toml:1: key_mode: expected 0600, 0640, 0400 or 0440, found '660'"},
      {"no mode", "key_mode = 'rw'", "web.toml:1: key_mode: expected 0600, 0640, 0400 or 0440, found 'rw'"},
      {"unknown preset", "preset = 'apache'",
       "web.toml:1: preset: expected one of 'none', 'nginx', 'cups', 'strongswan', 'wpa_supplicant', 'rsyslog', "
       "'kamailio', found 'apache'"},
      {"health check", "health_check = 'yes'",
       "web.toml:1: health_check: expected 'none', 'tls:HOST:PORT' or 'command: PROGRAM ARGUMENT…', found 'yes'"},
      {"health output", "health_output = 'x'",
       "web.toml: health_output: the health check is no command that could print it"},
      {"shell line", "reload = ['nginx', '-s', 'reload']",
       "web.toml: reload: expected the path of a program from / on, found 'nginx'"},
      {"text for a list", "reload = '/usr/sbin/nginx -s reload'",
       "web.toml:1: reload: expected a list of texts, found the text '/usr/sbin/nginx -s reload'"},
      {"renewal window", "renew_earliest = 70\nrenew_latest = 60",
       "web.toml: renew_earliest: 70 is after renew_latest, which is 60"},
      {"one path twice", "key_path = '/x'\ncertificate_path = '/x'", "web.toml: /x is to be two files at once"},
  };
  for (const auto& row : rows) {
    const auto file = parse(row.toml);
    ASSERT_FALSE(file) << row.name;
    EXPECT_EQ(file.error().text(), row.expect) << row.name;
  }
  EXPECT_FALSE(parse("names = ['x']"));
  EXPECT_FALSE(parse("key = 'rsa:1'"));
  EXPECT_FALSE(parse("fingerprint = 'AB'"));
}

TEST(SlotFile, WithoutASourceAnywhereIsFilledByOthers) {
  const SlotDefaults none{.node = "a", .source = {}};
  EXPECT_FALSE(parse_slot_file("web", "", "web.toml", none)->setup.policy.has_source);
  const auto file = parse_slot_file("web", "url = 'ca.example'", "web.toml", none);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().text(), "web.toml: fingerprint: neither this file nor agent.toml says which CA is trusted");
  EXPECT_TRUE(parse("").value().setup.policy.has_source);
}

TEST(SlotFile, HasAFileOfDefaultsThatIsGood) {
  const std::string text = slot_options().default_file();
  EXPECT_TRUE(parse(text)) << text;
}

TEST(SlotFolder, IsEveryTomlFileByName) {
  const testing::TemporaryDirectory directory;
  EXPECT_TRUE(read_slot_folder(directory.file("absent"), defaults()).value().empty());
  (void)directory.write("web.toml", "preset = 'nginx'");
  (void)directory.write("ipsec.toml", "preset = 'strongswan'");
  (void)directory.write("web.toml.bak", "nonsense");
  (void)directory.write(".hidden.toml", "nonsense");
  const auto slots = read_slot_folder(directory.path(), defaults()).value();
  ASSERT_EQ(slots.size(), 2U);
  EXPECT_EQ(slots[0].setup.name, "ipsec");
  EXPECT_EQ(slots[1].service.slot, "web");
}

TEST(SlotFolder, TellsAllThatIsWrong) {
  const testing::TemporaryDirectory directory;
  (void)directory.write("a.toml", "key_path = '/k'");
  (void)directory.write("b.toml", "key_path = '/k'");
  (void)directory.write("c.toml", "what = 1");
  (void)directory.write("No Name.toml", "");
  const auto slots = read_slot_folder(directory.path(), defaults());
  ASSERT_FALSE(slots);
  const std::string in = directory.path() + "/";
  EXPECT_EQ(slots.error().text(),
            in +
                "No Name.toml: the file's name is the slot's: at most 40 lower-case letters, digits, '-' and '_', and "
                "then .toml\n" +
                in + "b.toml: the slot 'a' uses /k, too\n" + in + "c.toml:1: unknown key 'what'");
}

}  // namespace
}  // namespace chancery::device
