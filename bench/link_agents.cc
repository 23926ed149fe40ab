#include "bench/link_agents.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/http_response.h"

namespace chancery::bench {
namespace {

// Devices have a processor each, and here they share one: with all their handshakes at once under way, none would be
// done in time. The hub has enough to do with so many.
constexpr std::size_t most_opening = 500;
// What the epoll of the handshakes is called in the other one.
constexpr std::uint64_t handshakes = ~std::uint64_t{0};

X509* certificate_of(const Bytes& der) {
  const unsigned char* at = der.data();
  X509* certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
  CHECK(certificate != nullptr);
  return certificate;
}

}  // namespace

struct Agents::Agent {
  Agents* owner = nullptr;
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  SSL* tls = nullptr;
  SSL_SESSION* session = nullptr;
  int socket = -1;
  bool ready = false;  // the handshake is done
  bool writing = false;
  bool settled = false;
  unsigned failures = 0;
  std::string received;
  wire::Inventory inventory;
  std::string inventory_hash;
  bool inventory_wanted = false;
  std::vector<std::string> certificates_wanted;
  std::vector<wire::OrderResult> results;
};

Agents::Agents(Fleet fleet, AgentsOptions options, Callbacks callbacks)
    : fleet_(std::move(fleet)), options_(options), callbacks_(std::move(callbacks)) {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  shaking_ = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = handshakes}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, shaking_, &event);
  context_ = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context_, TLS1_3_VERSION);
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context_, keep_session);
  authority_ = certificate_of(fleet_.authority);
  agents_.resize(fleet_.devices.size());
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    Agent& agent = agents_[i];
    agent.owner = this;
    const unsigned char* at = fleet_.devices[i].key.data();
    agent.key = d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(fleet_.devices[i].key.size()));
    agent.certificate = certificate_of(fleet_.devices[i].certificate);
    CHECK(agent.key != nullptr);
    set_inventory(i);
  }
}

Agents::~Agents() {
  for (std::size_t i = 0; i < agents_.size(); ++i) drop(i);
  for (Agent& agent : agents_) {
    EVP_PKEY_free(agent.key);
    X509_free(agent.certificate);
    SSL_SESSION_free(agent.session);
  }
  X509_free(authority_);
  SSL_CTX_free(context_);
  close(shaking_);
  close(epoll_);
}

int Agents::keep_session(SSL* tls, ssl_session_st* session) {
  auto* agent = static_cast<Agent*>(SSL_get_app_data(tls));
  agent->settled = true;
  if (!agent->owner->resume_) return 0;
  SSL_SESSION_free(agent->session);
  agent->session = session;
  return 1;
}

void Agents::set_inventory(std::size_t i) {
  Agent& agent = agents_[i];
  const auto hash = [](ByteView der) { return to_hex(pki::hash(pki::Digest::sha256, der)); };
  authority_hash_ = hash(fleet_.authority);
  const std::string own = hash(fleet_.devices[i].certificate);
  const Timestamp now = SystemClock().now();
  agent.inventory.slots = {{.name = "https",
                            .service = "nginx",
                            .stage = wire::SlotStage::valid,
                            .active = own,
                            .not_after = now + std::chrono::days(365),
                            .renew_at = now + std::chrono::days(240)}};
  agent.inventory.trust = {{.store = "devices", .sha256 = authority_hash_}};
  agent.inventory.stored = {{.sha256 = own, .slot = "https", .installed_at = now}};
  agent.inventory_hash = hash(as_bytes(wire::to_json(agent.inventory)));
}

void Agents::fail_at(std::size_t i, Steady::time_point now) {
  Agent& agent = agents_[i];
  ++agent.failures;
  double pause = 5;
  for (unsigned n = 1; n < agent.failures && pause < 300; ++n) pause = std::min(300.0, pause * 2);
  pause *= 0.5 + 0.5 * std::uniform_real_distribution<double>()(random_);
  connect_at(i, now + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(pause)));
}

void Agents::drop_all() {
  for (std::size_t i = 0; i < agents_.size(); ++i) drop(i);
  later_ = {};
}

