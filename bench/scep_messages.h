#pragma once

// SCEP requests made before the clock starts, and the file that keeps them between `scep_load make` and `scep_load
// run`.

#include <fmt/format.h>

#include <atomic>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "base/check.h"
#include "files/file.h"
#include "http/client.h"
#include "scep/ca_certificates.h"
#include "scep/request.h"

namespace chancery::bench {

// A device: a key and the self-signed certificate that its first request is signed with.
struct Device {
  pki::PrivateKey key;
  pki::Certificate certificate;
  [[nodiscard]] scep::Identity identity() const { return {certificate, key}; }
};

// A PKCSReq, and what is needed to judge the reply.
struct Message {
  std::uint32_t device = 0;
  Bytes transaction_id, nonce, der;
};

struct Messages {
  std::vector<pki::Certificate> authority;
  std::vector<Device> devices;
  std::vector<Message> messages;
};

struct MessagesOrder {
  std::string url;
  std::size_t count = 0;
  std::size_t devices = 64;
  // One for all messages, or one for each.
  std::vector<std::string> challenges;
  std::string domain;  // each request asks for a DNS name in it; empty: for none
};

inline Result<std::vector<pki::Certificate>> fetch_authority(const std::string& url) {
  http::Client client({});
  TRY_IN("GetCACert", const http::Response response, client.send("GET", url + "?operation=GetCACert", {}, {}));
  if (response.status != 200) return unavailable(fmt::format("GetCACert: HTTP status {}", response.status));
  return scep::read_ca_certificates(response.body);
}

// Runs `work(i)` for every i below `count` on all processors; the first error counts.
template <class Work>
Status in_parallel(std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status outcome;
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < std::max(1u, std::thread::hardware_concurrency()); ++thread)
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++)
        if (Status done = work(i); !done) {
          const std::lock_guard lock(mutex);
          outcome = std::move(done);
          next = count;
        }
    });
  for (std::thread& thread : threads) thread.join();
  return outcome;
}

inline Result<Device> make_device(std::size_t number, Timestamp now, Random& random) {
  TRY(pki::PrivateKey key, pki::PrivateKey::generate({.family = pki::KeyFamily::rsa, .bits = 2048}));
  TRY(const pki::Name name, pki::Name::from_text(fmt::format("CN=device-{}", number)));
  Bytes serial = random.bytes(8);
  serial[0] = 1;  // neither negative nor with needless zeros
  TRY(pki::Certificate certificate,
      pki::make_transport_certificate(key, name, {now - std::chrono::hours(1), now + std::chrono::days(30)},
                                      {std::move(serial)}));
  return Device{std::move(key), std::move(certificate)};
}

inline Result<Message> make_message(const MessagesOrder& order, std::size_t number, const Device& device,
                                    const pki::Certificate& recipient, Random& random) {
  Message message{.transaction_id = to_bytes(as_bytes(to_hex(random.bytes(16)))), .nonce = random.bytes(16)};
  const std::string host = fmt::format("device-{}-{}", number, to_hex(random.bytes(4)));
  pki::RequestContent content;
  TRY(content.subject, pki::Name::from_text("CN=" + host));
  if (!order.domain.empty()) {
    TRY(const pki::GeneralName name, pki::general_name_from_text(fmt::format("dns:{}.{}", host, order.domain)));
    content.extensions.push_back(pki::make_subject_alternative_name({name}, false));
  }
  if (!order.challenges.empty())
    content.challenge_password = as_bytes(order.challenges[number % order.challenges.size()]);
  TRY(const Bytes request, pki::make_request(content, device.key, device.key.default_algorithm()));
  TRY(message.der, scep::make_request_message({.type = scep::MessageType::pkcs_request,
                                               .transaction_id = {message.transaction_id},
                                               .sender_nonce = {message.nonce},
                                               .content = request,
                                               .recipient = recipient},
                                              device.identity(), random));
  return message;
}

