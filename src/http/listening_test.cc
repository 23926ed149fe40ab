// Where a server listens: several listeners, TLS, Unix sockets, and what can go wrong with each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "http/client.h"
#include "http/listen_probe.h"
#include "http/raw_peer_testing.h"
#include "http/self_signed_testing.h"
#include "http/server.h"
#include "testing/fakes.h"

namespace chancery::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ListeningTest : public ::testing::Test {
 protected:
  ListeningTest() {
    std::string name = ::testing::TempDir() + "chancery-http-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~ListeningTest() override { std::filesystem::remove_all(folder_); }

  Result<std::unique_ptr<Server>> start(std::vector<Listener> listeners) {
    return Server::start(std::move(listeners), {.workers = 1}, clock_, log_);
  }

  // A certificate for `name` and 127.0.0.1, signed by itself, and its key.
  TlsFiles self_signed(const std::string& name) {
    const SelfSigned made = make_self_signed(name);
    TlsFiles files{.certificate_file = folder_ + "/" + name + ".crt", .key_file = folder_ + "/" + name + ".key"};
    std::ofstream(files.certificate_file) << made.certificate;
    std::ofstream(files.key_file) << made.key;
    return files;
  }

  SystemClock clock_;
  testing::RecordingLog log_;
  std::string folder_;
};

Response describe(const Request& request) {
  return text_response(200, request.remote_address + (request.tls ? " tls" : " plain") +
                                (request.peer_uid ? " uid " + std::to_string(*request.peer_uid) : ""));
}

std::string text_of(const Result<Response>& response) {
  return response ? std::string(as_text(response->body)) : "error: " + response.error().text();
}

TEST_F(ListeningTest, EachListenerHasItsHandler) {
  const auto server =
      start({{.options = {.address = "127.0.0.1:0"}, .handler = [](const Request&) { return text_response(200, "a"); }},
             {.options = {.address = "[::]:0"}, .handler = describe}});
  ASSERT_TRUE(server) << server.error().text();
  const auto addresses = (*server)->addresses();
  Client client({});
  EXPECT_EQ(text_of(client.send("GET", "http://" + addresses.at(0) + "/", {}, {})), "a\n");
  const std::string port = addresses.at(1).substr(addresses.at(1).rfind(':'));
  // An IPv4 peer of an IPv6 socket has an IPv4 address.
  EXPECT_EQ(text_of(client.send("GET", "http://127.0.0.1" + port + "/", {}, {})), "127.0.0.1 plain\n");
  EXPECT_EQ(text_of(client.send("GET", "http://[::1]" + port + "/", {}, {})), "::1 plain\n");
}

TEST_F(ListeningTest, SpeaksTlsToWhoTrustsTheCertificate) {
  const TlsFiles files = self_signed("one");
  const auto server = start({{.options = {.address = "127.0.0.1:0", .tls = files}, .handler = describe}});
  ASSERT_TRUE(server) << server.error().text();
  const std::string url = "https://" + (*server)->addresses().at(0) + "/";
  Client trusting({.ca_file = files.certificate_file});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(text_of(trusting.send("GET", url, {}, {})), "127.0.0.1 tls\n");
  const Bytes body(100'000, 'x');
  EXPECT_EQ(text_of(trusting.send("POST", url, {}, body)), "127.0.0.1 tls\n");
  EXPECT_EQ((*server)->statistics().connections, 1U);

  const auto distrusted = Client({}).send("GET", url, {}, {});
  ASSERT_FALSE(distrusted);
  EXPECT_EQ(distrusted.error().code(), ErrorCode::refused);

  RawPeer plain((*server)->addresses().at(0));
  plain.send("GET / HTTP/1.0\r\n\r\n");
  plain.rest();
  EXPECT_EQ(text_of(trusting.send("GET", url, {}, {})), "127.0.0.1 tls\n");
}

TEST_F(ListeningTest, TellsATlsPeerWhyItIsRefused) {
  const TlsFiles files = self_signed("one");
  const auto server = start({{.options = {.address = "127.0.0.1:0", .tls = files}, .handler = describe}});
  ASSERT_TRUE(server) << server.error().text();
  Client client({.ca_file = files.certificate_file});
  const auto response =
      client.send("POST", "https://" + (*server)->addresses().at(0) + "/", {}, Bytes(2 * 1024 * 1024));
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 413U);
}

TEST_F(ListeningTest, TakesANewCertificateWhileItRuns) {
  const TlsFiles one = self_signed("one");
  const TlsFiles two = self_signed("two");
  const auto server = start({{.options = {.address = "127.0.0.1:0", .tls = one}, .handler = describe},
                             {.options = {.address = "127.0.0.1:0"}, .handler = describe}});
  ASSERT_TRUE(server) << server.error().text();
  const std::string url = "https://" + (*server)->addresses().at(0) + "/";
  EXPECT_EQ(text_of(Client({.ca_file = one.certificate_file}).send("GET", url, {}, {})), "127.0.0.1 tls\n");
  EXPECT_FALSE((*server)->reload_tls(0, TlsFiles{.certificate_file = one.certificate_file, .key_file = two.key_file}));
  EXPECT_FALSE((*server)->reload_tls(1, two));
  EXPECT_FALSE((*server)->reload_tls(2, two));
  ASSERT_TRUE((*server)->reload_tls(0, two));
  EXPECT_EQ(text_of(Client({.ca_file = two.certificate_file}).send("GET", url, {}, {})), "127.0.0.1 tls\n");
}

TEST_F(ListeningTest, AnAddressIsAskedForBeforeThereIsAServer) {
  std::string taken;
  {
    const auto server = start({{.options = {.address = "127.0.0.1:0"}, .handler = describe}});
    ASSERT_TRUE(server);
    taken = (*server)->addresses()[0];
    const Status asked = probe_listen(taken);
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code(), ErrorCode::conflict);
    EXPECT_EQ(asked.error().text(), "listening on " + taken + ": Address already in use");
  }
  EXPECT_TRUE(probe_listen(taken));
  EXPECT_TRUE(probe_listen("127.0.0.1:0"));
  EXPECT_TRUE(probe_listen("unix:" + folder_ + "/socket"));
  EXPECT_EQ(probe_listen("8080").error().code(), ErrorCode::invalid);
}

