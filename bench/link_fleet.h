#pragma once

// A fleet that nobody enrolled: nodes that are in a ledger as if they had been admitted, each with a key and a
// certificate of its own, and the file that keeps those between `link_load fill` and `link_load run`.

#include <openssl/x509.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/check.h"
#include "bench/enrolments.h"
#include "files/file.h"
#include "pki/certificate.h"
#include "pki/extensions.h"
#include "pki/key.h"
#include "pki/pem.h"

namespace chancery::bench {

struct FleetDevice {
  fleet::NodeId node_id = 0;
  Bytes certificate, key;  // DER
};

struct Fleet {
  Bytes authority;  // the certificate that signed all of them, which devices show and trust
  std::vector<FleetDevice> devices;
};

// Lengths of four octets, and what is so long.
class FleetFile {
 public:
  static Status write(const std::string& path, const Fleet& fleet) {
    Bytes all;
    add(all, fleet.authority);
    for (const FleetDevice& device : fleet.devices) {
      add(all, as_bytes(std::to_string(device.node_id)));
      add(all, device.certificate);
      add(all, device.key);
    }
    return files::write_file_atomically(path, all, 0600);
  }

  static Result<Fleet> read(const std::string& path) {
    TRY(const Bytes all, files::read_file(path, 1024 * 1024 * 1024));
    ByteView rest = all;
    Fleet fleet{.authority = take(rest), .devices = {}};
    while (!rest.empty()) {
      FleetDevice device{.node_id = std::strtoll(std::string(as_text(take(rest))).c_str(), nullptr, 10),
                         .certificate = take(rest),
                         .key = {}};
      device.key = take(rest);
      fleet.devices.push_back(std::move(device));
    }
    return fleet;
  }

 private:
  static void add(Bytes& all, ByteView part) {
    const auto size = static_cast<std::uint32_t>(part.size());
    std::uint8_t octets[4];
    std::memcpy(octets, &size, 4);
    append(all, octets);
    append(all, part);
  }
  static Bytes take(ByteView& rest) {
    std::uint32_t size = 0;
    CHECK(rest.size() >= 4);
    std::memcpy(&size, rest.data(), 4);
    CHECK(rest.size() - 4 >= size);
    Bytes part = to_bytes(rest.subspan(4, size));
    rest = rest.subspan(4 + size);
    return part;
  }
};

// Makes the devices and writes them into the ledger. The keys are P-256, the authority's is RSA-2048, the certificates
// have the extensions of ours.
class FleetMaker {
 public:
  explicit FleetMaker(hub::Ledger& ledger)
      : ledger_(ledger),
        authority_key_(*pki::PrivateKey::generate({.family = pki::KeyFamily::rsa, .bits = 2048})),
        issuer_(pki::Name::from_text("CN=Measured Issuing CA,O=Example")->to_der()),
        now_(SystemClock().now()) {}

  Fleet make(std::int64_t count) {
    Fleet fleet{.authority = sign(issuer_, authority_key_.public_key(), serial_of(0)), .devices = {}};
    while (std::ssize(fleet.devices) < count) {
      const std::int64_t many = std::min<std::int64_t>(500, count - std::ssize(fleet.devices));
      must(ledger_.write([&](hub::Books& books) -> Status {
        for (std::int64_t i = 0; i < many; ++i) {
          TRY(FleetDevice device, add(books, std::ssize(fleet.devices) + 1));
          fleet.devices.push_back(std::move(device));
        }
        return {};
      }));
    }
    return fleet;
  }

 private:
  [[nodiscard]] pki::Validity validity() const { return {now_ - std::chrono::days(1), now_ + std::chrono::days(365)}; }

  Bytes sign(const Bytes& subject, const pki::PublicKey& key, const pki::Serial& serial) const {
    const pki::SignatureAlgorithm algorithm = authority_key_.default_algorithm();
    const pki::CertificateContent content{
        .serial = serial,
        .issuer_der = issuer_,
        .subject_der = subject,
        .validity = validity(),
        .spki = to_bytes(key.spki()),
        .extensions = {pki::make_key_usage({.digital_signature = true}),
                       pki::make_subject_key_identifier(key.key_identifier()),
                       pki::make_authority_key_identifier(authority_key_.public_key().key_identifier()),
                       pki::make_crl_distribution_points({"http://chancery.example.com/crl/1.crl"})}};
    return *pki::sign_tbs(pki::encode_tbs(content, algorithm), algorithm, authority_key_);
  }

  Result<FleetDevice> add(hub::Books& books, std::int64_t number) const {
    TRY(const pki::PrivateKey key, pki::PrivateKey::generate({.family = pki::KeyFamily::ec, .bits = 256}));
    const std::string name = "device-" + std::to_string(number);
    const Bytes der = sign(pki::Name::from_text("CN=" + name)->to_der(), key.public_key(), serial_of(number));
    ca::CertificateRecord record{.serial = serial_of(number), .endpoint = "bench", .subject = "CN=" + name};
    record.validity = validity();
    record.key_fingerprint = to_bytes(key.public_key().fingerprint());
    record.tbs = Bytes(600, 2);
    record.created = now_;
    TRY_STATUS(books.certificates().add_intent(record));
    TRY_STATUS(books.certificates().record_issued(record.serial, der, pki::hash(pki::Digest::sha256, der)));
    fleet::Node node{.name = name, .product = "printer", .state = fleet::NodeState::admitted, .created = now_};
    node.first_seen = now_;
    TRY(node.id, books.nodes().add(node));
    TRY_STATUS(books.nodes().set_place(record.serial.hex(), {.node_id = node.id, .slot = "https"}));
    unsigned char* octets = nullptr;
    const int size = i2d_PrivateKey(key.native(), &octets);
    CHECK(size > 0);
    FleetDevice device{.node_id = node.id, .certificate = der, .key = Bytes(octets, octets + size)};
    OPENSSL_free(octets);
    return device;
  }

  hub::Ledger& ledger_;
  pki::PrivateKey authority_key_;
  Bytes issuer_;
  Timestamp now_;
};

}  // namespace chancery::bench
