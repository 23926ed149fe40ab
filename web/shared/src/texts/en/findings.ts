// What the hub finds wrong with itself, by the rules of its findings (src/api/finding_rules.cc).
import type { FindingRule } from "../../api/models.ts";

const rollOver =
  "Announce the next generation, give devices time to fetch it, then activate it: under Authority, Generations.";
const newRoot = "Plan a new authority: every device must get the new root in time.";
const setClock = "Set the machine's clock, then make new CRLs under Authority, CRLs.";
const bringRootKey = "Bring the root's private key back to this machine: a new CRL is made within minutes.";
const setBaseUrl =
  "Set base_url in the configuration to a name that all devices can resolve. Certificates that were issued before keep the old CRL address.";
const decide = "Approve or reject them on the page Requests.";
const mendSettings = "Correct its settings; files with secrets must be readable for the service.";

export const findings = {
  finding: {
    not_ready: {
      what: "The server is not ready: {{cause}}",
      fix: "Look at the disk, its free space and permissions, and into the log.",
    },
    clock_early: {
      what: "The clock says {{now}}, which is before the issuing CA begins to be valid ({{time}})",
      fix: "Set the machine's clock, and keep it right with NTP.",
    },
    root_expired: { what: "The root certificate has expired: {{time}}", fix: newRoot },
    root_expires: { what: "The root certificate expires soon: {{time}}", fix: newRoot },
    issuing_expired: { what: "The issuing CA's certificate has expired: {{time}}", fix: rollOver },
    issuing_expires: { what: "The issuing CA's certificate expires soon: {{time}}", fix: rollOver },
    ra_expired: { what: "The RA's certificate has expired: {{time}}", fix: rollOver },
    ra_expires: { what: "The RA's certificate expires soon: {{time}}", fix: rollOver },
    root_key_here: {
      what: "The root's private key lies on this machine",
      fix: "It is needed for a rollover only: keep it offline until then, with a copy in another place.",
    },
    root_crl_future: { what: "The root's CRL is from the future ({{time}}): the clock was set back", fix: setClock },
    crl_future: {
      what: "The CRL of generation {{generation}} is from the future ({{time}}): the clock was set back",
      fix: setClock,
    },
    root_crl_expired: { what: "The root's CRL has expired: {{time}}", fix: bringRootKey },
    root_crl_expires: { what: "The root's CRL expires soon: {{time}}", fix: bringRootKey },
    crl_not_renewed: {
      what: "The CRL of generation {{generation}} expires soon and was not renewed: {{time}}",
      fix: "Look into the log for why CRLs could not be made.",
    },
    crl_behind: {
      what: "The CRL of generation {{generation}} lacks what was revoked or released since: it could not be made",
      fix: "Make room on the disk, and look into the log: it is tried again every minute.",
    },
    ledger_gone: {
      what: "{{file}} is not there any more: what is decided from now on is lost when the server stops",
      fix: "Stop the server, and restore ledger.db and the authority folder together from a backup: see docs/backup.md.",
    },
    endpoints_unreadable: {
      what: "The endpoints cannot be read: {{cause}}",
      fix: "Look at the disk and into the log.",
    },
    endpoint_none: {
      what: "There is no endpoint: no device can enrol",
      fix: "Add one under Authority, Endpoints.",
    },
    endpoint_silent: { what: "Endpoint {{endpoint}} does not answer: {{cause}}", fix: mendSettings },
    endpoint_not_loaded: {
      what: "Endpoint {{endpoint}} does not answer: it could not be loaded",
      fix: mendSettings,
    },
    endpoint_off: {
      what: "Endpoint {{endpoint}} is switched off",
      fix: "Set enabled to true when devices shall enrol there.",
    },
    endpoint_warning: {
      what: "Endpoint {{endpoint}}: {{cause}}",
      fix: "Change its settings, if its clients can do better.",
    },
    alias_nowhere: {
      what: "{{option}} names the endpoint {{endpoint}}, and there is none: devices get 404 at its address",
      fix: "Add that endpoint, or correct the option in the configuration and start the server again.",
    },
    endpoint_too_long: {
      what: "Endpoint {{endpoint}} issues for {{validity}}, but the issuing CA ends on {{time}}: requests are refused from {{last_time}} on",
      fix: "Shorten the endpoint's validity, or announce and activate the next generation.",
    },
    base_url_local: { what: "base_url is {{url}}: only this machine reaches CRLs and SCEP there", fix: setBaseUrl },
    base_url_bare: {
      what: "base_url is {{url}}: a name without a domain, which devices elsewhere cannot resolve",
      fix: setBaseUrl,
    },
    base_url_https: {
      what: "base_url begins with https: to check a TLS certificate, devices would need the CRL that they fetch over TLS",
      fix: "Use http for base_url: CRLs and CA certificates are signed.",
    },
    request_waits: { what: "A request has waited for longer than a day", fix: decide },
    requests_wait: { what: "{{count}} requests have waited for longer than a day", fix: decide },
    intents_left: {
      what: "Certificates that were decided on and never signed, for longer than a day: {{count}}",
      fix: "Nothing is lost: each is signed when its device asks again. Revoke those whose device will not.",
    },
    disk_full: {
      what: "The disk of {{folder}} has {{mebibytes}} MiB left",
      fix: "Make room: nothing is issued on a full disk.",
    },
  } satisfies Record<FindingRule, { what: string; fix: string }>,
} as const;
