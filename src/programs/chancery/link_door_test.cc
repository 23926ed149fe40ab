#include "programs/chancery/link_door.h"

#include "api/hub_testing.h"
#include "http/client.h"
#include "http/raw_peer_testing.h"

namespace chancery::program {
namespace {

class NoIdentityStore final : public hub::ServerIdentityStore {
 public:
  Result<std::optional<hub::ServerIdentity>> load() override { return std::nullopt; }
  Status save(const hub::ServerIdentity&) override { return {}; }
};

class LinkDoorTest : public api::example::HubTest {
 protected:
  void open(std::size_t max_connections) {
    clock_.set(SystemClock().now());  // the client's TLS looks at no other
    add_endpoint("printers", {{"authorisers", "challenge"}, {"alternative_names", "dns"}});
    const auto made = post("/v1/nodes", R"({"name": "printer-7", "slot": "ipps", "endpoint": "printers"})");
    enrol("printers", enrolment("printer-7", std::string(made.at("challenge").at("challenge").as_string())));
    certificate_ = ledger_.contents().certificates.begin()->second.record.der;
    ASSERT_TRUE(server_certificate_.ensure());
    auto door = LinkDoor::open(
        {.listen = {"127.0.0.1:0"}, .max_connections = max_connections, .count_local_connections = true},
        {.context = context_, .presence = presence_, .changes = changes_, .certificate = server_certificate_});
    ASSERT_TRUE(door) << door.error().text();
    door_ = std::move(*door);
  }
  // The status of the device's answer, or the error.
  std::string check_in() {
    const pki::Certificate certificate = api::example::value(pki::Certificate::from_der(certificate_));
    http::Client client(
        {.ca_text = keyring_.root().to_pem(),
         .identity = http::TlsIdentity(certificate.to_pem(),
                                       SecretBytes::copy_of(api::example::AuthorityKeys::get().device_key))});
    const auto answer = client.send("POST", "https://" + door_->addresses().at(0) + std::string(wire::check_in_path),
                                    {}, as_bytes(wire::to_json(wire::CheckIn{})));
    return answer ? std::to_string(answer->status) : answer.error().text();
  }

  NoIdentityStore identity_store_;
  hub::ServerCertificate server_certificate_{context_, identity_store_, {.host_names = {"127.0.0.1"}}};
  Bytes certificate_;
  std::unique_ptr<LinkDoor> door_;
};

TEST_F(LinkDoorTest, ManyComeFromOneAddressAtOnceAndLeaveRoomForOthers) {
  open(1200);
  const std::string address = door_->addresses().at(0);
  std::vector<std::unique_ptr<http::RawPeer>> handshakes;
  const auto begin_one = [&] { handshakes.push_back(std::make_unique<http::RawPeer>(address)); };
  while (handshakes.size() < 299) begin_one();
  // More than other doors grant an address; and a device that is known is not one of them any more.
  EXPECT_EQ(check_in(), "200");
  begin_one();
  EXPECT_NE(check_in(), "200");
  begin_one();
  EXPECT_TRUE(handshakes.back()->closed());
  EXPECT_EQ(door_->statistics().rejected_connections, 0U);
  EXPECT_EQ(door_->statistics().open_connections, 300U);
}

}  // namespace
}  // namespace chancery::program
