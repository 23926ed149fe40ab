// The mock's invented fleet: the same every time, but for the clock.
import { finding, known, sentence } from "./sentences.mjs";
import { settings } from "./settings.mjs";

const day = 86_400e3;
let seed = 7;
const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648), seed / 2147483648);
const hex = (bytes) =>
  Array.from({ length: bytes }, () =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, "0"),
  ).join("");
const at = (offset) => new Date(Date.now() + offset).toISOString().replace(/\.\d+Z/, "Z");

const weak = "3DES and SHA-1 are weak; allow them only where a client cannot do better";
const pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const certificateOf = (name, issuer, years) => ({
  subject: `CN=${name},O=Example`,
  issuer: `CN=${issuer},O=Example`,
  serial: hex(17),
  not_before: at(-200 * day),
  not_after: at(years * 365 * day),
  key_type: "rsa:3072",
  sha256: hex(32),
  sha1: hex(20),
  pem,
});

const kinds = [
  ["printer", "printer", ["ipps", "scan"]],
  ["room", "room-device", ["https", "802.1x"]],
  ["phone", "phone", ["sip"]],
  ["cucm", "uc-node", ["tomcat", "callmanager"]],
];

export function makeFleet(empty) {
  const now = Date.now();
  const clusters = empty
    ? []
    : ["berlin", "são-paulo", "osaka", "rotterdam", "lab"].map((name, index) => ({
        id: index + 1,
        name,
        created: at(-90 * day),
      }));
  const defaults = Object.fromEntries(settings.map(({ key, default: value }) => [key, value]));
  const endpoint = (name, changes) => ({
    name,
    serves: true,
    settings: { ...defaults, ...changes },
    warnings: [],
    warning_sentences: [],
    scep_url: `http://hub.example.com:8080/scep/${name}`,
  });
  const authority = {
    root: certificateOf("Example Root CA", "Example Root CA", 19),
    generations: [
      {
        number: 3,
        state: "next",
        issuing: certificateOf("Example Issuing CA 3", "Example Root CA", 9),
        ra: certificateOf("Example SCEP RA 3", "Example Issuing CA 3", 9),
      },
      {
        number: 2,
        state: "current",
        issuing: certificateOf("Example Issuing CA 2", "Example Root CA", 6),
        ra: certificateOf("Example SCEP RA 2", "Example Issuing CA 2", 6),
      },
      {
        number: 1,
        state: "old",
        issuing: certificateOf("Example Issuing CA 1", "Example Root CA", 0.05),
        ra: certificateOf("Example SCEP RA 1", "Example Issuing CA 1", 0.05),
      },
    ].slice(empty ? 1 : 0, empty ? 2 : 3),
  };
  const certificates = [];
  const issue = (name, slot, node, ends, extra = {}) => {
    const certificate = {
      serial: "01" + hex(16),
      state: "issued",
      endpoint: name.startsWith("cucm") ? "uc" : "printers",
      generation: 2,
      subject: `CN=${name}.example.com,O=Example`,
      alternative_names: [`dns:${name}.example.com`, "ip:192.0.2." + Math.floor(random() * 250)],
      not_before: at(ends - 90 * day),
      not_after: at(ends),
      created: at(ends - 90 * day),
      key_fingerprint: hex(32),
      fingerprint: hex(32),
      node_id: node?.id,
      node: node?.name,
      slot,
      active: true,
      status: ends < 0 ? "expired" : ends < 30 * day ? "expiring" : "valid",
      ...extra,
    };
    certificates.push(certificate);
    return certificate;
  };
  const nodes = [];
  const order = (id, node, verb, state, seconds, extra = {}) => ({
    id,
    node_id: node,
    node: nodes.find((each) => each.id === node)?.name,
    verb,
    parameters: {},
    state,
    created: at(seconds * 1000),
    created_by: "user admin",
    deadline: at((seconds + 86_400) * 1000),
    finished: state === "queued" || state === "delivered" ? undefined : at((seconds + 40) * 1000),
    data: {},
    sentence: known(extra.text),
    ...extra,
  });
  const refusal = (subject, failInfo, reason, times, seconds) => ({
    endpoint: "printers",
    source: `192.0.2.${200 + (times % 50)}`,
    subject,
    fail_info: failInfo,
    reason,
    sentences: [sentence(reason)],
    times,
    first: at(-seconds * 4000),
    last: at(-seconds * 1000),
  });
  for (let index = 0; index < (empty ? 0 : 130); index += 1) {
    const [prefix, product, slots] = kinds[index % kinds.length];
    const name = `${prefix}-${String(Math.floor(index / kinds.length) + 1).padStart(2, "0")}`;
    const state =
      index === 5 || index === 9 ? "waiting" : index === 14 ? "blocked" : index === 18 ? "expected" : "admitted";
    const node = {
      id: index + 1,
      name,
      product,
      state,
      // The fourth is small, the fifth empty, and the last nodes are in none.
      cluster_id: index >= 120 ? undefined : index % 10 === 8 ? 4 : (index % 3) + 1,
      created: at(-80 * day),
      first_seen: at(-79 * day),
      last_seen: at(index % 11 === 3 ? -9 * day : -random() * 120e3),
      remote_address: `192.0.2.${index + 10}`,
      agent_version: "0.2.0",
      clock_offset_seconds: index % 7 === 0 ? -3 : 0,
      clock_synchronised: index % 13 === 0 ? "unknown" : "yes",
      online: index % 11 !== 3 && state !== "blocked",
      slots: [],
      trust: [],
      stored: [],
      challenges: [],
    };
    if (state === "expected")
      Object.assign(node, {
        online: false,
        first_seen: undefined,
        last_seen: undefined,
        remote_address: undefined,
        agent_version: undefined,
        clock_synchronised: "unknown",
      });
    for (const slot of state === "expected" ? [] : slots) {
      const ends =
        index === 2
          ? -2 * day
          : index === 7 || index === 31
            ? 4 * day
            : index === 12
              ? 12 * day
              : (25 + random() * 65) * day;
      const certificate = issue(name, slot, node, ends);
      const failed = index === 7 && slot === slots[0];
      node.slots.push({
        name: slot,
        service: { ipps: "CUPS", sip: "Kamailio", https: "nginx" }[slot],
        stage: failed ? "failed" : ends < 0 ? "expired" : index === 20 ? "awaiting_approval" : "valid",
        active: certificate.fingerprint,
        serial: certificate.serial,
        subject: certificate.subject,
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        renew_at: at(ends - 25 * day),
        next_attempt: failed ? at(600e3) : undefined,
        last_error: failed
          ? "putting the new certificate into service: health check tls:127.0.0.1:631: connection refused; the pair of before is back"
          : undefined,
        certificate_status: ends < 0 ? "expired" : "valid",
        csr:
          index === 11 && slot === slots[0]
            ? "-----BEGIN CERTIFICATE REQUEST-----\nMIIBGzCBwgIBADBgMQswCQYDVQQGEwJERTEQMA4GA1UE\n-----END CERTIFICATE REQUEST-----\n"
            : undefined,
      });
    }
    node.trust = [
      {
        store: "system",
        sha256: authority.root.sha256,
        subject: authority.root.subject,
        not_after: authority.root.not_after,
      },
    ];
    // Another authority's, which some lack.
    if (index % 13 !== 5 && index !== 48)
      node.trust.push({
        store: "wifi",
        sha256: "5c".repeat(32),
        subject: "CN=Campus Wi-Fi CA,O=Example",
        not_after: at(900 * day),
      });
    // A device that has not heard of it, or will not.
    if (index === 14 && node.slots[0]) {
      node.slots[0].certificate_status = "revoked";
      const used = certificates.find(({ serial }) => serial === node.slots[0].serial);
      Object.assign(used, { state: "revoked", status: "revoked", revoked_at: at(-day), reason: "keyCompromise" });
    }
    const stages = node.slots.map((slot) =>
      slot.certificate_status === "revoked"
        ? "revoked"
        : slot.stage === "failed"
          ? "failed"
          : Date.parse(slot.not_after) < now
            ? "expired"
            : Date.parse(slot.not_after) < now + 30 * day
              ? "expiring"
              : "ok",
    );
    node.worst = ["revoked", "failed", "expired", "expiring", "ok"].find((each) => stages.includes(each)) ?? "empty";
    node.next_expiry = node.slots.map((slot) => slot.not_after).sort()[0];
    nodes.push(node);
  }
  if (!empty) {
    issue("printer-01", "ipps", nodes[0], 10 * day, {
      state: "revoked",
      status: "revoked",
      revoked_at: at(-3 * day),
      reason: "superseded",
      active: false,
    });
    issue("old-scanner", undefined, undefined, -40 * day, { active: undefined });
    issue("printer-02", "wifi", nodes[1], 60 * day, {
      state: "revoked",
      status: "suspended",
      revoked_at: at(-2 * day),
      reason: "certificateHold",
    });
    for (const days of [9, 33, 33, 61])
      issue(`scanner-${days}`, undefined, undefined, days * day, { active: undefined });
  }
  const requests = empty
    ? []
    : ["room-90", "printer-77", "phone-12", "sip-gateway", "scanner-3"].map((name, index) => ({
        id: 40 + index,
        state: index < 3 ? "pending" : index === 3 ? "issued" : "rejected",
        endpoint: "room-devices",
        renewal: index === 2,
        subject: `CN=${name}.example.com,O=Example`,
        alternative_names: [`dns:${name}.example.com`],
        key_type: index % 2 ? "ec:p256" : "rsa:2048",
        source: `192.0.2.${index + 90}`,
        transaction_id: hex(16),
        created: at(-index * 3600e3 - 200e3),
        updated: at(-index * 3000e3),
        requested_subject: index === 0 ? "CN=room-90" : `CN=${name}.example.com,O=Example`,
        key_fingerprint: hex(32),
        signature_algorithm: "sha256WithRSAEncryption",
        extensions: ["2.5.29.17 subjectAltName"],
        reason: index < 3 ? "the endpoint asks for approval" : index === 4 ? "nobody knows this device" : undefined,
        sentence: index < 3 ? sentence("the endpoint asks for approval") : undefined,
        fail_info: index === 4 ? "badRequest" : undefined,
        serial: index === 3 ? certificates[0].serial : undefined,
      }));
  const audit = Array.from({ length: empty ? 1 : 180 }, (_, index) => ({
    sequence: 180 - index,
    at: at(-index * 1700e3),
    actor: ["user admin", "scep 192.0.2.17", "chancery", "admin uid 0 (root)"][index % 4],
    action: ["session.opened", "certificate.issued", "crl.published", "certificate.revoked", "order.failed"][index % 5],
    subject: certificates[index % Math.max(1, certificates.length)]?.serial ?? "1",
    details: [
      { name: "endpoint", value: "printers" },
      { name: "sha256", value: hex(32) },
    ],
    hash: hex(32),
  }));
  const challenges = empty
    ? []
    : ["open", "used", "expired"].map((state, index) => ({
        id: hex(6),
        endpoint: "printers",
        state,
        subject: index === 0 ? "CN=printer-40" : undefined,
        alternative_names: index === 1 ? ["dns:printer-41.example.com"] : [],
        created: at(-index * 3600e3),
        expires: at((1 - index) * 3600e3),
        used: state === "used" ? at(-600e3) : undefined,
        used_by: state === "used" ? certificates[3].serial : undefined,
        note: index === 0 ? "third floor" : "",
      }));
  return {
    clusters,
    nodes,
    certificates,
    requests,
    audit,
    challenges,
    authority,
    endpoint,
    orders: empty
      ? []
      : [
          order(24, 8, "renew_slot", "failed", -7200, {
            slot: "tomcat",
            text: "putting the new certificate into service: health check tls:127.0.0.1:631: connection refused; the pair of before is back",
          }),
          order(23, 12, "generate_csr", "done", -7600, {
            slot: "ipps",
            created_by: "operator",
            data: {
              csr: "-----BEGIN CERTIFICATE REQUEST-----\nMIIBGzCBwgIBADBgMQswCQYDVQQGEwJE\n-----END CERTIFICATE REQUEST-----\n",
            },
          }),
          order(22, 8, "reload", "done", -8200, { slot: "tomcat", created_by: "operator" }),
          order(21, 1, "restart", "queued", -100, { slot: "ipps" }),
          ...Array.from({ length: 17 }, (_, index) =>
            order(
              20 - index,
              index * 3 + 1,
              index < 12 ? "add_trust" : "renew_slot",
              ["done", "done", "delivered", "done", "expired", "cancelled"][index % 6],
              -90_000 - index * 3000,
              index < 12
                ? { parameters: { store: "default" } }
                : { slot: "sip", text: index % 6 === 4 ? "the node was not here in time" : undefined },
            ),
          ),
          order(3, undefined, "remove_trust", "cancelled", -9 * 86_400, {
            parameters: { store: "default", sha256: authority.root.sha256 },
          }),
        ],
    refusals: empty
      ? []
      : [
          refusal(
            "CN=scanner-9.example.com,O=Example",
            "badRequest",
            "the challenge password is missing, wrong, used or expired",
            14,
            40,
          ),
          refusal("CN=door-station,OU=Ground floor", "badAlg", "cipher 3des-cbc is not allowed here", 310, 900),
          refusal("CN=*.example.com", "badRequest", "the common name '*.example.com' is a wildcard", 1, 30_000),
        ],
    users: [
      {
        name: "admin",
        role: "administrator",
        created: at(-100 * day),
        last_sign_in: at(-60e3),
        must_change_password: false,
      },
      {
        name: "maria",
        role: "operator",
        created: at(-20 * day),
        last_sign_in: at(-9000e3),
        locked_until: at(240e3),
        must_change_password: false,
      },
      { name: "revision", role: "auditor", created: at(-2 * day), must_change_password: true, disabled: false },
    ],
    endpoints: empty
      ? []
      : [
          endpoint("printers", { authorisers: "challenge", alternative_names: "dns,ip", validity: "90d" }),
          endpoint("room-devices", { authorisers: "manual", validity: "90d" }),
          {
            ...endpoint("old-copiers", { preset: "canon", authorisers: "challenge", allow_3des_sha1: "true" }),
            warnings: [weak],
            warning_sentences: [sentence(weak)],
          },
        ],
    crls: [0, 2].map((generation) => ({
      generation,
      number: generation + 4,
      this_update: at(-2 * day),
      next_update: at((generation === 0 ? 363 : 5) * day),
      size: 554 + generation * 40,
      url: `http://hub.example.com:8080/crl/${generation || "root"}.crl`,
    })),
    findings: empty
      ? []
      : [
          finding("warning", "endpoint_warning", { endpoint: "old-copiers", cause: weak }),
          finding("warning", "root_crl_expires", { time: at(60 * day) }),
          finding("info", "root_key_here"),
        ],
    pem,
    overview() {
      const active = this.certificates.filter((each) => each.active && each.state === "issued");
      const within = (days) =>
        active.filter((each) => Date.parse(each.not_after) > now && Date.parse(each.not_after) < now + days * day)
          .length;
      return {
        expired: active.filter((each) => each.status === "expired").length,
        expiring_7_days: within(7),
        expiring_30_days: within(30),
        revoked_slots: this.nodes.filter((node) => node.worst === "revoked").length,
        failed_slots: this.nodes.filter((node) => node.worst === "failed").length,
        waiting_nodes: this.nodes.filter(({ state }) => state === "waiting").length,
        unseen_nodes: this.nodes.filter((node) => !node.online && node.last_seen).length,
        pending_requests: this.requests.filter(({ state }) => state === "pending").length,
        refused_requests: this.refusals.length,
        failed_orders: this.orders.filter(({ state }) => state === "failed").length,
        nodes: this.nodes.length,
        slots: this.nodes.reduce((sum, node) => sum + node.slots.length, 0),
        certificates: this.certificates.length,
      };
    },
    events: (id) =>
      empty
        ? []
        : [
            ["installed", "the new certificate is in service"],
            ["requested", "PKCSReq sent to http://hub.example.com:8080/scep/printers"],
            ["renewal_scheduled", "the next renewal is planned"],
            ["started", "chancery-agent 0.2.0"],
          ].map(([what, text], index) => ({
            number: 40 - index + id,
            at: at(-index * 900e3 - 60e3),
            slot: index < 3 ? "ipps" : undefined,
            what,
            text,
          })),
    details: (certificate) => ({
      ...certificate,
      issuer: "CN=Example Issuing CA 2,O=Example",
      key_type: "rsa:2048",
      signature_algorithm: "sha256WithRSAEncryption",
      key_usages: ["digitalSignature", "keyEncipherment"],
      extended_key_usages: ["serverAuth", "clientAuth"],
      crl_urls: ["http://hub.example.com:8080/crl/2.crl"],
      extensions: [],
      earlier: certificate.active
        ? [{ serial: `02${certificate.serial.slice(2)}`, status: "superseded", not_after: at(12 * day) }]
        : [],
    }),
    mint: (name) => ({
      id: hex(6),
      challenge: "Kq7wRt-4mXz9b-PvJ2sd",
      endpoint: name,
      expires: at(3600e3),
      url: `http://hub.example.com:8080/scep/${name}`,
      fingerprint: authority.root.sha256,
    }),
    addNode({ name, product }) {
      const node = {
        id: this.nodes.length + 1,
        name,
        product: product ?? "",
        state: "expected",
        created: at(0),
        online: false,
        worst: "empty",
        slots: [],
        trust: [],
        stored: [],
        challenges: [],
      };
      this.nodes.push(node);
      return node;
    },
  };
}
