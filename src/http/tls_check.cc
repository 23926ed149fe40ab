#include "http/tls_check.h"

#include "http/tls_context.h"

namespace chancery::http {

Status check_tls(const TlsSource& source) {
  TRY([[maybe_unused]] const TlsContext context, make_tls_context(source, {}));
  return {};
}

}  // namespace chancery::http
