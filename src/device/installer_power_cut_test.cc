// The power goes at every change that an installation makes to the disk, and the disk forgets what it likes of what was
// not synced. After the next start there is one complete pair, and the service has it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "device/disk_testing.h"
#include "device/installer.h"
#include "device/pair_testing.h"
#include "device/service_testing.h"

namespace chancery::device {
namespace {

// In memory where there is such a place, for thousands of states of the disk are made.
class Folder {
 public:
  Folder()
      : path_((std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path().string()) +
              "/chancery-test-XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class PowerCutTest : public ::testing::Test {
 protected:
  PowerCutTest() {
    std::filesystem::create_directories(root_ + "/etc");
    std::ofstream(root_ + "/etc/site.key") << FakeService::own_key;
    std::ofstream(root_ + "/etc/site.pem") << FakeService::own_certificate;
  }

  using Work = std::function<Status(Installer&)>;

  Status on(Disk& disk, FakeService& service, const Work& work) {
    Installer installer(root_ + "/state",
                        {.disk = disk, .processes = service, .tls = service, .clock = clock_, .log = log_});
    TRY_STATUS(installer.add(service.description("web")));
    return work(installer);
  }
  static Work put(const Pair& pair) {
    return [&pair](Installer& installer) { return installer.put_into_service("web", credential_of(pair)); };
  }
  FakeService service() { return {root_ + "/etc/site.key", root_ + "/etc/site.pem"}; }

  // Whatever stands where nothing should be left.
  std::string leftovers() {
    std::string found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
      const std::string name = entry.path().filename();
      if (name.ends_with(".new") || name.ends_with("-new") || name == "unsettled" || name == "before")
        found += name + " ";
    }
    return found;
  }
  // What the service had of its own is where it was, or kept beside.
  bool own_files_are_kept() {
    const auto holds = [&](const std::string& name, std::string_view text) {
      const auto content = files::read_file(root_ + "/etc/" + name);
      return content && as_text(*content) == text;
    };
    return (holds("site.key", FakeService::own_key) || holds("site.key.before-chancery", FakeService::own_key)) &&
           (holds("site.pem", FakeService::own_certificate) ||
            holds("site.pem.before-chancery", FakeService::own_certificate));
  }

  struct Plan {
    FakeService before;  // what runs when the work begins
    Work work;
    std::vector<std::string> may_be_in_use;  // afterwards
  };

  // All cuts of `plan`, each with several ways to forget. Gives their number.
  int cut_everywhere(ForgetfulDisk& disk, const Plan& plan) {
    disk.keep();
    int cuts = 0;
    for (const Cut how : {Cut::before, Cut::half, Cut::after}) {
      for (int step = 1;; ++step) {
        disk.start_again();
        disk.cut_at(step, how);
        FakeService running = plan.before;
        (void)on(disk, running, plan.work);
        if (!disk.is_off()) break;
        const std::size_t unsynced = disk.unsynced();
        EXPECT_LE(unsynced, 6U) << "more would not be tried in every combination";
        for (std::size_t subset = 0; subset < std::size_t{1} << std::min<std::size_t>(unsynced, 6); ++subset) {
          disk.forget([&](std::size_t number) { return (subset >> number & 1) != 0; });
          check_start(plan, running,
                      "step " + std::to_string(step) + ", cut " + std::to_string(static_cast<int>(how)) + ", subset " +
                          std::to_string(subset));
          if (::testing::Test::HasFailure()) return cuts;
          ++cuts;
        }
      }
    }
    return cuts;
  }

