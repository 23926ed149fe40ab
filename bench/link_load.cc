// A fleet whose agents call the hub: `link_load fill` puts nodes into a ledger, `link_load run` plays their agents and
// does what it reads, a line at a time, from its standard input; each line is answered by one in JSON. bench/link says
// which, and in what order.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <iostream>
#include <optional>
#include <set>
#include <sstream>

#include "bench/http_response.h"
#include "bench/link_agents.h"
#include "cli/command_table.h"

namespace chancery::bench {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// A connection in plain text that waits in the agents' epoll: to the administrators' socket or the monitoring.
class PlainConnection {
 public:
  using Done = std::function<void(unsigned status, std::string_view body)>;

  // `address` is a port of this machine, or the path of a socket.
  PlainConnection(int epoll, std::uint64_t id, std::string address)
      : epoll_(epoll), id_(id), address_(std::move(address)) {}
  ~PlainConnection() { end(); }
  PlainConnection(const PlainConnection&) = delete;
  PlainConnection& operator=(const PlainConnection&) = delete;

  [[nodiscard]] bool busy() const { return done_ != nullptr; }
  void send(std::string_view method, const std::string& path, const std::string& body, Done done) {
    CHECK(!busy());
    if (socket_ < 0) open();
    done_ = std::move(done);
    const std::string request =
        fmt::format("{} {} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    method, path, body.size(), body);
    [[maybe_unused]] const auto sent = ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
  }
  void receive() {
    char buffer[65536];
    const ssize_t size = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      // It was idle for too long; the next request makes a new one.
      if (!busy()) return end();
      std::fputs("the hub closed a connection of the administrator's\n", stderr);
      std::exit(1);
    }
    received_.append(buffer, static_cast<std::size_t>(size));
    if (!whole_response(received_)) return;
    const std::string received = std::exchange(received_, {});
    const WholeResponse response = *whole_response(received);
    const auto done = std::exchange(done_, nullptr);
    done(response.status, response.body);
  }

 private:
  void open() {
    const bool is_path = address_.starts_with('/');
    socket_ = ::socket(is_path ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un path{.sun_family = AF_UNIX};
    sockaddr_in port{.sin_family = AF_INET};
    if (is_path) {
      address_.copy(path.sun_path, sizeof path.sun_path - 1);
    } else {
      port.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address_.c_str())));
      port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    const auto* to = is_path ? reinterpret_cast<const sockaddr*>(&path) : reinterpret_cast<const sockaddr*>(&port);
    if (connect(socket_, to, is_path ? sizeof path : sizeof port) != 0) {
      fmt::print(stderr, "nobody listens at {}\n", address_);
      std::exit(1);
    }
    epoll_event event{.events = EPOLLIN, .data = {.u64 = id_}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event);
  }
  void end() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    received_.clear();
  }

  int epoll_;
  std::uint64_t id_;
  std::string address_;
  int socket_ = -1;
  std::string received_;
  Done done_;
};

class Latencies {
 public:
  void add(Steady::duration took) { all_.push_back(std::chrono::duration<double, std::milli>(took).count()); }
  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] json::object report() {
    std::ranges::sort(all_);
    const auto at = [&](double part) {
      return all_.empty() ? 0 : all_[static_cast<std::size_t>(part * static_cast<double>(all_.size() - 1))];
    };
    return {{"count", all_.size()}, {"p50", at(0.5)}, {"p99", at(0.99)}, {"most", at(1)}};
  }

 private:
  std::vector<double> all_;
};

// What one line asks for.
class Bench {
 public:
  Bench(Fleet fleet, std::string admin, std::string monitoring)
      : agents_(std::move(fleet), {},
                {.answered = [this](std::size_t i, const wire::CheckInAnswer& answer) { on_answer(i, answer); },
                 .settled =
                     [this](std::size_t i) {
                       if (settled_) settled_(i);
                     }}),
        admin_address_(std::move(admin)),
        monitoring_address_(std::move(monitoring)) {}

  // The hub has been started (again) at that port. Its other doors are made anew.
  json::object hub(std::uint16_t port) {
    agents_.set_port(port);
    held_ = 0;
    doors_.clear();
    for (std::uint64_t i = 0; i <= administrators; ++i)
      doors_.push_back(std::make_unique<PlainConnection>(agents_.epoll(), agents_.size() + i,
                                                         i == 0 ? monitoring_address_ : admin_address_));
    return {};
  }

