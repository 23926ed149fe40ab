#include <array>

#include "hub/ledger.h"

namespace chancery::hub {

std::vector<std::string> actors_called(std::string_view name) {
  static constexpr std::array<std::string_view, 6> doors = {"user ", "admin ", "web ", "scep ", "link ", "node "};
  std::vector<std::string> actors{std::string(name)};
  for (const std::string_view door : doors) actors.push_back(std::string(door).append(name));
  return actors;
}

}  // namespace chancery::hub
