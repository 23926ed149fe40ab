#include "device/credential_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "device/disk_testing.h"
#include "device/pair_testing.h"
#include "device/public_files.h"
#include "files/file.h"
#include "testing/temporary_directory.h"

namespace chancery::device {
namespace {

using testing::TemporaryDirectory;

// Does what the real disk does, without waiting for it, until the chosen change: that one fails, before or after it was
// done, and so does everything after it, as when the power goes.
class FailingDisk final : public Disk {
 public:
  void fail_at(int change, bool after) {
    left_ = change;
    after_ = after;
  }
  [[nodiscard]] bool failed() const { return off_; }

  Status make_folder(const std::string& path, unsigned mode) override {
    return change([&] { return disk_.make_folder(path, mode); });
  }
  Status write_file(const std::string& path, ByteView content, unsigned mode) override {
    return change([&] { return disk_.write_file(path, content, mode); });
  }
  Status give_file(const std::string& path, const Owner& owner, unsigned mode) override {
    return change([&] { return disk_.give_file(path, owner, mode); });
  }
  Status make_link(const std::string& target, const std::string& path) override {
    return change([&] { return disk_.make_link(target, path); });
  }
  Status add_name(const std::string& path, const std::string& other) override {
    return change([&] { return disk_.add_name(path, other); });
  }
  Status rename(const std::string& from, const std::string& to) override {
    return change([&] { return disk_.rename(from, to); });
  }
  Status sync_folder(const std::string& path) override {
    return change([&] { return disk_.sync_folder(path); });
  }
  Status remove(const std::string& path) override {
    return change([&] { return disk_.remove(path); });
  }

 private:
  Status change(const std::function<Status()>& work) {
    if (off_) return unavailable("the power is off");
    if (left_ > 0 && --left_ == 0) {
      off_ = true;
      if (after_) (void)work();
      return unavailable("the power is off");
    }
    return work();
  }

  QuickDisk disk_;
  int left_ = 0;
  bool after_ = false;
  bool off_ = false;
};

agent::PendingEnrolment pending_of(Pair pair) {
  return {.type = scep::MessageType::renewal_request,
          .transaction_id = scep::TransactionId::from_text("0123abcd"),
          .key = std::move(pair.key),
          .signer = std::move(pair.certificate),
          .request = SecretBytes::copy_of("a request"),
          .source = {.url = "http://ca.example/scep/x", .fingerprint = Bytes(32, 1)},
          .started = testing::FakeClock().now()};
}

std::string in_use(CredentialFiles& files) {
  const auto active = files.active();
  if (!active) return "error: " + active.error().text();
  return *active ? (*active)->certificate.subject().to_text() : "nothing";
}

// What a program sees that knows nothing of versions.
std::string seen_by_services(const std::string& folder) {
  const auto key = files::read_file(folder + "/key.pem"), certificate = files::read_file(folder + "/cert.pem"),
             chain = files::read_file(folder + "/fullchain.pem");
  if (!key && !certificate && !chain) return "nothing";
  if (!key || !certificate || !chain) return "a part";
  const auto read = pki::Certificate::from_pem_or_der(*certificate);
  const auto own = pki::PrivateKey::from_pem(as_text(*key));
  const auto first = pki::Certificate::from_pem_or_der(*chain);
  if (!read || !own || !first) return "unreadable";
  if (!equal(read->spki(), own->public_key().spki()) || !equal(read->der(), first->der())) return "a mixture";
  return read->subject().to_text();
}

unsigned mode_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

TEST(CredentialFiles, ActivateKeyAndCertificateTogetherAndKeepTheVersionBefore) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const auto files = CredentialFiles::open(directory.file("certs/"), disk).value();
  EXPECT_EQ(in_use(*files), "nothing");
  for (const char* name : {"one", "two", "three"}) {
    ASSERT_TRUE(files->activate(credential_of(make_pair(name))));
    EXPECT_EQ(in_use(*files), std::string("CN=") + name);
    EXPECT_EQ(seen_by_services(files->folder()), std::string("CN=") + name);
  }
  EXPECT_EQ(files::list_folder(files->folder() + "/versions").value(), (std::vector<std::string>{"2", "3"}));
  EXPECT_EQ(mode_of(files->folder() + "/key.pem"), 0600U);
  EXPECT_EQ(mode_of(files->folder() + "/cert.pem"), 0644U);
  EXPECT_EQ(files->active().value()->source.url, "http://ca.example/scep/x");
  EXPECT_EQ(files->active().value()->authorities.size(), 1U);
  EXPECT_TRUE(files->active().value()->chain.empty());
}

TEST(CredentialFiles, HoldOneCompletePairAfterEachStepThatFails) {
  const Pair one = make_pair("one"), two = make_pair("two"), three = make_pair("three");
  int failures = 0;
  for (const bool is_first : {true, false}) {
    for (const bool after : {false, true}) {
      bool switched = false;
      for (int step = 1;; ++step) {
        const TemporaryDirectory directory;
        const std::string folder = directory.file("certs");
        if (!is_first) {
          FailingDisk sound;
          ASSERT_TRUE(CredentialFiles::open(folder, sound).value()->activate(credential_of(one)));
        }
        FailingDisk disk;
        {
          const auto files = CredentialFiles::open(folder, disk).value();
          disk.fail_at(step, after);
          (void)files->activate(credential_of(two));
        }
        if (!disk.failed()) break;
        ++failures;
        FailingDisk sound;
        const auto files = CredentialFiles::open(folder, sound).value();
        const std::string now = in_use(*files), before = is_first ? "nothing" : "CN=one";
        EXPECT_TRUE(now == "CN=two" || (now == before && !switched)) << step << ": " << now;
        EXPECT_EQ(seen_by_services(folder), now) << step;
        switched = now == "CN=two";
        ASSERT_TRUE(files->activate(credential_of(three))) << step;
        EXPECT_EQ(seen_by_services(folder), "CN=three") << step;
        const std::vector<std::string> versions = files::list_folder(folder + "/versions").value();
        for (const std::string& name : versions) EXPECT_FALSE(name.ends_with(".new")) << step;
      }
      EXPECT_TRUE(switched);
    }
  }
  EXPECT_GT(failures, 4 * 15) << "every change to the disk is a step";
}

TEST(CredentialFiles, KeepWhatGetCaWroteUntilTheFirstPairIsInUse) {
  const Pair pair = make_pair("one");
  for (int step = 1;; ++step) {
    const TemporaryDirectory directory;
    (void)directory.write("ca.pem", pair.certificate.to_pem());
    FailingDisk disk;
    const auto files = CredentialFiles::open(directory.path(), disk).value();
    disk.fail_at(step, true);
    (void)files->activate(credential_of(pair));
    EXPECT_TRUE(files::read_file(directory.file("ca.pem"))) << step;
    if (!disk.failed()) break;
  }
}

TEST(CredentialFiles, DoNotReplaceFilesOfOthers) {
  const TemporaryDirectory directory;
  const std::string key = directory.write("key.pem", "mine");
  SystemDisk disk;
  const auto files = CredentialFiles::open(directory.path(), disk);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code(), ErrorCode::conflict);
  EXPECT_EQ(files.error().text(), key + " is not one that chancery-agent made: choose another folder, or move it away");
}

