#include "sim/sim_hub.h"

#include <fmt/format.h>

#include "ca/authority.h"
#include "hub/certificate_chain.h"

namespace chancery::sim {
namespace {

class NoWebHook final : public hub::WebHook {
 public:
  Result<hub::WebHookAnswer> ask(const hub::WebHookQuestion&) override { return unavailable("there is none"); }
};

Result<SecretBytes> no_secret(const std::string&) { return unavailable("there are no secret files"); }

Error no_answer() { return {ErrorCode::unavailable, "nobody answers"}; }

}  // namespace

Status CutLedger::write(const std::function<Status(hub::Books&)>& work) {
  if (is_cut()) return unavailable("the power is gone");
  if (forget_ == 0 || dice_.number(1, forget_) > 1) return ledger_.write(work);
  Status done;
  const Status undone = ledger_.write([&](hub::Books& books) -> Status {
    done = work(books);
    return refused("is forgotten");
  });
  CHECK(!undone);
  return done;
}

Status CutLedger::read(const std::function<Status(hub::Books&)>& work) {
  if (cut_) return unavailable("the power is gone");
  return ledger_.read(work);
}

bool CutLedger::is_cut() {
  if (!cut_ && risk_ > 0) cut_ = dice_.chance(risk_);
  return cut_;
}

// The authority's keys on that machine.
class CutGenerationStore final : public hub::GenerationStore {
 public:
  CutGenerationStore(hub::GenerationStore& store, CutLedger& power) : store_(store), power_(power) {}
  Result<ca::Root> root() override { return store_.root(); }
  Status save(const ca::Generation& generation) override {
    if (power_.is_cut()) return unavailable("the power is gone");
    return store_.save(generation);
  }
  Status make_current(int number) override {
    if (power_.is_cut()) return unavailable("the power is gone");
    return store_.make_current(number);
  }
  Result<std::uint64_t> highest_crl_number(int generation) override { return store_.highest_crl_number(generation); }
  Status keep_crl_number(int generation, std::uint64_t number) override {
    if (power_.is_cut()) return unavailable("the power is gone");
    return store_.keep_crl_number(generation, number);
  }

 private:
  hub::GenerationStore& store_;
  CutLedger& power_;
};

// All that a stop ends.
class SimHub::Running {
 public:
  Running(hub::Ledger& disk, SimAuthority& authority, hub::Keyring& keyring, HubClock& clock, Dice& random, Log& log,
          Dice dice, double risk)
      : cut(disk, dice, risk),
        store(authority, cut),
        ledger(cut),
        context{ledger, keyring, endpoints, web_hook, clock, random, log},
        scep(context),
        crls(context, store, {}),
        rollover(context, store, crls, authority.plan()),
        editor(context, no_secret),
        changes(clock),
        presence(clock),
        challenges(context),
        nodes(context, challenges, presence),
        orders(context, presence, changes),
        requests(context, presence),
        revocation(context, crls),
        check_in(context, presence, changes) {}

