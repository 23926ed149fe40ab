#pragma once

// How a transaction in memory is undone.

#include <functional>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"

namespace chancery::testing {

// The steps back to the state before the transaction. Without one, nothing may be changed.
class Undo {
 public:
  explicit Undo(bool writable) : writable_(writable) {}

  [[nodiscard]] Status may_write() const {
    if (!writable_) return internal("a read tried to write");
    return {};
  }
  // Remembers what `map` holds under `key`, before it is changed.
  template <class Map, class Key>
  void remember(Map& map, const Key& key) {
    CHECK(writable_);
    const auto found = map.find(key);
    std::optional<typename Map::mapped_type> before;
    if (found != map.end()) before = found->second;
    steps_.push_back([&map, stored = typename Map::key_type(key), before = std::move(before)]() mutable {
      if (before)
        map.insert_or_assign(stored, std::move(*before));
      else
        map.erase(stored);
    });
  }
  template <class T>
  void remember(T& value) {
    steps_.push_back([&value, before = value] { value = before; });
  }
  void run() {
    for (auto& step : std::views::reverse(steps_)) step();
    steps_.clear();
  }

 private:
  bool writable_;
  std::vector<std::function<void()>> steps_;
};

}  // namespace chancery::testing
