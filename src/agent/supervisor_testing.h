#pragma once

// For the tests of the supervisor: an agent of one slot, whose authority, services, store and time are simulated.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "agent/fake_authority_testing.h"
#include "agent/memory_store_testing.h"
#include "agent/supervisor.h"

namespace chancery::agent {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

// Services that live in a MemoryFolder each, and fail when told.
class FakeServices final : public Services {
 public:
  std::map<std::string, MemoryFolder*> folders;
  std::optional<Error> failure;   // of what is installed; the folder keeps what it had
  std::optional<Error> recovery;  // of what is in use
  int recoveries = 0;
  std::vector<std::string> done;
  std::map<std::string, std::size_t> trust;

  Status put_into_service(const std::string& slot, const NewCredential& credential) override {
    done.push_back("put " + slot);
    if (failure) return std::unexpected(*failure);
    TRY_STATUS(folders.at(slot)->activate(credential));
    auto key = pki::PrivateKey::from_pem(as_text(credential.key.to_plain_pem()->view()));
    kept_.insert(kept_.begin(), Credential{.key = std::move(*key),
                                           .certificate = credential.certificate,
                                           .chain = credential.chain,
                                           .authorities = credential.authorities,
                                           .source = credential.source});
    return {};
  }
  Status put_back(const std::string& slot, ByteView sha256, const Check& check) override {
    for (const Credential& kept : kept_) {
      if (!equal(kept.certificate.fingerprint(), sha256)) continue;
      TRY_STATUS(check(kept));
      done.push_back("back " + slot);
      return folders.at(slot)->activate({.key = kept.key,
                                         .certificate = kept.certificate,
                                         .chain = kept.chain,
                                         .authorities = kept.authorities,
                                         .source = kept.source});
    }
    return not_found("the slot keeps no such certificate");
  }
  Result<std::vector<pki::Certificate>> kept(const std::string&) override {
    std::vector<pki::Certificate> certificates;
    for (const Credential& kept : kept_) certificates.push_back(kept.certificate);
    return certificates;
  }
  Status reload(const std::string& slot) override {
    done.push_back("reload " + slot);
    if (failure) return std::unexpected(*failure);
    return {};
  }
  Status restart(const std::string& slot) override {
    done.push_back("restart " + slot);
    return {};
  }
  Status recover(const std::string&) override {
    ++recoveries;
    if (recovery) return std::unexpected(*recovery);
    return {};
  }
  Status write_trust(const std::string& store, const std::vector<pki::Certificate>& certificates) override {
    trust[store] = certificates.size();
    return {};
  }

 private:
  std::vector<Credential> kept_;  // the newest first
};

class FakeTime final : public TimeSource {
 public:
  ClockSync state() override { return ClockSync::yes; }
};

class SupervisorTest : public ::testing::Test {
 protected:
  SupervisorTest() {
    services.folders["web"] = &device.folder;
    restart();
  }

  // What the next start of the agent sees.
  void restart() {
    supervisor.reset();
    SlotSetup setup{.name = "web", .service = "nginx"};
    const EnrolmentOrder order = device.order(key);
    setup.subject = order.subject;
    setup.names = order.alternative_names;
    for (const char* name : more_names) setup.names.push_back(pki::general_name_from_text(name).value());
    setup.key = order.key;
    setup.source = {.url = with_source ? "http://ca.example/scep" : "", .fingerprint = pin};
    setup.policy.poll_interval = poll_interval;
    std::vector<SlotEntry> slots;
    slots.push_back({.setup = std::move(setup),
                     .parts = {.folder = device.folder, .transport = &device.server, .challenge = [this] {
                                 return SecretBytes::copy_of(challenge);
                               }}});
    auto made = Supervisor::start({.identity = {.version = "1.2.3", .node = "printer-7"},
                                   .built = device.clock.now() - days(30),
                                   .has_hub = with_hub,
                                   .stopping = [this] { return stopping; }},
                                  std::move(slots), time, {store, services, device.clock, device.random, log});
    ASSERT_TRUE(made) << made.error().text();
    supervisor = std::move(*made);
  }

  // Lets time pass until the slot is in that stage, a year at most.
  bool pass_until(wire::SlotStage stage) {
    const Timestamp end = device.clock.now() + days(365);
    while (device.clock.now() < end) {
      const auto next = supervisor->step();
      if (slot().stage == stage) return true;
      if (!next) return false;
      device.clock.set(std::max(*next, device.clock.now() + Seconds(1)));
    }
    return false;
  }
  SlotView slot() { return supervisor->view().slots.at(0); }
  std::vector<std::string> history() {
    std::vector<std::string> lines;
    const auto events = store.events_after(0, 1000);
    for (const wire::Event& event : *events) lines.push_back(event.what);
    return lines;
  }
  std::size_t seen(const std::string& what) {
    return static_cast<std::size_t>(std::ranges::count(device.server.seen, what));
  }

  // Checks in with an answer, and takes what was said.
  wire::CheckIn check_in(wire::CheckInAnswer answer) {
    supervisor->step();
    device.clock.advance(hours(1));
    auto out = supervisor->check_in();
    EXPECT_TRUE(out);
    if (!out) return {};
    answer.state = wire::NodeState::admitted;
    supervisor->checked_in(answer);
    supervisor->step();
    return out->message;
  }
  wire::OrderResult order(wire::Order order) {
    if (order.deadline == Timestamp()) order.deadline = device.clock.now() + days(1);
    check_in({.orders = {order}});
    const auto results = store.unacknowledged_results(10);
    EXPECT_EQ(results->size(), 1U);
    if (results->empty()) return {};
    EXPECT_TRUE(store.acknowledge_results({order.id}));
    return results->front();
  }

  TestDevice device;
  testing::RecordingLog log;
  testing::MemoryAgentStore store;
  FakeServices services;
  FakeTime time;
  std::string challenge = "test-challenge";
  std::string key = "ec:p256";
  Bytes pin = device.server.root.certificate.fingerprint();
  std::vector<const char*> more_names;
  Seconds poll_interval = SlotPolicy{}.poll_interval;
  bool with_source = true;
  bool with_hub = false;
  bool stopping = false;
  std::unique_ptr<Supervisor> supervisor;
};

}  // namespace chancery::agent
