#pragma once

// Lists of certificates: the only statement that is put together, from the parts that a filter asks for.

#include <string>
#include <string_view>

#include "ca/records.h"
#include "sql/connection.h"

namespace chancery::store {

// Takes eight parameters, whatever the filter: endpoint, expires after, expires before, three times the text pattern,
// the id to stay below, the limit. Values of the filter never stand in it, so there are few different texts.
[[nodiscard]] std::string certificate_list_sql(const ca::CertificateFilter& filter);

// The pattern of LIKE that finds `text` anywhere, in lower case, with `!` as the escape character.
[[nodiscard]] std::string like_pattern(std::string_view text);

// The first fourteen columns of certificates.find, without the bytes.
Result<ca::CertificateRecord> certificate_from(const sql::Row& row);

}  // namespace chancery::store
