#include "agent/inventory_fit.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "wire/check_in.h"
#include "wire/limits.h"

namespace chancery::agent {
namespace {

constexpr Timestamp noon{Seconds(1'800'000'000)};

std::string hash(std::size_t number) {
  std::string text = std::to_string(number);
  return std::string(64 - text.size(), '0') + text;
}

// `certificates` that were put in use one after the other, the last one last.
wire::Inventory inventory_with(std::size_t slots, std::size_t csr_bytes, std::size_t certificates, std::size_t trust) {
  wire::Inventory inventory;
  for (std::size_t i = 0; i < slots; ++i)
    inventory.slots.push_back({.name = "slot-" + std::to_string(i), .csr = std::string(csr_bytes, 'x')});
  for (std::size_t i = 0; i < certificates; ++i)
    inventory.stored.push_back(
        {.sha256 = hash(i), .slot = "slot-1", .installed_at = noon + Seconds(static_cast<std::int64_t>(i))});
  for (std::size_t i = 0; i < trust; ++i) inventory.trust.push_back({.store = "system", .sha256 = hash(i)});
  return inventory;
}

TEST(InventoryFit, LeavesOutOnlyWhatDoesNotFitAndSaysSo) {
  const struct {
    const char* name;
    wire::Inventory inventory;
    std::size_t stored, trust;
    const char* left_out;
  } rows[] = {
      {"nothing there", {}, 0, 0, ""},
      {"as much as a device of 64 slots has", inventory_with(64, 4096, wire::most_stored_certificates, 512), 1024, 512,
       ""},
      {"more certificates than a message names", inventory_with(1, 0, 1300, 0), 1024, 0, "276 stored certificates"},
      {"more authorities", inventory_with(1, 0, 3, 600), 3, 512, "88 trusted authorities"},
      {"one request too many", inventory_with(25, 32 * 1024, 10, 0), 10, 0,
       "the request of slot slot-0, the request of slot slot-1"},
  };
  for (const auto& row : rows) {
    const FittedInventory fitted = fit_into_message(row.inventory);
    EXPECT_EQ(fitted.left_out, row.left_out) << row.name;
    EXPECT_EQ(fitted.inventory.slots.size(), row.inventory.slots.size()) << row.name;
    EXPECT_EQ(fitted.inventory.stored.size(), row.stored) << row.name;
    EXPECT_EQ(fitted.inventory.trust.size(), row.trust) << row.name;
    if (fitted.left_out.empty()) {
      EXPECT_EQ(fitted.inventory, row.inventory) << row.name;
    }
    const wire::CheckIn message{.inventory_hash = hash(1), .inventory = fitted.inventory};
    EXPECT_LE(wire::to_json(message).size(), wire::most_message_bytes) << row.name;
    const auto read = wire::check_in_from_json(wire::to_json(message));
    EXPECT_TRUE(read) << row.name << ": " << (read ? "" : read.error().text());
  }
}

TEST(InventoryFit, KeepsTheNewestCertificates) {
  const FittedInventory fitted = fit_into_message(inventory_with(1, 0, 1100, 0));
  EXPECT_EQ(fitted.inventory.stored.front().sha256, hash(1099));
  EXPECT_EQ(fitted.inventory.stored.back().sha256, hash(76));
}

TEST(InventoryFit, ASlotSaysThatItsRequestIsNotThere) {
  const FittedInventory fitted = fit_into_message(inventory_with(30, 32 * 1024, 0, 0));
  EXPECT_EQ(fitted.inventory.slots[0].csr, "");
  EXPECT_EQ(fitted.inventory.slots[0].last_error, "the request is too large to be told to the hub");
  EXPECT_EQ(fitted.inventory.slots[29].csr.size(), 32u * 1024);
  EXPECT_EQ(fitted.inventory.slots[29].last_error, "");
}

}  // namespace
}  // namespace chancery::agent