TEST(CredentialFiles, AreOpenedByOneAtATime) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const auto first = CredentialFiles::open(directory.path(), disk);
  ASSERT_TRUE(first);
  const auto second = CredentialFiles::open(directory.path(), disk);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::unavailable);
}

TEST(CredentialFiles, RefuseAKeyThatOthersMayReadAndAPairThatDoesNotMatch) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const auto files = CredentialFiles::open(directory.path(), disk).value();
  ASSERT_TRUE(files->activate(credential_of(make_pair("one"))));
  ASSERT_EQ(::chmod(directory.file("key.pem").c_str(), 0644), 0);
  EXPECT_EQ(in_use(*files), "error: " + directory.file("versions/1/key.pem") + " may be read by others: chmod 600 it");
  ASSERT_EQ(::chmod(directory.file("key.pem").c_str(), 0600), 0);
  (void)directory.write("versions/1/cert.pem", make_pair("other").certificate.to_pem());
  EXPECT_EQ(in_use(*files),
            "error: the key and the certificate in " + directory.file("versions/1") + " do not belong together");
}

TEST(CredentialFiles, AreWrittenInTheFormThatAServiceWants) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const Owner owner{.user = ::geteuid(), .group = ::getegid()};
  const auto files =
      CredentialFiles::open(directory.path(), disk, {.owner = owner, .key_mode = 0640, .combined = true}).value();
  const Pair pair = make_pair("one");
  const unsigned version = files->write_version(credential_of(pair)).value();
  EXPECT_EQ(in_use(*files), "nothing") << "not before it is told to";
  ASSERT_TRUE(files->use_version(version));
  EXPECT_EQ(in_use(*files), "CN=one");
  EXPECT_EQ(mode_of(directory.file("live/key.pem")), 0640U);
  EXPECT_EQ(mode_of(directory.file("live/combined.pem")), 0640U);
  EXPECT_EQ(as_text(files::read_file(directory.file("live/combined.pem")).value()),
            std::string(as_text(pair.key.to_plain_pem().value().view())) + pair.certificate.to_pem());
  EXPECT_TRUE(files->has_form(version));
  ASSERT_EQ(::chmod(directory.file("live/key.pem").c_str(), 0644), 0);
  EXPECT_FALSE(files->has_form(version));
  EXPECT_EQ(in_use(*files), "error: " + directory.file("versions/1/key.pem") + " may be read by others: chmod 640 it");
  ASSERT_TRUE(files->use_version(0));
  EXPECT_EQ(in_use(*files), "nothing");
}