TEST_F(ListeningTest, SaysWhichTlsFileIsWrong) {
  const TlsFiles good = self_signed("one");
  const TlsFiles other = self_signed("two");
  const std::string missing = folder_ + "/missing";
  const struct {
    TlsFiles files;
    std::string expect;
  } rows[] = {
      {{missing, good.key_file}, "TLS certificate: cannot read " + missing + ": No such file or directory"},
      {{folder_, good.key_file}, "TLS certificate: cannot read " + folder_ + ": it is a folder"},
      {{good.key_file, good.key_file},
       "TLS certificate " + good.key_file + ": there is nothing of the kind in it, in PEM"},
      {{good.certificate_file, missing}, "TLS key: cannot read " + missing + ": No such file or directory"},
      {{good.certificate_file, good.certificate_file}, "TLS key " + good.certificate_file},
      {{good.certificate_file, other.key_file}, "TLS key " + other.key_file},
  };
  for (const auto& row : rows) {
    const auto server = start({{.options = {.address = "127.0.0.1:0", .tls = row.files}, .handler = describe}});
    ASSERT_FALSE(server) << row.expect;
    EXPECT_EQ(server.error().code(), ErrorCode::invalid);
    EXPECT_THAT(server.error().text(), HasSubstr(row.expect));
  }
}

TEST_F(ListeningTest, KnowsWhoIsOnTheOtherEndOfAUnixSocket) {
  const std::string path = folder_ + "/socket";
  auto server = start({{.options = {.address = "unix:" + path}, .handler = describe}});
  ASSERT_TRUE(server) << server.error().text();
  EXPECT_EQ((*server)->addresses().at(0), "unix:" + path);
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  Client client({.unix_socket_path = path});
  EXPECT_EQ(text_of(client.send("GET", "http://chancery/", {}, {})),
            "unix plain uid " + std::to_string(getuid()) + "\n");
  server->reset();
  EXPECT_FALSE(std::filesystem::exists(path));
  const auto gone = client.send("GET", "http://chancery/", {}, {});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code(), ErrorCode::unavailable);
}

TEST_F(ListeningTest, GivesAUnixSocketTheModeThatIsAskedFor) {
  const std::string path = folder_ + "/socket";
  const auto server = start({{.options = {.address = "unix:" + path, .unix_mode = 0660}, .handler = describe}});
  ASSERT_TRUE(server) << server.error().text();
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0660U);
}

TEST_F(ListeningTest, ReplacesADeadSocketButNotALiveOneNorAFile) {
  const std::string path = folder_ + "/socket";
  {
    const int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un to{.sun_family = AF_UNIX};
    path.copy(to.sun_path, sizeof to.sun_path - 1);
    ASSERT_EQ(bind(dead, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    close(dead);
  }
  const auto first = start({{.options = {.address = "unix:" + path}, .handler = describe}});
  ASSERT_TRUE(first) << first.error().text();
  const auto second = start({{.options = {.address = "unix:" + path}, .handler = describe}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(second.error().text(), "listening on unix:" + path + ": Address already in use");
  EXPECT_TRUE(Client({.unix_socket_path = path}).send("GET", "http://chancery/", {}, {}));

  const std::string file = folder_ + "/file";
  std::ofstream(file) << "precious";
  EXPECT_FALSE(start({{.options = {.address = "unix:" + file}, .handler = describe}}));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(ListeningTest, SaysThatAnAddressIsTaken) {
  const auto first = start({{.options = {.address = "127.0.0.1:0"}, .handler = describe}});
  ASSERT_TRUE(first);
  const std::string address = (*first)->addresses().at(0);
  const auto second = start({{.options = {.address = address}, .handler = describe}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::unavailable);
  EXPECT_EQ(second.error().text(), "listening on " + address + ": Address already in use");
}

}  // namespace
}  // namespace chancery::http
