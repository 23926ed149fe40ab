// The `message` parameter of a GET. What decodes must come back from what a client would send for it.

#include <cstdint>

#include "base/check.h"
#include "scep/get_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chancery;
  const auto message = scep::decode_get_message(as_text({data, size}));
  if (!message) return 0;
  const auto again = scep::decode_get_message(scep::encode_get_message(*message));
  CHECK(again.has_value() && *again == *message);
  return 0;
}
