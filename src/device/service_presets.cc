// The presets: what the packages of Debian 12 really want (docs/services.md says how each was found out).

#include "device/slot_options.h"

namespace chancery::device {
namespace {

std::vector<PresetFacts> make_presets() {
  std::vector<PresetFacts> all;

  all.push_back({.preset = Preset::none, .name = "none", .what = "no service that has to be told", .options = {}});

  // The master process reads the files as root, and `nginx -s reload` checks the configuration first.
  PresetFacts nginx{.preset = Preset::nginx, .name = "nginx", .what = "nginx, a web server", .options = {}};
  nginx.options.key_path = "/etc/nginx/chancery/{slot}.key";
  nginx.options.full_chain_path = "/etc/nginx/chancery/{slot}.pem";
  nginx.options.reload = {"/usr/bin/systemctl", "reload-or-restart", "nginx.service"};
  nginx.options.restart = {"/usr/bin/systemctl", "restart", "nginx.service"};
  nginx.options.health_check = "tls:127.0.0.1:443:{host}";
  all.push_back(std::move(nginx));

  // Reads the files anew with each connection, so there is nothing to reload. On loopback they are those of its
  // ServerName.
  PresetFacts cups{.preset = Preset::cups, .name = "cups", .what = "CUPS, printing over IPPS", .options = {}};
  cups.options.key_path = "/etc/cups/ssl/{host}.key";
  cups.options.full_chain_path = "/etc/cups/ssl/{host}.crt";
  cups.options.restart = {"/usr/bin/systemctl", "restart", "cups.service"};
  cups.options.health_check = "tls:127.0.0.1:631:{host}";
  cups.apparmor_profile = "usr.sbin.cupsd";
  all.push_back(std::move(cups));

  // The unit runs `swanctl --load-all` when it is reloaded and after each start, and charon does not stay up when that
  // fails because a connection lacks its certificate: so the first certificate starts it. swanctl reads each file of
  // its folders and hands it to the daemon. Of a file with CA certificates it takes the first and passes over an empty
  // one, and only a root is trusted: so the root, which comes first, and what is between have a file each. It ends with
  // 0 also when it could not read a key, for want of a plugin or of AppArmor's leave: so the check is that it says what
  // it loaded.
  PresetFacts strongswan{
      .preset = Preset::strongswan, .name = "strongswan", .what = "strongSwan, IPsec by swanctl", .options = {}};
  strongswan.options.key_path = "/etc/swanctl/private/{slot}.pem";
  strongswan.options.certificate_path = "/etc/swanctl/x509/{slot}.pem";
  strongswan.options.chain_path = "/etc/swanctl/x509ca/{slot}-issuing.pem";
  strongswan.options.authorities_path = "/etc/swanctl/x509ca/{slot}.pem";
  strongswan.options.reload = {"/usr/bin/systemctl", "reload-or-restart", "strongswan.service"};
  strongswan.options.restart = {"/usr/bin/systemctl", "restart", "strongswan.service"};
  strongswan.options.health_check = "command: /usr/sbin/swanctl --load-creds --noprompt";
  strongswan.options.health_output = "loaded private key from '/etc/swanctl/private/{slot}.pem'";
  strongswan.apparmor_profile = "usr.sbin.swanctl";
  all.push_back(std::move(strongswan));

  // `reconfigure` drops the association and authenticates anew, with the files as they are then. It says OK before that
  // succeeded, so only the state shows whether the network takes the certificate. It answers at a socket that wpa_cli
  // makes, by default in a /tmp that nobody else sees when the agent's unit has one of its own.
  PresetFacts wpa{.preset = Preset::wpa_supplicant,
                  .name = "wpa_supplicant",
                  .what = "wpa_supplicant, 802.1X with EAP-TLS",
                  .options = {}};
  wpa.options.key_path = "/etc/wpa_supplicant/chancery/{slot}.key";
  wpa.options.full_chain_path = "/etc/wpa_supplicant/chancery/{slot}.pem";
  wpa.options.authorities_path = "/etc/wpa_supplicant/chancery/{slot}-ca.pem";
  wpa.options.reload = {"/sbin/wpa_cli", "-s", "/run", "reconfigure"};
  wpa.options.restart = {"/sbin/wpa_cli", "-s", "/run", "reconfigure"};
  wpa.options.health_check = "command: /sbin/wpa_cli -s /run status";
  wpa.options.health_output = "EAP state=SUCCESS";
  // A switch that turned a device away does not listen to it for a minute (IEEE 802.1X: quietPeriod), and
  // wpa_supplicant asks again every half a minute.
  wpa.options.health_timeout = Seconds(120);
  all.push_back(std::move(wpa));

  // The driver gtls reads the files with each connection, ossl only when rsyslog starts; SIGHUP closes log files and no
  // more. That it runs says nothing of TLS: it goes on without a listener whose files it cannot use.
  PresetFacts rsyslog{.preset = Preset::rsyslog, .name = "rsyslog", .what = "rsyslog, logs over TLS", .options = {}};
  rsyslog.options.key_path = "/etc/rsyslog-tls/{slot}.key";
  rsyslog.options.full_chain_path = "/etc/rsyslog-tls/{slot}.pem";
  rsyslog.options.authorities_path = "/etc/rsyslog-tls/{slot}-ca.pem";
  rsyslog.options.reload = {"/usr/bin/systemctl", "restart", "rsyslog.service"};
  rsyslog.options.restart = {"/usr/bin/systemctl", "restart", "rsyslog.service"};
  rsyslog.options.health_check = "command: /usr/bin/systemctl is-active rsyslog.service";
  all.push_back(std::move(rsyslog));

  // Runs as the user kamailio from the start. Its group may read the key; only root may change it. It does not start
  // without its files, so the first certificate starts it. kamcmd ends with 0 whatever Kamailio answers.
  PresetFacts kamailio{.preset = Preset::kamailio, .name = "kamailio", .what = "Kamailio, SIP over TLS", .options = {}};
  kamailio.options.key_path = "/etc/kamailio/tls/{slot}.key";
  kamailio.options.full_chain_path = "/etc/kamailio/tls/{slot}.pem";
  kamailio.options.authorities_path = "/etc/kamailio/tls/{slot}-ca.pem";
  kamailio.options.group = "kamailio";
  kamailio.options.key_mode = "0640";
  kamailio.options.reload = {"/bin/sh", "-c",
                             "systemctl start kamailio.service && { said=$(kamcmd tls.reload 2>&1); echo \"$said\"; "
                             "expr \"$said\" : Ok >/dev/null; }"};
  kamailio.options.restart = {"/usr/bin/systemctl", "restart", "kamailio.service"};
  kamailio.options.health_check = "tls:127.0.0.1:5061:{host}";
  all.push_back(std::move(kamailio));

  return all;
}

}  // namespace

const std::vector<PresetFacts>& presets() {
  static const std::vector<PresetFacts> all = make_presets();
  return all;
}

}  // namespace chancery::device
