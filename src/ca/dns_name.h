#pragma once

// Host names as certificates may hold them (RFC 1123 section 2.1, RFC 5280 section 4.2.1.6).

#include <string>
#include <string_view>
#include <vector>

namespace chancery::ca {

// What is wrong with a host name, as the rest of a sentence ("has an underscore"); empty when it is one. Letters,
// digits and hyphens only: underscores are for service records, not hosts, and browsers refuse them. An international
// name must come as A-labels (xn--…). A last label of digits alone would be an address. No trailing dot.
[[nodiscard]] std::string dns_name_problem(std::string_view name);

// True when `name` is one of `suffixes` or below one, whatever the case: host.example.com is below example.com,
// badexample.com is not.
[[nodiscard]] bool below_any(std::string_view name, const std::vector<std::string>& suffixes);

}  // namespace chancery::ca
