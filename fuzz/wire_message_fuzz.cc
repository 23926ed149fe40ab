// A message between an agent and its hub, in either direction: it is read, or refused with a sentence. What is read
// says the same when it is written and read again.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "wire/check_in.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto read = wire::check_in_from_json(text)) {
    const auto again = wire::check_in_from_json(wire::to_json(*read));
    // Base64 and escapes may make it longer than a message can be.
    CHECK(again ? *again == *read : wire::to_json(*read).size() > wire::most_message_bytes);
  } else {
    CHECK(!read.error().text().empty());
  }
  if (const auto read = wire::check_in_answer_from_json(text)) {
    const auto again = wire::check_in_answer_from_json(wire::to_json(*read));
    CHECK(again ? *again == *read : wire::to_json(*read).size() > wire::most_message_bytes);
  }
  return 0;
}
