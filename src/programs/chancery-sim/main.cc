// Runs simulations: `chancery-sim run --seeds 1..100`. For tests only; it is in no package.

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <iostream>

#include "base/time.h"
#include "cli/command_table.h"
#include "sim/simulation.h"

namespace chancery::program {
namespace {

Result<std::uint64_t> number_from(std::string_view text, std::string_view name, std::uint64_t least,
                                  std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc() || rest != text.data() + text.size() || value < least || value > most)
    return invalid(fmt::format("--{}: '{}' is no number from {} to {}", name, text, least, most));
  return value;
}

struct Plan {
  std::uint64_t first = 1, last = 1;
  bool twice = false;
  sim::SimulationOptions options;
};

Result<Plan> plan_from(const cli::Arguments& arguments) {
  Plan plan;
  const auto number = [&](std::string_view name, std::string_view otherwise, std::uint64_t least, std::uint64_t most) {
    return number_from(arguments.text(name, otherwise), name, least, most);
  };
  TRY(plan.first, number("seed", "1", 0, UINT64_MAX));
  plan.last = plan.first;
  if (const std::string range = arguments.text("seeds"); !range.empty()) {
    const std::size_t dots = range.find("..");
    if (dots == std::string::npos) return invalid("--seeds: give the first and the last one, as 1..100");
    TRY(plan.first, number_from(std::string_view(range).substr(0, dots), "seeds", 0, UINT64_MAX));
    TRY(plan.last, number_from(std::string_view(range).substr(dots + 2), "seeds", plan.first, UINT64_MAX - 1));
  }
  TRY(const std::uint64_t agents, number("agents", "1000", 1, 100'000));
  TRY(const std::uint64_t years, number("years", "5", 1, 50));
  plan.options.agents = static_cast<int>(agents);
  plan.options.years = static_cast<int>(years);
  plan.options.trace = arguments.text("trace");
  plan.twice = arguments.flag("twice");
  if (const std::string name = arguments.text("break"); !name.empty()) {
    const auto breakage = sim::breakage_from_text(name);
    if (!breakage) return invalid(fmt::format("--break: there is no '{}'", name));
    plan.options.breakage = *breakage;
  }
  return plan;
}

// For the hub's database, removed at the end.
class Directory {
 public:
  Directory() {
    std::error_code error;
    const bool in_memory = std::filesystem::is_directory("/dev/shm", error);
    std::string name = (in_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
                       "chancery-sim-XXXXXX";
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Directory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string summary_of(const sim::SimulationOutcome& outcome) {
  const auto& counts = outcome.counts;
  return fmt::format(
      "{} certificates ({} without a reason, {} in grace), {} messages of SCEP, {} check-ins; {} lost, {} doubled, {} "
      "late; "
      "{} power cuts of devices, {} of the hub, {} starts of it; {} absences, {} devices revoked, {} rollovers, {} "
      "orders, {} "
      "approved, "
      "{} rejected; {} steps, {} events, digest {:016x}",
      outcome.issued, outcome.issued - outcome.explained, outcome.grace_renewals, counts.exchanges, counts.check_ins,
      counts.lost, counts.doubled, counts.late, counts.power_cuts, outcome.hub.cuts, outcome.hub.starts,
      counts.absences, counts.revoked_devices, counts.rollovers, counts.orders, counts.approved, counts.rejected,
      counts.steps, outcome.events, outcome.digest);
}

Status run(const cli::Arguments& arguments, cli::Terminal& terminal) {
  TRY(Plan plan, plan_from(arguments));
  const Directory directory;
  if (directory.path().empty()) return unavailable("there is no place for the hub's database");
  plan.options.directory = directory.path();
  plan.options.print = [&](const std::string& line) { terminal.out << line << '\n'; };
  sim::CheapKeys keys;
  const SystemClock clock;
  std::uint64_t broken = 0;
  for (std::uint64_t seed = plan.first; seed <= plan.last; ++seed) {
    plan.options.seed = seed;
    const auto began = clock.monotonic();
    TRY(sim::SimulationOutcome outcome, sim::simulate(plan.options, keys));
    const double seconds = std::chrono::duration<double>(clock.monotonic() - began).count();
    if (plan.twice) {
      TRY(const sim::SimulationOutcome again, sim::simulate(plan.options, keys));
      if (again.digest != outcome.digest)
        outcome.findings.push_back({.at = {}, .who = "all", .text = "comes to another end"});
    }
    terminal.out << fmt::format("seed {}: {} agents, {} years in {:.1f} s: {}\n", seed, plan.options.agents,
                                plan.options.years, seconds, summary_of(outcome));
    for (const sim::Finding& finding : outcome.findings)
      terminal.out << fmt::format("  {} {} {}\n", to_rfc3339(std::chrono::floor<Seconds>(finding.at)), finding.who,
                                  finding.text);
    if (!outcome.findings.empty()) {
      ++broken;
      terminal.out << fmt::format("  again: ./dev sim --seed {} --agents {} --years {}{} --trace {}\n", seed,
                                  plan.options.agents, plan.options.years,
                                  arguments.has("break") ? " --break " + arguments.text("break") : "",
                                  outcome.findings.front().who);
    }
    terminal.out.flush();
  }
  if (broken > 0) return internal(fmt::format("{} of {} seeds broke a rule", broken, plan.last - plan.first + 1));
  return {};
}

cli::Program sim_program() {
  std::string names;
  for (const auto& [name, breakage] : sim::breakages) names.append(names.empty() ? "" : ", ").append(name);
  return {.name = "chancery-sim",
          .version = "0",
          .summary = "simulates a hub and its devices",
          .description = "For tests: docs/simulation.md.",
          .common_options = {},
          .commands = {
              {.path = "run",
               .summary = "Run one simulation, or one for each of several seeds",
               .options = {{.name = "seed", .value_name = "N", .help = "What decides everything"},
                           {.name = "seeds", .value_name = "A..B", .help = "One after the other"},
                           {.name = "agents", .value_name = "N", .help = "How many devices", .default_text = "1000"},
                           {.name = "years", .value_name = "N", .help = "How long", .default_text = "5"},
                           {.name = "trace", .value_name = "NAME", .help = "Tell what happens to node-3, hub or all"},
                           {.name = "twice", .help = "Run each seed twice, and compare", .flag = true},
                           {.name = "break", .value_name = "NAME", .help = "Make a mistake on purpose: " + names}},
               .run = run}}};
}

}  // namespace
}  // namespace chancery::program

int main(int argc, char** argv) {
  return chancery::cli::run(chancery::program::sim_program(), argc, argv, {std::cout, std::cerr, false});
}
