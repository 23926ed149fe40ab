#pragma once

// What a certificate renews, directly or not, and what is good still: who revokes one should know of the others.

#include <boost/json/object.hpp>

#include "api/shape.h"
#include "hub/ledger.h"

namespace chancery::api {

// Adds the field `earlier`: what is neither revoked for good nor over at `now`, the newest first.
Status add_earlier(boost::json::object& row, const ca::CertificateRecord& record, hub::Books& books, Timestamp now);
[[nodiscard]] Field earlier_field();

}  // namespace chancery::api
