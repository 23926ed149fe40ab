#include "device/installer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "device/disk_testing.h"
#include "device/pair_testing.h"
#include "device/service_testing.h"
#include "testing/temporary_directory.h"

namespace chancery::device {
namespace {

using testing::TemporaryDirectory;

class InstallerTest : public ::testing::Test {
 protected:
  InstallerTest() { start(service_.description("web")); }

  void start(ServiceDescription description) {
    installer_.reset();
    installer_ = std::make_unique<Installer>(
        directory_.file("state"),
        InstallerParts{.disk = disk_, .processes = service_, .tls = service_, .clock = clock_, .log = log_});
    EXPECT_TRUE(installer_->add(std::move(description)));
  }
  std::string put(const Pair& pair) { return told(installer_->put_into_service("web", credential_of(pair))); }
  Status put_back(const Pair& pair, const Status& check = {}) {
    return installer_->put_back("web", pair.certificate.fingerprint(), [&](const agent::Credential& kept) {
      EXPECT_TRUE(equal(kept.certificate.der(), pair.certificate.der()));
      EXPECT_EQ(kept.authorities.size(), 1U);
      return check;
    });
  }
  static std::string told(const Status& status) { return status ? "done" : status.error().text(); }
  std::string active() {
    const auto active = installer_->folder("web")->active();
    if (!active) return active.error().text();
    return *active ? (*active)->certificate.subject().to_text() : "nothing";
  }
  std::string kept() {
    std::string text;
    const auto certificates = installer_->kept("web").value();
    for (const pki::Certificate& certificate : certificates) text += certificate.subject().to_text() + " ";
    return text;
  }
  [[nodiscard]] bool is_settled() const { return !is_there(directory_.file("state/slots/web/unsettled")); }

