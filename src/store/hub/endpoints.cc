#include "store/hub/endpoints.h"

#include "store/hub/json_text.h"
#include "store/hub/statements.h"

namespace chancery::store {

Result<std::vector<hub::StoredEndpoint>> Endpoints::all() {
  TRY(sql::Rows rows, session_.query(statements::endpoints::all));
  return rows.all([](const sql::Row& row) -> Result<hub::StoredEndpoint> {
    hub::StoredEndpoint endpoint{.name = row.get<std::string>(0)};
    TRY_IN("reading endpoint " + endpoint.name, TextPairs pairs, pairs_from_json(row.text(1)));
    for (auto& [key, value] : pairs) endpoint.settings.push_back({std::move(key), std::move(value)});
    return endpoint;
  });
}

Status Endpoints::put(const hub::StoredEndpoint& endpoint) {
  TextPairs pairs;
  for (const config::Setting& setting : endpoint.settings) pairs.emplace_back(setting.key, setting.value);
  TRY([[maybe_unused]] const auto put, session_.change(statements::endpoints::put, endpoint.name, to_json(pairs)));
  return {};
}

Result<bool> Endpoints::remove(std::string_view name) {
  TRY(const std::int64_t removed, session_.change(statements::endpoints::remove, name));
  return removed == 1;
}

}  // namespace chancery::store