  CutLedger cut;
  CutGenerationStore store;
  hub::WatchedLedger ledger;
  NoWebHook web_hook;
  hub::EndpointDirectory endpoints;
  hub::Context context;
  hub::ScepService scep;
  hub::CrlPublisher crls;
  hub::Rollover rollover;
  hub::EndpointEditor editor;
  hub::Changes changes;
  hub::Presence presence;
  hub::Challenges challenges;
  hub::Nodes nodes;
  hub::Orders orders;
  hub::Requests requests;
  hub::Revocation revocation;
  hub::CheckIn check_in;
};

SimHub::SimHub(EventQueue& queue, Journal& journal, Dice dice, HubOptions options)
    : queue_(queue), journal_(journal), dice_(dice), options_(std::move(options)), random_(dice.split(1)) {}

SimHub::~SimHub() = default;

Status SimHub::found() {
  // The root outlives all; a generation, the certificates that it issues until the next one, which comes within a year.
  const Seconds life = std::chrono::days(365 * 4);
  const ca::AuthorityPlan plan{
      .names = {.organization = "Simulated", .common_name = ""},
      .root_key = {pki::KeyFamily::ec, 256},
      .issuing_key = {pki::KeyFamily::ec, 256},
      .root_validity = life + std::chrono::days(365 * (options_.years + 1)),
      .issuing_validity = life,
      .ra_validity = life,
      .root_publication = {},
      .make_key = [this](const pki::KeySpec& spec) { return agent::make_key(options_.keys, spec); }};
  TRY_STATUS(authority_.found(plan, clock_.now(), random_));
  return start();
}

Status SimHub::add_endpoint(std::string_view name, const std::vector<config::Setting>& settings) {
  TRY([[maybe_unused]] const auto added, running_->editor.add(name, settings, {"admin"}));
  return {};
}

Result<std::unique_ptr<store::SqlLedger>> SimHub::open_ledger() {
  return store::SqlLedger::open(options_.database, {.durable = false, .readers = 1, .vfs = disk_.vfs()}, clock_, log_);
}

Status SimHub::start() {
  CHECK(!up());
  TRY(ledger_, open_ledger());
  TRY(keyring_, authority_.load(random_));
  ++counts_.starts;
  running_ = std::make_unique<Running>(*ledger_, authority_, *keyring_, clock_, random_, log_,
                                       dice_.split(counts_.starts), risk_);
  running_->ledger.watch(hub::telling(running_->changes));
  running_->ledger.watch([this](const std::vector<hub::Committed>& events) {
    ++counts_.writes;
    for (const hub::Committed& event : events)
      if (event.action == "certificate.revoked") just_revoked_.push_back(event.subject);
    // As the program does it: links end with their certificate.
    if (options_.breakage == Breakage::overlook_revocation) return;
    for (const hub::Committed& event : events)
      if (event.action == "certificate.revoked") hub::end_links(running_->ledger, running_->presence, event.subject);
  });
  TRY(const auto problems, hub::EndpointDirectory::load(running_->endpoints, running_->ledger, no_secret));
  CHECK(problems.empty());
  journal_.event("hub", "starts");
  return {};
}

void SimHub::stop() {
  if (!up()) return;
  journal_.event("hub", "stops");
  const std::map<std::uint64_t, HeldCall> held = std::exchange(held_, {});
  running_.reset();
  ledger_.reset();
  for (const auto& [number, call] : held) call.reply(std::unexpected(no_answer()));
}

bool SimHub::power_went() {
  note_revoked();
  if (!running_->cut.is_cut()) return false;
  ++counts_.cuts;
  journal_.event("hub", "loses power");
  stop();
  on_cut();
  return true;
}

// Nobody may hold a link with what was revoked, from the moment it is durable.
void SimHub::note_revoked() {
  for (const std::string& serial : just_revoked_) {
    revoked_.emplace(serial, queue_.now());
    for (const auto& [number, call] : held_)
      if (call.party.serial == serial)
        journal_.finding("hub", "still holds a link with the revoked certificate " + serial);
  }
  just_revoked_.clear();
}

Result<agent::TransportReply> SimHub::scep_get(std::string_view endpoint, std::string_view operation) {
  if (!up()) return std::unexpected(no_answer());
  ++counts_.messages;
  if (operation == "GetCACaps") {
    TRY(const std::string text, running_->scep.capabilities(endpoint));
    return agent::TransportReply{.status = 200, .body = to_bytes(as_bytes(text))};
  }
  CHECK(operation == "GetCACert");
  TRY(scep::CaCertificatesReply reply, running_->scep.ca_certificates(endpoint));
  return agent::TransportReply{.status = 200, .body = std::move(reply.body)};
}

Result<agent::TransportReply> SimHub::scep_post(std::string_view endpoint, ByteView message, std::string_view source) {
  if (!up()) return std::unexpected(no_answer());
  ++counts_.messages;
  running_->cut.forget_one_in(options_.breakage == Breakage::drop_commits ? 8 : 0);
  auto reply = running_->scep.pki_operation(endpoint, message, source);
  running_->cut.forget_one_in(0);
  if (power_went()) return std::unexpected(no_answer());
  if (reply) return agent::TransportReply{.status = 200, .body = std::move(*reply)};
  journal_.event("hub", "cannot answer", reply.error().text());
  return agent::TransportReply{.status = reply.error().code() == ErrorCode::unavailable ? 503U : 400U, .body = {}};
}

namespace {

Result<std::string> as_seen_by_agent(const Result<wire::CheckInAnswer>& answer) {
  if (answer) return wire::to_json(*answer);
  if (answer.error().code() == ErrorCode::refused) return std::unexpected(answer.error());
  return unavailable(answer.error().text());
}

}  // namespace

std::uint64_t SimHub::check_in(const Bytes& certificate, const std::string& message, std::string_view source,
                               LinkReply reply) {
  if (!up()) {
    reply(std::unexpected(no_answer()));
    return 0;
  }
  ++counts_.check_ins;
  auto read = wire::check_in_from_json(message);
  if (!read) {
    journal_.finding("hub", "cannot read a check-in: " + read.error().text());
    reply(unavailable(read.error().text()));
    return 0;
  }
  const auto decision = running_->check_in.answer(
      {.certificate = certificate, .remote_address = std::string(source), .message = std::move(*read)});
  if (power_went()) {
    reply(std::unexpected(no_answer()));
    return 0;
  }
  if (!decision) {
    reply(as_seen_by_agent(std::unexpected(decision.error())));
    return 0;
  }
  if (revoked_.contains(decision->party.serial))
    journal_.finding("hub", "answers a check-in with the revoked certificate " + decision->party.serial);
  if (decision->hold.count() == 0) {
    reply(as_seen_by_agent(decision->answer));
    return 0;
  }
  ++counts_.held;
  const std::uint64_t number = ++last_call_;
  held_[number] = {.party = decision->party, .reply = std::move(reply)};
  // A request that is answered because nothing happened is followed by another like it: those are left out.
  const Seconds longest = std::chrono::days(dice_.number(60, 120));
  const auto ticket =
      running_->presence.hold({.node_id = decision->party.node_id,
                               .serial = decision->party.serial,
                               .longest = longest,
                               .wake = [this, number, party = decision->party] { woken(number, party); }},
                              decision->mark);
  if (!ticket) {
    woken(number, decision->party);
    return 0;
  }
  if (const auto place = held_.find(number); place != held_.end()) place->second.ticket = *ticket;
  return number;
}

void SimHub::woken(std::uint64_t number, const hub::LinkParty& party) {
  auto taken = held_.extract(number);
  if (taken.empty()) return;
  const auto answer = running_->check_in.later(party);
  const bool revoked =
      revoked_.contains(party.serial) || std::ranges::find(just_revoked_, party.serial) != just_revoked_.end();
  if (answer && revoked) journal_.finding("hub", "answers a link with the revoked certificate " + party.serial);
  taken.mapped().reply(as_seen_by_agent(answer));
}

void SimHub::hang_up(std::uint64_t number) {
  const auto taken = held_.extract(number);
  if (!taken.empty() && up()) running_->presence.release(taken.mapped().ticket);
}

void SimHub::let_go(std::uint64_t number) {
  const auto place = held_.find(number);
  if (place == held_.end() || !up()) return;
  running_->presence.release(place->second.ticket);
  const hub::LinkParty party = place->second.party;
  woken(number, party);
}

Status SimHub::operate(const std::function<Status(Verbs&)>& work) {
  if (!up()) return unavailable("the hub is down");
  Verbs verbs{.nodes = running_->nodes,
              .orders = running_->orders,
              .requests = running_->requests,
              .revocation = running_->revocation,
              .rollover = running_->rollover,
              .ledger = running_->ledger,
              .endpoints = running_->editor};
  const Status done = work(verbs);
  if (power_went()) return unavailable("the power went");
  return done;
}

void SimHub::tick() {
  if (!up()) return;
  Status done = running_->crls.publish_due();
  running_->presence.expire();
  // Of all rows of nodes, when they were seen, which no rule looks at: one day in 28 is enough.
  if (done && ++ticks_ % 28 == 0) done = running_->presence.flush(running_->ledger);
  if (done) done = running_->orders.expire();
  if (done) done = running_->requests.forget_old();
  if (done) done = running_->challenges.remove_old();
  if (!power_went() && !done) journal_.finding("hub", "cannot tidy up: " + done.error().text());
}

Status SimHub::look(const std::function<Status(hub::Books&)>& work) {
  if (ledger_) return ledger_->read(work);
  TRY(const auto ledger, open_ledger());
  return ledger->read(work);
}

}  // namespace chancery::sim
