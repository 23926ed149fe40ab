#include "sim/device_transport.h"

#include <fmt/format.h>

#include "scep/pki_message.h"

namespace chancery::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string name_of(ByteView message) {
  const auto read = scep::PkiMessage::parse(message);
  if (!read || !read->type()) return "certificates";
  if (*read->type() != scep::MessageType::cert_rep) return std::string(scep::to_string(*read->type()));
  if (!read->status()) return "CertRep";
  switch (*read->status()) {
    case scep::PkiStatus::success: return "SUCCESS";
    case scep::PkiStatus::pending: return "PENDING";
    default: return fmt::format("FAILURE: {}", read->fail_info_text());
  }
}

std::string told_by(const agent::TransportReply& reply) {
  if (reply.status != 200) return fmt::format("HTTP {}", reply.status);
  if (reply.body.empty()) return "nothing";
  return reply.body.front() == '0' ? name_of(reply.body) : "capabilities";
}

std::unexpected<Error> no_answer() { return unavailable("no answer"); }

}  // namespace

void DeviceTransport::take_time(bool in_vain) {
  if (in_vain)
    clock_.work(dice_.between(seconds(5), seconds(30)));
  else
    clock_.work(setup_.slow ? dice_.between(seconds(2), seconds(45)) : dice_.between(Millis(10), Millis(400)));
}

Result<agent::TransportReply> DeviceTransport::exchange(const std::string& what, const Deliver& deliver) {
  TRY_STATUS(power_.step());
  ++world_.counts.exchanges;
  const Weather& weather = world_.weather;
  if (!connected_ || !world_.hub.up() || dice_.chance(weather.request_lost)) {
    ++world_.counts.lost;
    world_.journal.arrow(setup_.device, true, what, "lost");
    take_time(true);
    return no_answer();
  }
  if (dice_.chance(weather.late)) {
    ++world_.counts.late;
    const Millis delay = dice_.between(seconds(40), dice_.chance(0.2) ? Millis(hours(24 * 20)) : Millis(minutes(30)));
    world_.journal.arrow(setup_.device, true, what, "lost, or late");
    world_.queue.after(delay, [this, what, deliver] {
      world_.journal.arrow(setup_.device, true, what, "late");
      static_cast<void>(deliver());
    });
    take_time(true);
    return no_answer();
  }
  world_.journal.arrow(setup_.device, true, what);
  if (dice_.chance(weather.busy)) {
    world_.journal.arrow(setup_.device, false, "HTTP 503");
    take_time(false);
    const Seconds pause(dice_.number(1, 7200));
    on_busy(pause);
    return agent::TransportReply{.status = 503, .body = {}, .retry_after = pause};
  }
  Result<agent::TransportReply> reply = deliver();
  if (dice_.chance(weather.doubled)) {
    ++world_.counts.doubled;
    world_.journal.arrow(setup_.device, true, what, "again");
    auto second = deliver();
    if (dice_.chance(0.5)) reply = std::move(second);
  }
  take_time(!reply);
  if (reply && dice_.chance(weather.reply_lost)) {
    ++world_.counts.lost;
    world_.journal.arrow(setup_.device, false, told_by(*reply), "lost");
    take_time(true);
    return no_answer();
  }
  // The power may go while the answer is on its way.
  TRY_STATUS(power_.step());
  world_.journal.arrow(setup_.device, false, reply ? told_by(*reply) : "nothing");
  return reply;
}

Result<agent::TransportReply> DeviceTransport::get(std::string_view operation, std::string_view) {
  return exchange(std::string(operation),
                  [this, name = std::string(operation)] { return world_.hub.scep_get(setup_.endpoint, name); });
}

Result<agent::TransportReply> DeviceTransport::post(ByteView message) {
  auto reply = exchange(name_of(message), [this, copy = to_bytes(message)] {
    return world_.hub.scep_post(setup_.endpoint, copy, setup_.address);
  });
  if (!reply || reply->status != 200) return reply;
  const bool stale = last_.status != 0 && dice_.chance(world_.weather.stale);
  if (stale) world_.journal.event(setup_.device, "is answered with what belongs to an earlier question");
  if (stale) return last_;
  last_ = *reply;
  return reply;
}

}  // namespace chancery::sim