void Agents::drop(std::size_t i) {
  Agent& agent = agents_[i];
  if (agent.tls != nullptr && !agent.ready) --opening_;
  if (agent.tls != nullptr) {
    SSL_set_quiet_shutdown(agent.tls, 1);
    SSL_shutdown(agent.tls);  // or the session could not be resumed
    SSL_free(agent.tls);
  }
  agent.tls = nullptr;
  if (agent.socket >= 0) {
    const linger reset{.l_onoff = 1, .l_linger = 0};  // no TIME_WAIT: ports are few
    setsockopt(agent.socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(agent.socket);
  }
  agent.socket = -1;
  agent.ready = agent.settled = false;
  agent.received.clear();
}

void Agents::call(std::size_t i) {
  Agent& agent = agents_[i];
  wire::CheckIn message{.agent_version = "1.0", .node = "device", .product = "printer", .boot_id = "1"};
  message.inventory_hash = agent.inventory_hash;
  message.hold_seconds = options_.hold_seconds;
  if (agent.inventory_wanted) {
    message.inventory = agent.inventory;
    ++counters_.inventories;
  }
  for (const std::string& wanted : agent.certificates_wanted)
    if (wanted == authority_hash_) message.certificates[wanted] = fleet_.authority;
  message.results = agent.results;
  agent.inventory_wanted = false;
  agent.certificates_wanted.clear();
  const std::string body = wire::to_json(message);
  const std::string request =
      fmt::format("POST {} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                  wire::check_in_path, body.size(), body);
  ++counters_.check_ins;
  // The socket's buffer takes it whole; a failure shows when the answer is read.
  ERR_clear_error();
  SSL_write(agent.tls, request.data(), static_cast<int>(request.size()));
}

void Agents::step(Steady::time_point until, const std::function<void(std::uint64_t)>& others) {
  const auto now = Steady::now();
  while (!later_.empty() && later_.top().first <= now && opening_ < most_opening) {
    const std::size_t i = later_.top().second;
    later_.pop();
    open(i);
  }
  auto next = until;
  if (!later_.empty() && opening_ < most_opening) next = std::min(next, later_.top().first);
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - Steady::now()).count();
  epoll_event events[256];
  const int ready = epoll_wait(epoll_, events, 256, static_cast<int>(std::clamp<std::int64_t>(wait, 0, 1000)));
  bool shake = false;
  for (int e = 0; e < ready; ++e) {
    if (events[e].data.u64 == handshakes)
      shake = true;
    else if (events[e].data.u64 >= agents_.size())
      others(events[e].data.u64);
    else if (agents_[events[e].data.u64].socket >= 0)
      go_on(events[e].data.u64);
  }
  // A handshake is half a millisecond of this processor: who waits for an order must not wait for them.
  const int shaking = shake ? epoll_wait(shaking_, events, 2, 0) : 0;
  for (int e = 0; e < shaking; ++e) go_on(events[e].data.u64);
}

void Agents::open(std::size_t i) {
  Agent& agent = agents_[i];
  drop(i);
  agent.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (agent.socket < 0) return fail(i, "no socket");
  const int on = 1;
  setsockopt(agent.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in from{.sin_family = AF_INET};
  // 127.1.0.1 and on.
  from.sin_addr.s_addr = htonl(options_.one_address ? 0x7f000001 : 0x7f010001 + static_cast<std::uint32_t>(i));
  setsockopt(agent.socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(agent.socket, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0) return fail(i, "bind");
  sockaddr_in to{.sin_family = AF_INET, .sin_port = htons(port_)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(agent.socket, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)
    return fail(i, "connect");
  agent.tls = SSL_new(context_);
  ++opening_;
  SSL_set_app_data(agent.tls, &agent);
  SSL_use_certificate(agent.tls, agent.certificate);
  SSL_use_PrivateKey(agent.tls, agent.key);
  if (resume_ && agent.session != nullptr) SSL_set_session(agent.tls, agent.session);
  SSL_set_fd(agent.tls, agent.socket);
  epoll_event event{.events = EPOLLOUT, .data = {.u64 = i}};
  epoll_ctl(shaking_, EPOLL_CTL_ADD, agent.socket, &event);
  agent.writing = true;
}

void Agents::watch(std::size_t i, bool writing) {
  Agent& agent = agents_[i];
  if (agent.writing == writing) return;
  agent.writing = writing;
  epoll_event event{.events = writing ? std::uint32_t{EPOLLOUT} : std::uint32_t{EPOLLIN}, .data = {.u64 = i}};
  epoll_ctl(shaking_, EPOLL_CTL_MOD, agent.socket, &event);
}

void Agents::fail(std::size_t i, const std::string& why) {
  ++counters_.failures[why];
  drop(i);
  if (calls_) fail_at(i, Steady::now());
}

void Agents::go_on(std::size_t i) {
  Agent& agent = agents_[i];
  ERR_clear_error();
  if (!agent.ready) {
    const int done = SSL_connect(agent.tls);
    if (done != 1) {
      const int why = SSL_get_error(agent.tls, done);
      if (why == SSL_ERROR_WANT_READ) return watch(i, false);
      if (why == SSL_ERROR_WANT_WRITE) return watch(i, true);
      return fail(i, "handshake");
    }
    agent.ready = true;
    --opening_;
    epoll_ctl(shaking_, EPOLL_CTL_DEL, agent.socket, nullptr);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, agent.socket, &event);
    ++counters_.handshakes;
    if (SSL_session_reused(agent.tls) == 1) ++counters_.resumed;
    if (calls_) call(i);
    return;
  }
  char buffer[16384];
  const int size = SSL_read(agent.tls, buffer, sizeof buffer);
  if (size <= 0) {
    const int why = SSL_get_error(agent.tls, size);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return fail(i, "connection lost");
    if (agent.settled && callbacks_.settled) callbacks_.settled(i);
    return;
  }
  agent.received.append(buffer, static_cast<std::size_t>(size));
  take_response(i);
}

void Agents::take_response(std::size_t i) {
  Agent& agent = agents_[i];
  const auto response = whole_response(agent.received);
  if (!response) return;
  if (response->status != 200) return fail(i, fmt::format("HTTP {}", response->status));
  const auto answer = wire::check_in_answer_from_json(response->body);
  agent.received.clear();
  if (!answer) return fail(i, answer.error().text());
  agent.failures = 0;
  agent.inventory_wanted = answer->inventory_wanted;
  agent.certificates_wanted = answer->certificates_wanted;
  agent.results.clear();
  for (const wire::Order& order : answer->orders)
    agent.results.push_back({.id = order.id, .outcome = wire::Outcome::done, .finished_at = SystemClock().now()});
  if (callbacks_.answered) callbacks_.answered(i, *answer);
  // An agent would come a second later: then nothing else is measured.
  if (calls_ && agent.ready) call(i);
}

}  // namespace chancery::bench