  // All connect at once, each tries again as agents do, until every one is held.
  json::object connect(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) agents_.connect_at(i, Steady::now());
    return wait_held(last);
  }

  json::object wait_held(std::size_t wanted) {
    agents_.reset_counters();
    const auto begin = Steady::now();
    Steady::duration half{}, most{};
    while (held_ < wanted && Steady::now() - begin < std::chrono::minutes(10)) {
      watch_held();
      step(Steady::now() + milliseconds(50));
      if (half.count() == 0 && held_ >= wanted / 2) half = Steady::now() - begin;
      if (most.count() == 0 && held_ >= wanted - wanted / 100) most = Steady::now() - begin;
    }
    json::object report = count();
    report["seconds"] = seconds_since(begin);
    report["seconds_half"] = std::chrono::duration<double>(half).count();
    report["seconds_99_percent"] = std::chrono::duration<double>(most).count();
    report["held"] = held_;
    return report;
  }

  json::object drop() {
    agents_.drop_all();
    held_ = 0;
    return {};
  }

  json::object idle(int seconds) {
    agents_.reset_counters();
    const auto until = Steady::now() + std::chrono::seconds(seconds);
    while (Steady::now() < until) step(until);
    return count();
  }

  // New connections, `together` at once, each closed when the hub has finished its handshake.
  json::object handshakes(std::size_t wanted, std::size_t together, bool resume) {
    agents_.drop_all();
    agents_.reset_counters();
    agents_.set_calls(false);
    agents_.set_resume(resume);
    std::size_t done = 0, begun = std::min(together, wanted);
    settled_ = [&](std::size_t i) {
      agents_.drop(i);
      ++done;
      if (begun < wanted) agents_.connect_at(begun++ % agents_.size(), Steady::now());
    };
    const auto begin = Steady::now();
    for (std::size_t i = 0; i < begun; ++i) agents_.connect_at(i % agents_.size(), begin);
    while (done + failures() < wanted) step(Steady::now() + milliseconds(100));
    json::object report = count();
    report["seconds"] = seconds_since(begin);
    settled_ = nullptr;
    agents_.set_calls(true);
    agents_.set_resume(false);
    return report;
  }

  // Calls that are not to be held, on `together` connections that stay.
  json::object check_ins(std::size_t wanted, std::size_t together) {
    agents_.drop_all();
    agents_.set_hold(0);
    agents_.reset_counters();
    for (std::size_t i = 0; i < together; ++i) agents_.connect_at(i, Steady::now());
    while (agents_.counters().check_ins < 2 * together) step(Steady::now() + milliseconds(10));
    agents_.reset_counters();
    // The caller reads the hub's time now.
    std::cout << json::serialize(json::object{{"warm", true}}) << std::endl;
    std::string line;
    std::getline(std::cin, line);
    const auto begin = Steady::now();
    while (agents_.counters().check_ins < wanted) step(Steady::now() + milliseconds(10));
    json::object report = count();
    report["seconds"] = seconds_since(begin);
    agents_.drop_all();
    agents_.set_hold(300);
    return report;
  }

  // One order after the other to agents below `among`, until there were so many or `enough` says so.
  json::object orders(std::size_t wanted, std::size_t among, milliseconds pause,
                      const std::function<bool()>& enough = {}) {
    arrived_ = {};
    Latencies answered;
    const auto begin = Steady::now();
    auto next = begin;
    std::size_t asked = 0;
    while (arrived_.size() < wanted && !(enough && enough())) {
      if (enough) watch_held();
      if (asked == arrived_.size() && !doors_[1]->busy() && Steady::now() >= next) {
        // Each has one at a time, and the others had theirs long ago.
        ask(1, asked++ * 37 % among, [&, sent = Steady::now()] { answered.add(Steady::now() - sent); });
        next = Steady::now() + pause;
      }
      step(Steady::now() + milliseconds(5));
      if (Steady::now() - begin > std::chrono::minutes(5)) break;
    }
    while (doors_[1]->busy()) step(Steady::now() + milliseconds(5));
    return {{"arrival_ms", arrived_.report()}, {"created_ms", answered.report()}};
  }

  // The first `few` are held, and get orders while all others connect at once.
  json::object storm(std::size_t few) {
    connect(0, few);
    agents_.reset_counters();
    const auto begin = Steady::now();
    for (std::size_t i = few; i < agents_.size(); ++i) agents_.connect_at(i, begin);
    json::object report = orders(1'000'000, few, milliseconds(10), [&] { return held_ + 2 >= agents_.size(); });
    report["seconds"] = seconds_since(begin);
    for (auto& [name, value] : count()) report[name] = value;
    return report;
  }

  // One order for every node, by several administrators at once.
  json::object order_all() {
    arrived_ = {};
    const auto begin = Steady::now();
    std::size_t asked = 0;
    double created = 0;
    while (arrived_.size() < agents_.size() && Steady::now() - begin < std::chrono::minutes(5)) {
      for (std::size_t door = 1; door <= administrators && asked < agents_.size(); ++door)
        if (!doors_[door]->busy()) ask(door, asked++, [&] { created = seconds_since(begin); });
      step(Steady::now() + milliseconds(5));
    }
    return {{"arrival_ms", arrived_.report()}, {"seconds_created", created}, {"seconds", seconds_since(begin)}};
  }

  json::object one_address(bool one) {
    agents_.set_one_address(one);
    return {};
  }
  [[nodiscard]] std::size_t size() const { return agents_.size(); }

 private:
  static constexpr std::uint64_t administrators = 8;

  static double seconds_since(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
  }
  [[nodiscard]] std::size_t failures() const {
    std::size_t all = 0;
    for (const auto& [what, times] : agents_.counters().failures) all += times;
    return all;
  }
  [[nodiscard]] json::object count() const {
    const AgentsCounters& counters = agents_.counters();
    json::object failed;
    for (const auto& [what, times] : counters.failures) failed[what] = times;
    return {{"handshakes", counters.handshakes},
            {"resumed", counters.resumed},
            {"check_ins", counters.check_ins},
            {"inventories", counters.inventories},
            {"failures", failed}};
  }

  void step(Steady::time_point until) {
    agents_.step(until, [this](std::uint64_t id) { doors_[id - agents_.size()]->receive(); });
  }

  // Asks the hub, now and then, how many it holds.
  void watch_held() {
    if (doors_[0]->busy() || Steady::now() < next_watch_) return;
    next_watch_ = Steady::now() + milliseconds(100);
    doors_[0]->send("GET", "/metrics", "", [this](unsigned, std::string_view body) {
      constexpr std::string_view name = "\nchancery_http_held_requests ";
      if (const std::size_t at = body.find(name); at != std::string_view::npos)
        held_ = static_cast<std::size_t>(std::atof(std::string(body.substr(at + name.size(), 20)).c_str()));
    });
  }

  void ask(std::size_t door, std::size_t agent, std::function<void()> created) {
    asked_[agent] = Steady::now();
    doors_[door]->send("POST", fmt::format("/v1/nodes/{}/orders", agents_.node_id(agent)),
                       R"({"verb": "reload", "slot": "https"})",
                       [created = std::move(created)](unsigned status, std::string_view body) {
                         if (status != 201) {
                           fmt::print(stderr, "an order is answered {}: {}\n", status, body);
                           std::exit(1);
                         }
                         created();
                       });
  }
  void on_answer(std::size_t i, const wire::CheckInAnswer& answer) {
    if (answer.orders.empty()) return;
    if (const auto sent = asked_.extract(i); !sent.empty()) arrived_.add(Steady::now() - sent.mapped());
  }

  Agents agents_;
  std::string admin_address_, monitoring_address_;
  std::vector<std::unique_ptr<PlainConnection>> doors_;  // monitoring, then administrators
  std::size_t held_ = 0;
  Steady::time_point next_watch_{};
  std::map<std::size_t, Steady::time_point> asked_;
  Latencies arrived_;
  std::function<void(std::size_t)> settled_;
};

