#include "api/finding_rules.h"

#include <algorithm>

#include "base/check.h"

namespace chancery::api {
namespace {

constexpr std::string_view roll_over =
    "announce the next generation, give devices time to fetch it, then activate it: see 'chancery ca --help'";
constexpr std::string_view new_root = "plan a new authority: every device must get the new root in time";
constexpr std::string_view set_clock = "set the machine's clock, then make new CRLs with 'chancery crl publish'";
constexpr std::string_view bring_root_key =
    "bring the root's key back to this machine: a new CRL is made within minutes";
constexpr std::string_view set_base_url =
    "set base_url in the configuration to a name that all devices can resolve; certificates that were issued before "
    "keep the old CRL address";
constexpr std::string_view decide = "decide with 'chancery request list', 'approve' and 'reject'";

constexpr FindingRule rules[] = {
    {"not_ready", "not ready: {cause}", "look at the disk, its free space and permissions, and into the log"},
    {"clock_early", "the clock says {now}, which is before the issuing CA begins to be valid ({time})",
     "set the machine's clock, and keep it right with NTP"},
    {"root_expired", "the root certificate expired at {time}", new_root},
    {"root_expires", "the root certificate expires at {time}", new_root},
    {"issuing_expired", "the issuing CA's certificate expired at {time}", roll_over},
    {"issuing_expires", "the issuing CA's certificate expires at {time}", roll_over},
    {"ra_expired", "the RA's certificate expired at {time}", roll_over},
    {"ra_expires", "the RA's certificate expires at {time}", roll_over},
    {"root_key_here", "the root's private key lies on this machine",
     "it is needed for a rollover only: keep it offline until then, with a copy in another place"},
    {"root_crl_future", "the root's CRL is from the future ({time}): the clock was set back", set_clock},
    {"crl_future", "the CRL of generation {generation} is from the future ({time}): the clock was set back", set_clock},
    {"root_crl_expired", "the root's CRL expired at {time}", bring_root_key},
    {"root_crl_expires", "the root's CRL expires at {time}", bring_root_key},
    {"crl_not_renewed", "the CRL of generation {generation} expires at {time} and was not renewed",
     "look into the log for why CRLs could not be made"},
    {"crl_behind", "the CRL of generation {generation} lacks what was revoked or released since: it could not be made",
     "make room on the disk, and look into the log: it is tried again every minute"},
    {"ledger_gone", "{file} is not there any more: what is decided from now on is lost when the server stops",
     "stop the server, and restore ledger.db and the authority folder together from a backup: see docs/backup.md"},
    {"endpoints_unreadable", "the endpoints cannot be read: {cause}", "look at the disk and into the log"},
    {"endpoint_none", "there is no endpoint: no device can enrol", "add one: see 'chancery endpoint add --help'"},
    {"endpoint_silent", "endpoint {endpoint} does not answer: {cause}",
     "correct its settings; secret files must be readable for the service"},
    {"endpoint_not_loaded", "endpoint {endpoint} does not answer: it could not be loaded",
     "correct its settings; secret files must be readable for the service"},
    {"endpoint_off", "endpoint {endpoint} is switched off", "set enabled=true when devices shall enrol there"},
    {"endpoint_warning", "endpoint {endpoint}: {cause}", "change its settings, if its clients can do better"},
    {"alias_nowhere", "{option} names the endpoint {endpoint}, and there is none: devices get 404 at its address",
     "add that endpoint, or correct the option in the configuration and start the server again"},
    {"endpoint_too_long",
     "endpoint {endpoint} issues for {validity}, but the issuing CA ends at {time}: requests are refused from "
     "{last_time} on",
     "shorten the endpoint's validity, or announce and activate the next generation"},
    {"base_url_local", "base_url is {url}: only this machine reaches CRLs and SCEP there", set_base_url},
    {"base_url_bare", "base_url is {url}: a name without a domain, which devices elsewhere cannot resolve",
     set_base_url},
    {"base_url_https",
     "base_url begins with https: to check a TLS certificate, devices would need the CRL that they fetch over TLS",
     "use http for base_url: CRLs and CA certificates are signed"},
    {"request_waits", "1 request waits for longer than a day", decide},
    {"requests_wait", "{count} requests wait for longer than a day", decide},
    {"intents_left", "certificates that were decided on and never signed, for longer than a day: {count}",
     "nothing is lost: each is signed when its device asks again; revoke those whose device will not"},
    {"disk_full", "the disk of {folder} has {mebibytes} MiB left", "make room: nothing is issued on a full disk"},
};

}  // namespace

std::span<const FindingRule> finding_rules() { return rules; }

std::vector<std::string_view> finding_names() {
  std::vector<std::string_view> names;
  for (const FindingRule& rule : rules) names.push_back(rule.name);
  return names;
}

const FindingRule& finding_rule(std::string_view name) {
  const auto* place = std::ranges::find(rules, name, &FindingRule::name);
  CHECK(place != std::end(rules));
  return *place;
}

std::string filled(std::string_view pattern, const FindingValues& values) {
  std::string text;
  while (true) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    text.append(pattern.substr(0, open));
    if (open == pattern.size()) return text;
    const std::size_t close = pattern.find('}', open);
    const auto value =
        std::ranges::find(values, pattern.substr(open + 1, close - open - 1), &FindingValues::value_type::first);
    CHECK(value != values.end());
    text += value->second;
    pattern.remove_prefix(close + 1);
  }
}

}  // namespace chancery::api