  // The service goes on with what it had in memory, which is harder than when it starts anew.
  void check_start(const Plan& plan, FakeService running, const std::string& where) {
    const std::string as_it_is = running.at_its_paths();
    EXPECT_TRUE(as_it_is == "its own" || as_it_is == "CN=one" || as_it_is == "CN=two") << where << ": " << as_it_is;
    QuickDisk disk;
    std::string active;
    const Status started = on(disk, running, [&](Installer& installer) -> Status {
      const Status recovered = installer.recover("web");
      const auto pair = installer.folder("web")->active();
      active = !pair ? pair.error().text() : *pair ? (*pair)->certificate.subject().to_text() : "its own";
      return recovered;
    });
    // When recovery had to go back, it says so, and has done it.
    if (!started) {
      EXPECT_TRUE(started.error().text().contains("is in use again") ||
                  started.error().text().contains("there was no certificate before"))
          << where << ": " << started.error().text();
    }
    EXPECT_TRUE(std::ranges::find(plan.may_be_in_use, active) != plan.may_be_in_use.end()) << where << ": " << active;
    EXPECT_EQ(running.at_its_paths(), active) << where;
    EXPECT_EQ(running.loaded, active) << where;
    EXPECT_EQ(leftovers(), "") << where;
    EXPECT_TRUE(own_files_are_kept()) << where;
  }

  Folder folder_;
  std::string root_ = folder_.path() + "/disk";

  testing::FakeClock clock_;
  testing::RecordingLog log_;
  const Pair one_ = make_pair("one"), two_ = make_pair("two");
};

TEST_F(PowerCutTest, InTheFirstInstallationLeavesTheServicesOwnFilesOrThePair) {
  FakeService before = service();
  (void)before.run({});
  ForgetfulDisk disk(root_);
  EXPECT_GT(cut_everywhere(disk, {before, put(one_), {"its own", "CN=one"}}), 100);
}

TEST_F(PowerCutTest, InALaterInstallationLeavesTheOldPairOrTheNewOne) {
  FakeService before = service();
  ForgetfulDisk disk(root_);
  ASSERT_TRUE(on(disk, before, put(one_)));
  EXPECT_GT(cut_everywhere(disk, {before, put(two_), {"CN=one", "CN=two"}}), 60);
}

TEST_F(PowerCutTest, WhileAPairIsPutBackLeavesEither) {
  FakeService before = service();
  ForgetfulDisk disk(root_);
  ASSERT_TRUE(on(disk, before, put(one_)));
  ASSERT_TRUE(on(disk, before, put(two_)));
  const Work back = [&](Installer& installer) {
    return installer.put_back("web", one_.certificate.fingerprint(), [](const auto&) { return Status(); });
  };
  EXPECT_GT(cut_everywhere(disk, {before, back, {"CN=one", "CN=two"}}), 20);
}

TEST_F(PowerCutTest, WhileGoingBackLeavesTheOldPair) {
  for (std::string FakeService::* const refuses : {&FakeService::refuses_to_load, &FakeService::refuses_to_show}) {
    FakeService before = service();
    ForgetfulDisk disk(root_);
    ASSERT_TRUE(on(disk, before, put(one_)));
    before.*refuses = "CN=two";
    EXPECT_GT(cut_everywhere(disk, {before, put(two_), {"CN=one"}}), 60);
    disk.start_again();
  }
}

TEST_F(PowerCutTest, WhileGoingBackFromTheFirstPairLeavesTheServicesOwnFiles) {
  FakeService before = service();
  (void)before.run({});
  before.refuses_to_load = "CN=one";
  ForgetfulDisk disk(root_);
  EXPECT_GT(cut_everywhere(disk, {before, put(one_), {"its own"}}), 100);
}

// A power cut while the next start clears up, too.
TEST_F(PowerCutTest, InRecoveryIsRecoveredFrom) {
  FakeService before = service();
  ForgetfulDisk disk(root_);
  ASSERT_TRUE(on(disk, before, put(one_)));
  disk.keep();
  // Behind the swap: the mark is there, and the service does not know the new pair.
  int step = 1;
  for (;; ++step) {
    disk.start_again();
    disk.cut_at(step, Cut::before);
    FakeService running = before;
    (void)on(disk, running, put(two_));
    ASSERT_TRUE(disk.is_off());
    if (running.at_its_paths() == "CN=two") break;
  }
  disk.forget([](std::size_t) { return true; });
  before.refuses_to_load = "CN=two";
  ForgetfulDisk next(root_);
  const Work recover = [](Installer& installer) { return installer.recover("web"); };
  EXPECT_GT(cut_everywhere(next, {before, recover, {"CN=one"}}), 10);
}

}  // namespace
}  // namespace chancery::device
