// What we make, as the `openssl` command line reads it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "pki/bundle.h"
#include "pki/crl.h"
#include "pki/pem.h"
#include "pki/request.h"
#include "pki/x509_testing.h"
#include "testing/temporary_directory.h"

namespace chancery::pki {
namespace {

using testing::hex;
using testing::test_key;
using testing::time_of;

struct CommandResult {
  int status = -1;
  std::string output;  // both streams
};

// The command's files are in a directory of the test's own.
class OpensslCommandTest : public ::testing::Test {
 protected:
  void write(const std::string& name, std::string_view content) const { (void)directory_.write(name, content); }

  // Runs a command whose words have no spaces in them, in the test's directory.
  [[nodiscard]] CommandResult run(std::string command) const {
    std::vector<char*> words = {command.data()};
    for (char& c : command) {
      if (c != ' ') continue;
      c = '\0';
      words.push_back(&c + 1);
    }
    words.push_back(nullptr);
    const std::string output = directory_.file("output");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, directory_.path().c_str());
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = 0;
    CommandResult result;
    const int error = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(error, 0) << words[0] << " cannot be started";
    if (error != 0) return result;
    waitpid(child, &result.status, 0);
    std::ifstream file(output, std::ios::binary);
    result.output = {std::istreambuf_iterator<char>(file), {}};
    return result;
  }

  // Runs the command, which must succeed and say all of `words`.
  void expect(const std::string& command, std::initializer_list<const char*> words) const {
    SCOPED_TRACE(command);
    const CommandResult result = run(command);
    EXPECT_EQ(result.status, 0) << result.output;
    for (const char* word : words) EXPECT_TRUE(result.output.contains(word)) << word << "\nnot in\n" << result.output;
  }