Status run_fill(const cli::Arguments& arguments, cli::Terminal&) {
  const auto ledger = open_ledger(arguments.text("ledger").c_str());
  const std::string count = arguments.text("nodes", "10000");
  return FleetFile::write(arguments.text("fleet"), FleetMaker(*ledger).make(std::atoll(count.c_str())));
}

Status run_agents(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(Fleet fleet, FleetFile::read(arguments.text("fleet")));
  Bench bench(std::move(fleet), arguments.text("admin"), arguments.text("monitoring"));
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string verb;
    std::size_t a = 0, b = 0;
    words >> verb >> a >> b;
    json::object report;
    if (verb == "hub")
      report = bench.hub(static_cast<std::uint16_t>(a));
    else if (verb == "connect")
      report = bench.connect(0, bench.size());
    else if (verb == "wait")
      report = bench.wait_held(bench.size());
    else if (verb == "drop")
      report = bench.drop();
    else if (verb == "idle")
      report = bench.idle(static_cast<int>(a));
    else if (verb == "handshakes" || verb == "resumed")
      report = bench.handshakes(a, b, verb == "resumed");
    else if (verb == "check_ins")
      report = bench.check_ins(a, b);
    else if (verb == "orders")
      report = bench.orders(a, bench.size(), milliseconds(b));
    else if (verb == "order_all")
      report = bench.order_all();
    else if (verb == "storm")
      report = bench.storm(a);
    else if (verb == "one_address")
      report = bench.one_address(a != 0);
    else
      return invalid("there is no '" + verb + "'");
    terminal.out << json::serialize(report) << std::endl;
  }
  return {};
}

cli::Program link_load_program() {
  const cli::Option fleet{
      .name = "fleet", .value_name = "FILE", .help = "The file with the devices' keys", .required = true};
  return {
      .name = "link_load",
      .version = "1",
      .summary = "agents that call a hub",
      .description = "See bench/link.",
      .common_options = {},
      .commands = {
          {.path = "fill",
           .summary = "Put nodes into a ledger as if they had been admitted",
           .options = {fleet,
                       {.name = "ledger", .value_name = "FILE", .help = "The ledger", .required = true},
                       {.name = "nodes", .value_name = "N", .help = "How many", .default_text = "10000"}},
           .run = run_fill},
          {.path = "run",
           .summary = "Play their agents, as standard input says",
           .options =
               {fleet,
                {.name = "admin", .value_name = "SOCKET", .help = "The socket of the administrators", .required = true},
                {.name = "monitoring", .value_name = "PORT", .help = "Of the metrics", .required = true}},
           .run = run_agents},
      }};
}

}  // namespace
}  // namespace chancery::bench

int main(int argc, char** argv) {
  // A hub that has gone is an error of the write, which OpenSSL cannot ask for.
  std::signal(SIGPIPE, SIG_IGN);
  return chancery::cli::run(chancery::bench::link_load_program(), argc, argv, {std::cout, std::cerr, false});
}
