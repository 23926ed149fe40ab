#include "api/earlier_certificates.h"

#include <boost/json/array.hpp>

#include "api/json_views.h"
#include "hub/certificate_chain.h"

namespace chancery::api {

Status add_earlier(boost::json::object& row, const ca::CertificateRecord& record, hub::Books& books, Timestamp now) {
  TRY(const std::vector<ca::CertificateRecord> earlier, hub::open_earlier_of(books, record, now));
  boost::json::array rows;
  for (const ca::CertificateRecord& each : earlier)
    rows.push_back(boost::json::object{{"serial", each.serial.hex()},
                                       {"status", to_string(ca::status_of(each, now))},
                                       {"not_after", to_rfc3339(each.validity.not_after)}});
  row["earlier"] = std::move(rows);
  return {};
}

Field earlier_field() {
  static const Shape shape{
      .name = "EarlierCertificate",
      .fields = {{.name = "serial", .help = "Hexadecimal", .required = true},
                 {.name = "status",
                  .help = "What it is now",
                  .required = true,
                  .choices = {"valid", "expiring", "superseded", "suspended"}},
                 {.name = "not_after", .type = FieldType::time, .help = "End of its validity", .required = true}}};
  return {.name = "earlier",
          .type = FieldType::object_list,
          .help = "What it renews, directly or not, and what is neither revoked for good nor expired, newest first",
          .required = true,
          .shape = &shape};
}

}  // namespace chancery::api