TEST(PendingFiles, KeepEverythingAcrossARestart) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const agent::PendingEnrolment pending = pending_of(make_pair("old"));
  {
    const auto files = CredentialFiles::open(directory.path(), disk).value();
    EXPECT_FALSE(files->pending().value());
    ASSERT_TRUE(files->begin(pending));
    EXPECT_EQ(files->begin(pending).error().code(), ErrorCode::conflict);
    ASSERT_TRUE(files->mark(agent::LastAnswer::rejected));
  }
  const auto files = CredentialFiles::open(directory.path(), disk).value();
  const auto read = files->pending().value();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->type, pending.type);
  EXPECT_EQ(read->transaction_id, pending.transaction_id);
  EXPECT_TRUE(read->key.public_key() == pending.key.public_key());
  EXPECT_TRUE(equal(read->signer.der(), pending.signer.der()));
  EXPECT_TRUE(equal(read->request.view(), pending.request.view()));
  EXPECT_EQ(read->source.url, pending.source.url);
  EXPECT_EQ(read->source.fingerprint, pending.source.fingerprint);
  EXPECT_EQ(read->started, pending.started);
  EXPECT_EQ(read->last_answer, agent::LastAnswer::rejected);
  EXPECT_EQ(mode_of(directory.file("pending")), 0700U);
  const std::vector<std::string> kept = files::list_folder(directory.file("pending")).value();
  EXPECT_EQ(kept.size(), 4U);
  for (const std::string& name : kept) EXPECT_EQ(mode_of(directory.file("pending/" + name)), 0600U) << name;
  ASSERT_TRUE(files->finish());
  EXPECT_FALSE(files->pending().value());
  EXPECT_TRUE(files->finish()) << "there need not be one";
}

TEST(PendingFiles, OfAnEarlierVersionAreUnderstoodAndOfALaterOneRefused) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const auto files = CredentialFiles::open(directory.path(), disk).value();
  ASSERT_TRUE(files->begin(pending_of(make_pair("old"))));
  const std::string path = directory.file("pending/state.json");
  const std::string now(as_text(files::read_file(path).value()));
  const auto with = [&](std::string_view answer) {
    constexpr std::string_view written = "\"last_answer\":\"none\"";
    std::string text = now;
    text.replace(text.find(written), written.size(), answer);
    (void)directory.write("pending/state.json", text);
    return files->pending();
  };
  EXPECT_EQ(with(R"("server_has_it":true)").value()->last_answer, agent::LastAnswer::pending);
  EXPECT_EQ(with(R"("server_has_it":false)").value()->last_answer, agent::LastAnswer::none);
  EXPECT_EQ(with(R"("last_answer":"perhaps")").error().text(), path + ": unknown last_answer");
}

TEST(PendingFiles, AreThereWholeOrNotAtAllAfterEachStepThatFails) {
  for (const bool writing : {true, false}) {
    for (const bool after : {false, true}) {
      for (int step = 1;; ++step) {
        const TemporaryDirectory directory;
        FailingDisk disk;
        {
          const auto files = CredentialFiles::open(directory.path(), disk).value();
          const agent::PendingEnrolment pending = pending_of(make_pair("device"));
          if (!writing) {
            ASSERT_TRUE(files->begin(pending));
          }
          disk.fail_at(step, after);
          (void)(writing ? files->begin(pending) : files->finish());
        }
        if (!disk.failed()) break;
        FailingDisk sound;
        const auto files = CredentialFiles::open(directory.path(), sound).value();
        EXPECT_TRUE(files->pending()) << step;
        EXPECT_FALSE(files::exists(directory.file("pending.new"))) << "it holds secrets";
        EXPECT_FALSE(files::exists(directory.file("pending.old"))) << "it holds secrets";
      }
    }
  }
}

TEST(PendingFiles, ThatAreDamagedAreAnErrorThatNamesTheFile) {
  const TemporaryDirectory directory;
  SystemDisk disk;
  const auto files = CredentialFiles::open(directory.path(), disk).value();
  ASSERT_TRUE(files->begin(pending_of(make_pair("device"))));
  const std::string path = directory.write("pending/state.json", "{\"message\":\"enrolment\"}");
  EXPECT_EQ(files->pending().error().text(), path + " lacks the text 'transaction_id'");
  (void)directory.write("pending/state.json", "[");
  EXPECT_EQ(files->pending().error().text(), path + " holds no JSON object");
}

}  // namespace
}  // namespace chancery::device