  const Pair one_ = make_pair("one"), two_ = make_pair("two"), three_ = make_pair("three");
  TemporaryDirectory directory_;
  FakeService service_{directory_.file("etc/site.key"), directory_.file("etc/site.pem")};
  QuickDisk disk_;
  testing::FakeClock clock_;
  testing::RecordingLog log_;
  std::unique_ptr<Installer> installer_;
};

TEST_F(InstallerTest, PutsPairsIntoServiceOneAfterTheOther) {
  EXPECT_EQ(put(one_), "done");
  EXPECT_EQ(service_.loaded, "CN=one");
  EXPECT_EQ(put(two_), "done");
  EXPECT_EQ(put(three_), "done");
  EXPECT_EQ(service_.loaded, "CN=three");
  EXPECT_EQ(service_.at_its_paths(), "CN=three");
  EXPECT_EQ(active(), "CN=three");
  EXPECT_EQ(kept(), "CN=three CN=two ");
  EXPECT_TRUE(is_settled());
  EXPECT_EQ(link_target(directory_.file("etc/site.key")), directory_.file("state/slots/web/live/key.pem"));
  const ProcessOrder& order = service_.orders.back();
  EXPECT_EQ(order.arguments, (std::vector<std::string>{"/bin/fake", "reload"}));
  EXPECT_EQ(order.environment,
            (std::vector<std::string>{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "CHANCERY_SLOT=web",
                                      "CHANCERY_FOLDER=" + directory_.file("state/slots/web/live"),
                                      "CHANCERY_FINGERPRINT=" + to_hex(three_.certificate.fingerprint())}));
}

TEST_F(InstallerTest, GoesBackWhenTheServiceDoesNotTakeThePair) {
  const struct {
    std::string FakeService::* refuses;
    std::string expect;
  } rows[] = {
      {&FakeService::refuses_to_load,
       "reload: /bin/fake reload ended with 1: I cannot load CN=two; the certificate "
       "before is in use again"},
      {&FakeService::refuses_to_show,
       "health check: 127.0.0.1:443: Connection refused; the certificate before is in use again"},
  };
  for (const auto& row : rows) {
    ASSERT_EQ(put(one_), "done");
    service_.*row.refuses = "CN=two";
    const auto status = installer_->put_into_service("web", credential_of(two_));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code(), ErrorCode::unavailable);
    EXPECT_EQ(status.error().text(), row.expect);
    EXPECT_EQ(active(), "CN=one");
    EXPECT_EQ(service_.loaded, "CN=one");
    EXPECT_TRUE(is_settled());
    EXPECT_FALSE(kept().contains("two"));
    service_.*row.refuses = "";
  }
}

TEST_F(InstallerTest, SaysWhenTheServiceDoesNotWorkWithTheOldPairEither) {
  ASSERT_EQ(put(one_), "done");
  service_.refuses_to_show = "CN=two";
  service_.refuses_to_load = "CN=one";
  EXPECT_EQ(put(two_),
            "health check: 127.0.0.1:443: Connection refused; the certificate before is back, but the service does not "
            "work with it either: reload: /bin/fake reload ended with 1: I cannot load CN=one");
  EXPECT_EQ(active(), "CN=one");
  EXPECT_FALSE(is_settled());
  service_.refuses_to_load = "";
  EXPECT_EQ(told(installer_->recover("web")), "done");
  EXPECT_EQ(service_.loaded, "CN=one");
  EXPECT_TRUE(is_settled());
}

TEST_F(InstallerTest, SeesThatAServiceStillShowsTheOldCertificate) {
  ServiceDescription description = service_.description("web");
  ASSERT_EQ(put(one_), "done");
  description.reload = {};
  start(description);
  const auto before = clock_.now();
  EXPECT_EQ(put(two_),
            "health check: 127.0.0.1:443 shows another certificate: 'CN=one', serial 01; the certificate before is in "
            "use again");
  EXPECT_EQ(clock_.now() - before, description.health_timeout) << "it was given its time";
}

TEST_F(InstallerTest, KeepsWhatStoodThereAndGivesItBackWhenTheFirstPairIsNotTaken) {
  ASSERT_TRUE(disk_.make_folder(directory_.file("etc"), 0755));
  const std::string key = directory_.write("etc/site.key", FakeService::own_key),
                    chain = directory_.write("etc/site.pem", FakeService::own_certificate);
  service_.refuses_to_show = "CN=one";
  EXPECT_EQ(put(one_), "health check: 127.0.0.1:443: Connection refused; there was no certificate before");
  EXPECT_EQ(service_.at_its_paths(), "its own");
  EXPECT_EQ(service_.loaded, "its own");
  EXPECT_EQ(link_target(key), "");
  EXPECT_FALSE(is_there(key + ".before-chancery"));
  EXPECT_EQ(active(), "nothing");
  EXPECT_TRUE(is_settled());

  service_.refuses_to_show = "";
  EXPECT_EQ(put(one_), "done");
  EXPECT_EQ(as_text(files::read_file(key + ".before-chancery").value()), FakeService::own_key);
  // Somebody puts a file of his own there: it is kept, too, when the link comes back.
  ASSERT_TRUE(disk_.remove(chain));
  (void)directory_.write("etc/site.pem", "another");
  EXPECT_EQ(told(installer_->recover("web")), "done");
  EXPECT_EQ(service_.at_its_paths(), "CN=one");
  EXPECT_EQ(as_text(files::read_file(chain + ".before-chancery").value()), FakeService::own_certificate);
  EXPECT_EQ(as_text(files::read_file(chain + ".before-chancery.2").value()), "another");
}

TEST_F(InstallerTest, DoesNotReplaceAFolder) {
  ASSERT_TRUE(disk_.make_folder(directory_.file("etc/site.pem"), 0755));
  EXPECT_EQ(put(one_), "links: " + directory_.file("etc/site.pem") + " is a folder: a link to " +
                           directory_.file("state/slots/web/live/fullchain.pem") +
                           " belongs there; there was no certificate before");
  EXPECT_TRUE(is_there(directory_.file("etc/site.pem")));
  EXPECT_FALSE(is_there(directory_.file("etc/site.key")));
}

TEST_F(InstallerTest, PutsAKeptPairBackIntoService) {
  ASSERT_EQ(put(one_), "done");
  ASSERT_EQ(put(two_), "done");
  EXPECT_EQ(told(put_back(one_)), "done");
  EXPECT_EQ(service_.loaded, "CN=one");
  EXPECT_EQ(kept(), "CN=one CN=two ");
  service_.refuses_to_load = "CN=two";
  EXPECT_FALSE(put_back(two_));
  EXPECT_EQ(service_.loaded, "CN=one");
  EXPECT_EQ(kept(), "CN=one CN=two ");
  EXPECT_EQ(put_back(three_).error().code(), ErrorCode::not_found);
}

TEST_F(InstallerTest, TouchesNothingWhenAKeptPairIsNotToBePutBack) {
  ASSERT_EQ(put(one_), "done");
  ASSERT_EQ(put(two_), "done");
  service_.orders.clear();
  EXPECT_EQ(told(put_back(one_, refused("the certificate ended"))), "the certificate ended");
  EXPECT_TRUE(service_.orders.empty());
  EXPECT_EQ(service_.at_its_paths(), "CN=two");
  EXPECT_EQ(kept(), "CN=two CN=one ");
}

TEST_F(InstallerTest, RefusesAPairThatDoesNotBelongTogetherBeforeItTouchesAnything) {
  ASSERT_EQ(put(one_), "done");
  agent::NewCredential mixture = credential_of(two_);
  const agent::NewCredential mixed{
      .key = one_.key, .certificate = mixture.certificate, .chain = {}, .authorities = {}, .source = mixture.source};
  EXPECT_EQ(told(installer_->put_into_service("web", mixed)), "the key is not the certificate's");
  EXPECT_EQ(active(), "CN=one");
  EXPECT_EQ(installer_->put_into_service("other", credential_of(two_)).error().code(), ErrorCode::not_found);
}

TEST_F(InstallerTest, DoesNothingInRecoverWhenAllIsWell) {
  EXPECT_EQ(told(installer_->recover("web")), "done");
  ASSERT_EQ(put(one_), "done");
  service_.orders.clear();
  EXPECT_EQ(told(installer_->recover("web")), "done");
  EXPECT_TRUE(service_.orders.empty());
}

TEST_F(InstallerTest, WritesTheVersionAnewWhenTheServiceFileAsksForAnotherForm) {
  ASSERT_EQ(put(one_), "done");
  ServiceDescription description = service_.description("web");
  description.paths.combined = directory_.file("etc/all.pem");
  description.key_mode = 0640;
  service_.orders.clear();
  start(description);
  EXPECT_EQ(told(installer_->recover("web")), "done");
  EXPECT_FALSE(service_.orders.empty());
  EXPECT_EQ(service_.at_its_paths(), "CN=one");
  EXPECT_TRUE(files::read_file(description.paths.combined));
  EXPECT_EQ(active(), "CN=one");
}

TEST_F(InstallerTest, RestartsAndReloads) {
  ASSERT_EQ(put(one_), "done");
  EXPECT_EQ(told(installer_->restart("web")), "done");
  EXPECT_EQ(service_.orders.back().arguments[1], "restart");
  EXPECT_EQ(told(installer_->reload("web")), "done");
  service_.refuses_to_load = "CN=one";
  EXPECT_EQ(told(installer_->restart("web")), "restart: /bin/fake restart ended with 1: I cannot load CN=one");
  start({.slot = "web"});
  EXPECT_EQ(told(installer_->reload("web")), "the file of the slot 'web' names no program that reloads its service");
  EXPECT_EQ(told(installer_->restart("web")), "the file of the slot 'web' names no program that restarts its service");
}

TEST_F(InstallerTest, WritesTrustStores) {
  ASSERT_TRUE(installer_->write_trust("peers", {one_.certificate, two_.certificate}));
  EXPECT_EQ(as_text(files::read_file(directory_.file("state/trust/peers.pem")).value()),
            one_.certificate.to_pem() + two_.certificate.to_pem());
  ASSERT_TRUE(installer_->write_trust("peers", {}));
  EXPECT_EQ(files::read_file(directory_.file("state/trust/peers.pem")).value(), Bytes());
  EXPECT_EQ(told(installer_->write_trust("../x", {})),
            "a trust store's name is lower-case letters, digits and '-', not '../x'");
}

TEST_F(InstallerTest, TellsWhatItsTrustStoresSay) {
  EXPECT_TRUE(installer_->trust().empty());
  ASSERT_TRUE(installer_->write_trust("peers", {one_.certificate, two_.certificate}));
  ASSERT_TRUE(installer_->write_trust("nobody", {}));
  ASSERT_TRUE(installer_->write_trust("radius", {two_.certificate}));
  ASSERT_TRUE(files::write_file_atomically(directory_.file("state/trust/broken.pem"), as_bytes("-----BEGIN"), 0644));
  for (const char* name : {"peers.pem.old", "of_nobody.pem", ".pem"})
    ASSERT_TRUE(files::write_file_atomically(directory_.file("state/trust/" + std::string(name)),
                                             as_bytes(one_.certificate.to_pem()), 0644));
  std::vector<std::string> found;
  for (const agent::TrustAnchor& anchor : installer_->trust()) {
    const auto certificate = pki::Certificate::from_der(anchor.der);
    ASSERT_TRUE(certificate);
    EXPECT_EQ(anchor.sha256, certificate->fingerprint());
    found.push_back(anchor.store + ": " + certificate->subject().to_text());
  }
  EXPECT_THAT(found, ::testing::UnorderedElementsAre("peers: CN=one", "peers: CN=two", "radius: CN=two"));
}

TEST_F(InstallerTest, NamesAnOwnerThatTheMachineDoesNotHave) {
  ServiceDescription description = service_.description("other");
  description.owner = "nobody-of-this-name";
  EXPECT_EQ(told(installer_->add(description)), "done");
  const std::string expect = "slot other: this machine has no user 'nobody-of-this-name'";
  EXPECT_EQ(told(installer_->recover("other")), expect);
  EXPECT_EQ(told(installer_->put_into_service("other", credential_of(one_))), expect);
  EXPECT_EQ(installer_->folder("other")->active().error().text(), expect);
  EXPECT_EQ(put(one_), "done") << "another slot has nothing to do with it";
}

TEST_F(InstallerTest, OpensAFolderThatSomebodyElseHadOnceItIsFree) {
  start({.slot = "none"});
  auto other = FolderLock::take(directory_.file("state/slots/web"));
  ASSERT_FALSE(other) << "there is no folder yet";
  ASSERT_TRUE(disk_.make_folder(directory_.file("state/slots/web"), 0755));
  {
    const auto lock = FolderLock::take(directory_.file("state/slots/web"));
    ASSERT_TRUE(lock) << lock.error().text();
    EXPECT_TRUE(installer_->add(service_.description("web")));
    EXPECT_FALSE(installer_->recover("web"));
  }
  EXPECT_EQ(told(installer_->recover("web")), "done");
  EXPECT_EQ(put(one_), "done");
}

TEST_F(InstallerTest, AKeyThatShallBeReadByFewerIsSoAtOnceAndTheSlotIsNotLocked) {
  ServiceDescription description = service_.description("web");
  description.key_mode = 0640;
  start(description);
  ASSERT_EQ(put(two_), "done");
  ASSERT_EQ(put(one_), "done");
  description.key_mode = 0600;
  description.paths.chain = directory_.file("etc/chain.pem");
  service_.refuses_to_show = "CN=one";
  start(description);
  EXPECT_EQ(told(installer_->recover("web")),
            "recovering the slot web: health check: 127.0.0.1:443: Connection refused");
  EXPECT_EQ(active(), "CN=one");
  for (const char* key : {"versions/1/key.pem", "versions/2/key.pem"})
    EXPECT_EQ(std::filesystem::status(directory_.file("state/slots/web/") + key).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  service_.refuses_to_show = "";
  EXPECT_EQ(told(installer_->recover("web")), "done");
  EXPECT_TRUE(is_settled());
}

TEST_F(InstallerTest, AVersionThatCannotBeReadJustNowIsKept) {
  ASSERT_EQ(put(one_), "done");
  ASSERT_EQ(put(two_), "done");
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const std::string key = directory_.file("state/slots/web/versions/1/key.pem");
  std::filesystem::permissions(key, std::filesystem::perms::none);
  EXPECT_EQ(told(installer_->recover("web")), "done");
  std::filesystem::permissions(key, std::filesystem::perms::owner_read);
  EXPECT_EQ(kept(), "CN=two CN=one ");
}

}  // namespace
}  // namespace chancery::device