 private:
  chancery::testing::TemporaryDirectory directory_;
};

// A root of this name, which signs with `key`.
Certificate make_root(const PrivateKey& key) {
  const Bytes name = Name::from_text("CN=Root,O=Example\\, Inc.,C=DE")->to_der();
  const CertificateContent content = {
      .serial = {hex("00ff01")},
      .issuer_der = name,
      .subject_der = name,
      .validity = {.not_before = time_of("2020-01-01T00:00:00Z"), .not_after = time_of("2060-01-01T00:00:00Z")},
      .spki = to_bytes(key.public_key().spki()),
      .extensions = {make_basic_constraints({.ca = true, .path_length = 0}),
                     make_key_usage({.key_cert_sign = true, .crl_sign = true}),
                     make_subject_key_identifier(key.public_key().key_identifier())}};
  const SignatureAlgorithm algorithm = key.default_algorithm();
  return *Certificate::from_der(*sign_tbs(encode_tbs(content, algorithm), algorithm, key));
}

CertificateContent leaf_content(const Certificate& root, const PrivateKey& root_key, const PrivateKey& key) {
  std::vector<GeneralName> names;
  for (const char* name : {"dns:printer-7.example", "ip:192.0.2.7", "ip:2001:db8::7", "email:a@b.example",
                           "uri:https://printer-7.example/", "rid:1.2.3.4", "dirname:CN=x,O=y", "upn:u@corp.example"})
    names.push_back(*general_name_from_text(name));
  return {.serial = {hex("0f00112233445566778899aabbccddee")},
          .issuer_der = to_bytes(root.subject_der()),
          .subject_der = Name::from_text("CN=printer-7+serialNumber=42,OU=a\\+b,O=Gerät,C=DE")->to_der(),
          .validity = {.not_before = time_of("2020-01-01T00:00:00Z"), .not_after = time_of("2059-06-01T00:00:00Z")},
          .spki = to_bytes(key.public_key().spki()),
          .extensions = {make_basic_constraints({}), make_key_usage({.digital_signature = true}),
                         make_extended_key_usage({oids::server_auth, oids::client_auth}),
                         make_subject_alternative_name(names, false),
                         make_subject_key_identifier(key.public_key().key_identifier()),
                         make_authority_key_identifier(root_key.public_key().key_identifier()),
                         make_crl_distribution_points({"http://ca.example/root.crl"}),
                         make_authority_information_access(
                             {.ocsp = {"http://ocsp.example/"}, .ca_issuers = {"http://ca.example/root.cer"}})}};
}

TEST_F(OpensslCommandTest, ReadsAndVerifiesOurCertificates) {
  for (const char* name : {"ec", "rsa", "ed"}) {
    SCOPED_TRACE(name);
    const PrivateKey root_key = test_key(name), key = test_key("ec");
    const Certificate root = make_root(root_key);
    const CertificateContent content = leaf_content(root, root_key, key);
    const SignatureAlgorithm algorithm = root_key.default_algorithm();
    const auto leaf = Certificate::from_der(*sign_tbs(encode_tbs(content, algorithm), algorithm, root_key));
    ASSERT_TRUE(leaf) << leaf.error().text();
    write("root.pem", root.to_pem());
    write("leaf.pem", leaf->to_pem());
    expect("openssl verify -x509_strict -check_ss_sig -CAfile root.pem leaf.pem", {"leaf.pem: OK"});
    expect(
        "openssl verify -x509_strict -verify_hostname printer-7.example -purpose sslserver -CAfile root.pem leaf.pem",
        {"leaf.pem: OK"});
    expect(
        "openssl x509 -in leaf.pem -noout -text",
        {"Version: 3 (0x2)", "0f:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee", "Not After : Jun  1 00:00:00 2059 GMT",
         "DNS:printer-7.example, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7, email:a@b.example, "
         "URI:https://printer-7.example/, Registered ID:1.2.3.4, DirName:",
         "othername: UPN::u@corp.example", "CA:FALSE", "Digital Signature",
         "TLS Web Server Authentication, TLS Web Client Authentication", "URI:http://ca.example/root.crl",
         "OCSP - URI:http://ocsp.example/", "CA Issuers - URI:http://ca.example/root.cer"});
    expect("openssl x509 -in leaf.pem -noout -subject -nameopt RFC2253,-esc_msb,utf8",
           {"CN=printer-7+serialNumber=42,OU=a\\+b,O=Gerät,C=DE"});
    // What we take in as text is what that command prints.
    EXPECT_TRUE(Name::from_text("CN=printer-7+serialNumber=42,OU=a\\+b,O=Gerät,C=DE")->matches(leaf->subject()));
    const CommandResult same = run("openssl x509 -in leaf.pem -outform DER");
    EXPECT_EQ(to_hex(as_bytes(same.output)), to_hex(leaf->der()));
  }
}

TEST_F(OpensslCommandTest, VerifiesTheTransportCertificate) {
  const auto certificate = make_transport_certificate(
      test_key("rsa"), *Name::from_text("CN=device"),
      {.not_before = time_of("2020-01-01T00:00:00Z"), .not_after = time_of("2060-01-01T00:00:00Z")}, {hex("01")});
  ASSERT_TRUE(certificate);
  write("own.pem", certificate->to_pem());
  expect("openssl verify -x509_strict -check_ss_sig -CAfile own.pem own.pem", {"own.pem: OK"});
  expect("openssl x509 -in own.pem -noout -ext keyUsage", {"critical", "Digital Signature, Key Encipherment"});
}

TEST_F(OpensslCommandTest, VerifiesOurRequests) {
  for (const char* name : {"ec", "rsa", "ed"}) {
    const PrivateKey key = test_key(name);
    const auto request = make_request(
        {.subject = *Name::from_text("CN=device,O=Example"),
         .extensions = {make_subject_alternative_name({*general_name_from_text("dns:device.example")}, true)},
         .challenge_password = as_bytes("secret-7")},
        key, key.default_algorithm());
    ASSERT_TRUE(request) << request.error().text();
    write("request.pem", write_pem("CERTIFICATE REQUEST", *request));
    expect("openssl req -in request.pem -verify -noout -text",
           {"verify OK", "O = Example, CN = device", "challengePassword", "secret-7", "Requested Extensions",
            "X509v3 Subject Alternative Name: critical", "DNS:device.example"});
  }
}

TEST_F(OpensslCommandTest, RefusesByOurCrls) {
  const PrivateKey root_key = test_key("ec"), key = test_key("ed");
  const Certificate root = make_root(root_key);
  const SignatureAlgorithm algorithm = root_key.default_algorithm();
  const CertificateContent content = leaf_content(root, root_key, key);
  const auto leaf = Certificate::from_der(*sign_tbs(encode_tbs(content, algorithm), algorithm, root_key));
  CrlContent list = {.issuer_der = to_bytes(root.subject_der()),
                     .this_update = time_of("2020-01-01T00:00:00Z"),
                     .next_update = time_of("2059-01-01T00:00:00Z"),
                     .number = 258,
                     .authority_key_identifier = root_key.public_key().key_identifier(),
                     .entries = {{.serial = {hex("05")},
                                  .revoked_at = time_of("2020-01-01T00:00:00Z"),
                                  .reason = RevocationReason::superseded}}};
  write("root.pem", root.to_pem());
  write("leaf.pem", leaf->to_pem());
  write("one.pem", write_pem("X509 CRL", *make_crl(list, root_key, algorithm)));
  list.entries.push_back({.serial = leaf->serial(),
                          .revoked_at = time_of("2020-01-02T00:00:00Z"),
                          .reason = RevocationReason::key_compromise});
  write("two.pem", write_pem("X509 CRL", *make_crl(list, root_key, algorithm)));

  expect("openssl crl -in two.pem -noout -text -CAfile root.pem",
         {"verify OK", "Version 2 (0x1)", "X509v3 CRL Number", "258", "Superseded", "Key Compromise",
          "X509v3 Authority Key Identifier"});
  expect("openssl verify -x509_strict -crl_check -CAfile root.pem -CRLfile one.pem leaf.pem", {"leaf.pem: OK"});
  const CommandResult refused =
      run("openssl verify -x509_strict -crl_check -CAfile root.pem -CRLfile two.pem leaf.pem");
  EXPECT_NE(refused.status, 0);
  EXPECT_TRUE(refused.output.contains("certificate revoked")) << refused.output;
  list.entries.clear();
  write("none.pem", write_pem("X509 CRL", *make_crl(list, root_key, algorithm)));
  expect("openssl crl -in none.pem -noout -text -CAfile root.pem", {"verify OK", "No Revoked Certificates."});
}

TEST_F(OpensslCommandTest, ReadsOurBundlesAndWeReadThatCommands) {
  const PrivateKey key = test_key("ec");
  const Certificate root = make_root(key);
  const SignatureAlgorithm algorithm = key.default_algorithm();
  const auto leaf =
      Certificate::from_der(*sign_tbs(encode_tbs(leaf_content(root, key, key), algorithm), algorithm, key));
  const Bytes bundle = write_bundle({.certificates = {to_bytes(leaf->der()), to_bytes(root.der())}});
  write("bundle.p7b", as_text(bundle));
  write("both.pem", leaf->to_pem() + root.to_pem());
  const CommandResult printed = run("openssl pkcs7 -inform DER -in bundle.p7b -print_certs");
  const auto certificates = read_certificates(as_bytes(printed.output));
  ASSERT_TRUE(certificates) << printed.output;
  ASSERT_EQ(certificates->size(), 2);
  EXPECT_TRUE(equal(certificates->at(0).der(), leaf->der()));
  // That command writes the certificates as a SET, sorted or not; we take them as they stand.
  const CommandResult theirs = run("openssl crl2pkcs7 -nocrl -certfile both.pem -outform DER");
  const auto read = read_certificates(as_bytes(theirs.output));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->size(), 2);
}

}  // namespace
}  // namespace chancery::pki
