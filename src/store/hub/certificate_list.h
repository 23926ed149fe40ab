#pragma once

// Lists of certificates: the only statement that is put together, from the parts that a filter asks for.

#include <string>
#include <string_view>

#include "ca/records.h"
#include "sql/connection.h"

namespace chancery::store {

// How the rows are found; chosen by what the ledger holds, so that no list is slow.
struct ListPlan {
  // By the words of a search: those that have the rarest of them, or the number; else on the way, because each is
  // common.
  bool by_word = false;
  // By the state, because few certificates are in it.
  bool by_state = false;
  // By the time of their end, because few end in that window.
  bool by_window = false;
  // By the slots of the cluster's nodes, because these are few.
  bool by_cluster = false;
};

// Takes 25 parameters, whatever the filter: endpoint, ends after, ends before, five times `now`, six patterns of words,
// two places (not_after or subject, and id) between which to look, the last included, two bounds each of a word, a
// serial and a fingerprint, the node, its slot twice, the cluster, and the limit. Values of the filter never stand in
// it, so there are few different texts.
[[nodiscard]] std::string certificate_list_sql(const ca::CertificateFilter& filter, ListPlan plan);

// Where a walk in the order of the list has looked at so many: the place's key and id. Takes the endpoint, not_after or
// subject where it begins, its id, and how many to leave out before. Not for all certificates as they were created.
[[nodiscard]] std::string certificate_walk_sql(const ca::CertificateFilter& filter);

// The columns of certificates.find, without the bytes.
Result<ca::CertificateRecord> certificate_from(const sql::Row& row);

}  // namespace chancery::store
