#include "device/slot_keys.h"

#include <gtest/gtest.h>

#include "device/credential_files.h"
#include "device/disk_testing.h"
#include "device/pair_testing.h"
#include "device/softhsm_testing.h"
#include "pki/key_elsewhere.h"

namespace chancery::device {
namespace {

class SlotKeysTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!SoftHsm::is_installed()) GTEST_SKIP() << "SoftHSM is not installed";
    place_ = hsm_.token("office");
    tokens_.emplace();
    files_ = CredentialFiles::open(directory_.file("slots/web"), disk_, {.tokens = &*tokens_}).value();
    keys_.emplace(files_->folder(), KeyPlace{.store = KeyStore::pkcs11, .token = place_},
                  SlotKeys::Parts{.disk = disk_, .tokens = *tokens_, .random = random_, .log = log_});
  }

  Pair make() {
    auto key = keys_->make({pki::KeyFamily::ec, 256}).value();
    auto certificate = pki::make_transport_certificate(key, pki::Name::from_text("CN=x").value(),
                                                       {clock_.now(), clock_.now() + std::chrono::days(1)},
                                                       pki::Serial::from_hex("01").value())
                           .value();
    return {std::move(key), std::move(certificate)};
  }
  [[nodiscard]] bool is_in_token(const pki::PrivateKey& key) {
    return tokens_->find(token_uri_from_text(key.elsewhere()->reference()).value()).has_value();
  }
  [[nodiscard]] std::string list() const {
    const auto content = files::read_file(files_->folder() + "/token-keys");
    return content ? std::string(as_text(*content)) : "";
  }

  SoftHsm hsm_;
  TokenPlace place_;
  testing::TemporaryDirectory directory_;
  QuickDisk disk_;
  testing::FakeClock clock_;
  testing::FakeRandom random_;
  testing::RecordingLog log_;
  std::optional<Tokens> tokens_;
  std::unique_ptr<CredentialFiles> files_;
  std::optional<SlotKeys> keys_;
};

TEST_F(SlotKeysTest, TheFolderKeepsAUriAndFindsTheKeyByIt) {
  const Pair pair = make();
  ASSERT_TRUE(files_->activate(credential_of(pair)));
  EXPECT_FALSE(files::exists(directory_.file("slots/web/key.pem")));
  EXPECT_FALSE(files::exists(directory_.file("slots/web/live/key.pem")));
  const auto uri = files::read_file(directory_.file("slots/web/key.uri"));
  ASSERT_TRUE(uri) << uri.error().text();
  EXPECT_EQ(as_text(*uri), pair.key.elsewhere()->reference());
  EXPECT_EQ(list(), pair.key.elsewhere()->reference());
  const auto active = files_->active();
  ASSERT_TRUE(active) << active.error().text();
  EXPECT_TRUE((*active)->key.sign(pair.key.default_algorithm(), as_bytes("x")));
}

TEST_F(SlotKeysTest, AKeyInATokenAndOneInAFileTakeEachOthersPlace) {
  const Pair in_file = make_pair("file"), in_token = make();
  ASSERT_TRUE(files_->activate(credential_of(in_file)));
  ASSERT_TRUE(files_->activate(credential_of(in_token)));
  EXPECT_FALSE(is_there(directory_.file("slots/web/key.pem")));
  EXPECT_TRUE(files::exists(directory_.file("slots/web/key.uri")));
  ASSERT_TRUE(files_->activate(credential_of(in_file)));
  EXPECT_TRUE(files::exists(directory_.file("slots/web/key.pem")));
  EXPECT_FALSE(is_there(directory_.file("slots/web/key.uri")));
}

TEST_F(SlotKeysTest, AKeyOutlivesItsVersionByNothing) {
  const Pair first = make();
  ASSERT_TRUE(files_->activate(credential_of(first)));
  const Pair second = make();
  ASSERT_TRUE(files_->activate(credential_of(second)));
  keys_->tidy();
  EXPECT_TRUE(is_in_token(first.key)) << "somebody may want to go back";
  const Pair third = make();
  ASSERT_TRUE(files_->activate(credential_of(third)));
  keys_->tidy();
  EXPECT_FALSE(is_in_token(first.key));
  EXPECT_TRUE(is_in_token(second.key));
  EXPECT_TRUE(is_in_token(third.key));
  EXPECT_EQ(list(), second.key.elsewhere()->reference() + third.key.elsewhere()->reference());
}

TEST_F(SlotKeysTest, WhatACutLeftInTheTokenIsDestroyedAndNothingElse) {
  const TokenUri foreign{.place = place_, .id = Bytes(16, 9), .label = "chancery-agent web"};
  const auto of_others = tokens_->make(foreign, {pki::KeyFamily::ec, 256}).value();
  const Pair lost = make();
  const Pair next = make();
  EXPECT_FALSE(is_in_token(lost.key)) << "no file ever referred to it";
  EXPECT_TRUE(is_in_token(next.key));
  EXPECT_TRUE(is_in_token(of_others)) << "this slot did not write it down";
}

TEST_F(SlotKeysTest, ATokenThatIsNotThereIsTidiedLaterAndItsVersionsStay) {
  const Pair first = make();
  ASSERT_TRUE(files_->activate(credential_of(first)));
  const Pair lost = make();
  const std::string before = list();
  hsm_.write_pin("office", "111111");
  tokens_.emplace();  // in the same place, where the others look for it
  keys_->tidy();
  EXPECT_EQ(list(), before);
  ASSERT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(log_.lines()[0].find("246813"), std::string::npos);
  EXPECT_EQ(log_.lines()[0].find("111111"), std::string::npos);
  const auto active = files_->active();
  EXPECT_EQ(active ? "" : to_string(active.error().code()), "unavailable");
  hsm_.write_pin("office", "246813");
  keys_->tidy();
  EXPECT_EQ(list(), first.key.elsewhere()->reference());
}

}  // namespace
}  // namespace chancery::device
