#include "wire/message.h"

namespace chancery::wire {
namespace {

// Unknown fields are ignored by every version; a higher number says that this is not enough.
template <class Message>
Result<Message> of_known_version(std::string_view text) {
  TRY(Message message, read_message<Message>(text));
  if (message.version > current_version)
    return refused(fmt::format("the message is of version {}, this program understands version {}: update it",
                               message.version, current_version));
  return message;
}

}  // namespace

std::string_view to_string(SlotStage stage) { return slot_stage_words.text(stage); }
std::string_view to_string(Verb verb) { return verb_words.text(verb); }
std::string_view to_string(Outcome outcome) { return outcome_words.text(outcome); }
std::string_view to_string(ClockSync synchronised) { return clock_sync_words.text(synchronised); }
std::string_view to_string(NodeState state) { return node_state_words.text(state); }

std::optional<Verb> verb_from_text(std::string_view text) {
  const auto verb = verb_words.find(text);
  if (verb == Verb::unknown) return std::nullopt;
  return verb;
}

std::string to_json(const Inventory& inventory) { return write_message(inventory); }
std::string to_json(const Event& event) { return write_message(event); }
std::string to_json(const Order& order) { return write_message(order); }
std::string to_json(const OrderResult& result) { return write_message(result); }
std::string to_json(const CheckIn& check_in) { return write_message(check_in); }
std::string to_json(const CheckInAnswer& answer) { return write_message(answer); }

Result<Inventory> inventory_from_json(std::string_view json) { return read_message<Inventory>(json); }
Result<Event> event_from_json(std::string_view json) { return read_message<Event>(json); }
Result<Order> order_from_json(std::string_view json) { return read_message<Order>(json); }
Result<OrderResult> order_result_from_json(std::string_view json) { return read_message<OrderResult>(json); }
Result<CheckIn> check_in_from_json(std::string_view json) { return of_known_version<CheckIn>(json); }
Result<CheckInAnswer> check_in_answer_from_json(std::string_view json) { return of_known_version<CheckInAnswer>(json); }

}  // namespace chancery::wire
