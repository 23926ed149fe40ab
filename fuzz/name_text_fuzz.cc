#include "name_invariants.h"

// A name that reads as text encodes, and both forms lead back to it.

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto name = pki::Name::from_text(as_text({data, size}));
  if (name) fuzz::check_name(*name);
  return 0;
}