inline Result<Messages> make_messages(const MessagesOrder& order, const Clock& clock, Random& random) {
  Messages made;
  TRY(std::vector<pki::Certificate> certificates, fetch_authority(order.url));
  TRY(const scep::AuthorityCertificates authority, scep::trust_on_first_use(std::move(certificates), clock.now()));
  made.authority = authority.all;

  std::vector<std::optional<Device>> devices(order.devices);
  TRY_STATUS(in_parallel(order.devices, [&](std::size_t i) -> Status {
    TRY(devices[i], make_device(i, clock.now(), random));
    return {};
  }));
  for (std::optional<Device>& device : devices) made.devices.push_back(*std::move(device));

  made.messages.resize(order.count);
  TRY_STATUS(in_parallel(order.count, [&](std::size_t i) -> Status {
    const std::size_t device = i % order.devices;
    TRY(made.messages[i], make_message(order, i, made.devices[device], authority.all[authority.encryption], random));
    made.messages[i].device = static_cast<std::uint32_t>(device);
    return {};
  }));
  return made;
}

// The file: three lists, each a number and its byte strings, each of those a length and its octets; numbers have four
// octets, most significant first. It holds private keys: of devices that do not exist.
class MessageFile {
 public:
  static Status write(const std::string& path, const Messages& messages) {
    MessageFile file;
    file.put_number(messages.authority.size());
    for (const pki::Certificate& certificate : messages.authority) file.put(certificate.der());
    file.put_number(messages.devices.size());
    for (const Device& device : messages.devices) {
      TRY(const SecretBytes pem, device.key.to_plain_pem());
      file.put(pem.view());
      file.put(device.certificate.der());
    }
    file.put_number(messages.messages.size());
    for (const Message& message : messages.messages) {
      file.put_number(message.device);
      for (const Bytes* part : {&message.transaction_id, &message.nonce, &message.der}) file.put(*part);
    }
    return files::write_file_atomically(path, file.bytes_, 0600);
  }

  static Result<Messages> read(const std::string& path) {
    MessageFile file;
    TRY(file.bytes_, files::read_file(path, std::numeric_limits<std::uint32_t>::max()));
    Messages messages;
    for (std::uint32_t left = file.number(); left > 0; --left) {
      TRY(pki::Certificate certificate, pki::Certificate::from_der(file.get()));
      messages.authority.push_back(std::move(certificate));
    }
    for (std::uint32_t left = file.number(); left > 0; --left) {
      TRY(pki::PrivateKey key, pki::PrivateKey::from_pem(as_text(file.get())));
      TRY(pki::Certificate certificate, pki::Certificate::from_der(file.get()));
      messages.devices.push_back({std::move(key), std::move(certificate)});
    }
    messages.messages.resize(file.number());
    for (Message& message : messages.messages) {
      message.device = file.number();
      for (Bytes* part : {&message.transaction_id, &message.nonce, &message.der}) *part = to_bytes(file.get());
      if (message.device >= messages.devices.size()) return invalid(path + ": not a file of scep_load make");
    }
    if (file.broken_) return invalid(path + ": not a file of scep_load make");
    return messages;
  }

 private:
  void put_number(std::size_t number) {
    for (const int shift : {24, 16, 8, 0}) bytes_.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  void put(ByteView octets) {
    put_number(octets.size());
    append(bytes_, octets);
  }
  std::uint32_t number() {
    std::uint32_t number = 0;
    for (const std::uint8_t octet : take(4)) number = number << 8 | octet;
    return number;
  }
  ByteView get() { return take(number()); }
  // Past the end there is nothing, and the file is broken.
  ByteView take(std::size_t size) {
    broken_ = broken_ || bytes_.size() - at_ < size;
    if (broken_) return {};
    at_ += size;
    return ByteView(bytes_).subspan(at_ - size, size);
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  bool broken_ = false;
};

}  // namespace chancery::bench
