// docs/bad-inputs.md says what every bad input gets. Here each of its rows is made, and its answer compared, word by
// word; a row without a test, and a test without a row, are failures.

#include "api/bad_inputs_testing.h"

#include <fstream>
#include <set>

namespace chancery::api::bad_inputs {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('`')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('`')) text.remove_suffix(1);
  return text;
}

// The rows whose first cell is an id: "| `id` | input | `answer` |". A vertical bar inside a cell is written "\|".
std::map<std::string, std::string> documented_answers() {
  std::map<std::string, std::string> answers;
  std::ifstream file(CHANCERY_VECTORS "/../docs/bad-inputs.md");
  CHECK(file.is_open());
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    std::vector<std::string> cells(1);
    for (std::size_t i = 1; i < line.size(); ++i) {
      if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|')
        cells.back().push_back(line[++i]);
      else if (line[i] == '|')
        cells.emplace_back();
      else
        cells.back().push_back(line[i]);
    }
    EXPECT_EQ(cells.size(), 4U) << line;
    if (cells.size() != 4) continue;
    EXPECT_TRUE(answers.emplace(trimmed(cells[0]), trimmed(cells[2])).second) << "twice: " << line;
  }
  return answers;
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (std::vector<Case> cases : {http_cases(), message_cases(), policy_cases(), enrolment_cases(), admin_cases()})
    std::ranges::move(cases, std::back_inserter(all));
  return all;
}

TEST(BadInputs, EachGetsWhatTheDocumentSays) {
  const std::map<std::string, std::string> documented = documented_answers();
  for (const Case& row : all_cases()) {
    const auto place = documented.find(std::string(row.id));
    if (place == documented.end()) continue;
    SCOPED_TRACE(row.id);
    Bench bench;
    EXPECT_EQ(row.answer(bench), place->second);
  }
}

TEST(BadInputs, TheDocumentNamesWhatIsTestedAndNothingElse) {
  std::set<std::string> tested, documented;
  for (const Case& row : all_cases()) EXPECT_TRUE(tested.emplace(row.id).second) << "tested twice: " << row.id;
  for (const auto& [id, answer] : documented_answers()) documented.insert(id);
  for (const std::string& id : tested) {
    if (documented.contains(id)) continue;
    Bench bench;
    for (const Case& row : all_cases())
      if (row.id == id) ADD_FAILURE() << "| `" << id << "` | … | `" << row.answer(bench) << "` | is not documented";
  }
  for (const std::string& id : documented) EXPECT_TRUE(tested.contains(id)) << "not tested: " << id;
}

}  // namespace
}  // namespace chancery::api::bad_inputs
