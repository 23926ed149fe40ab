// Certificates that come along in the authority's answer and do not belong there.

#include "agent/supervisor_testing.h"

namespace chancery::agent {
namespace {

class LeftOutTest : public SupervisorTest {
 protected:
  Bytes foreign(const char* name) {
    const auto own = pki::PrivateKey::generate({.family = pki::KeyFamily::ec, .bits = 256}).value();
    return to_bytes(
        make_signer(own, pki::Name::from_text(name).value(), device.clock.now(), device.random).value().der());
  }
  // The RA's certificate as it was before its last renewal.
  Bytes ended_ra() {
    const TestParty& ca = device.server.ca;
    const Timestamp now = device.clock.now();
    const pki::CertificateContent content{.serial = {Bytes{7}},
                                          .issuer_der = to_bytes(ca.certificate.subject_der()),
                                          .subject_der = to_bytes(device.server.ra.certificate.subject_der()),
                                          .validity = {now - days(9), now - days(1)},
                                          .spki = to_bytes(device.server.ra.certificate.spki()),
                                          .extensions = device.server.ra.certificate.extensions()};
    const pki::SignatureAlgorithm algorithm = ca.key.default_algorithm();
    return pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, ca.key).value();
  }
  std::size_t warnings() const {
    const std::vector<std::string> lines = log.lines();
    return static_cast<std::size_t>(std::ranges::count_if(lines, [](const std::string& line) {
      return line.find("the authority sends certificates that do not belong there") != std::string::npos;
    }));
  }
};

TEST_F(LeftOutTest, AreToldOnceAndDoNotKeepADeviceFromItsCertificate) {
  device.server.certificates.push_back(foreign("CN=foreign"));
  device.server.approved = false;
  EXPECT_TRUE(pass_until(wire::SlotStage::awaiting_approval));
  EXPECT_EQ(warnings(), 1U);
  device.clock.advance(hours(2));
  supervisor->step();
  device.server.approved = true;
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_GE(seen("GET GetCACert"), 3U);
  EXPECT_EQ(warnings(), 1U) << "at each exchange the same";

  device.server.certificates.back() = foreign("CN=another");
  const Bytes before = slot().active->sha256;
  while (slot().active->sha256 == before)
    device.clock.set(std::max(*supervisor->step(), device.clock.now() + Seconds(1)));
  EXPECT_EQ(warnings(), 2U);
}

// The CA is not encrypted to in the RA's stead.
TEST_F(LeftOutTest, IsTheOnlyRaThenNothingIsSent) {
  device.server.certificates.front() = ended_ra();
  EXPECT_TRUE(pass_until(wire::SlotStage::failed));
  EXPECT_TRUE(slot().last_error.starts_with("the authority has no RA to encrypt to: the certificate '"))
      << slot().last_error;
  EXPECT_EQ(seen("POST PKCSReq"), 0U);
  device.server.certificates.push_back(to_bytes(device.server.ra.certificate.der()));
  EXPECT_TRUE(pass_until(wire::SlotStage::valid));
  EXPECT_EQ(warnings(), 1U);
}

}  // namespace
}  // namespace chancery::agent
