import { describe, expect, it } from "vitest";
import type { Authority, CertificateDetails, SlotStatus } from "@chancery/shared/api/models.ts";
import { en } from "@chancery/shared/texts/en.ts";
import { findingsOf, type Known } from "./findings_of.ts";

const now = Date.parse("2026-06-01T00:00:00Z");
const good = {
  serial: "01",
  status: "valid",
  endpoint: "printers",
  generation: 2,
  subject: "CN=printer",
  alternative_names: ["dns:printer.example.com"],
  not_before: "2026-05-01T00:00:00Z",
  not_after: "2026-08-01T00:00:00Z",
  key_type: "ec:p256",
  signature_algorithm: "ecdsa-with-SHA256",
  extended_key_usages: ["serverAuth"],
  node: "printer",
  slot: "ipps",
  active: true,
} as CertificateDetails;
const authority = {
  generations: [
    { number: 2, issuing: { subject: "CN=Issuing CA 2", not_after: "2030-01-01T00:00:00Z" } },
    { number: 1, issuing: { subject: "CN=Issuing CA 1", not_after: "2026-07-01T00:00:00Z" } },
  ],
} as Authority;
const slot = { name: "ipps", stage: "valid", renew_at: "2026-07-01T00:00:00Z" } as SlotStatus;

const rules = (change: Partial<CertificateDetails>, known: Partial<Known> = {}) =>
  findingsOf({ ...good, ...change }, { now, authority, slot, ...known }).map(({ rule }) => rule);

describe("what is found wrong with a certificate", () => {
  it("is nothing where all is well", () => expect(rules({})).toEqual([]));
  it.each<[string, Partial<CertificateDetails>, Partial<Known>, string[]]>([
    ["revoked, and its node uses it", { status: "revoked" }, {}, ["revoked_in_use"]],
    ["suspended, and its node uses it", { status: "suspended" }, {}, ["suspended_in_use"]],
    ["revoked, and nobody uses it", { status: "revoked", active: false }, {}, []],
    ["expired, and its node uses it", { status: "expired" }, {}, ["expired_in_use"]],
    ["expired, and nobody uses it", { status: "expired", active: undefined }, {}, ["expired"]],
    ["replaced, and its node uses it", { status: "superseded" }, {}, ["superseded_in_use"]],
    ["replaced, as it should be", { status: "superseded", active: false }, {}, []],
    ["about to end, with nothing planned", { status: "expiring" }, { slot: undefined }, ["expiring"]],
    ["about to end, and the node will renew it", { status: "expiring" }, {}, ["renewal_planned"]],
    [
      "about to end, though its node should have renewed it",
      { status: "expiring" },
      { now: Date.parse("2026-07-20T00:00:00Z") },
      ["expiring"],
    ],
    [
      "about to end, and its node cannot renew it",
      { status: "expiring" },
      { slot: { ...slot, last_error: "connection refused" } },
      ["renewal_failed", "expiring"],
    ],
    ["longer than its CA", { generation: 1 }, {}, ["issuer_ends_first"]],
    ["of a generation that is not known", { generation: 9 }, {}, []],
    ["signed with SHA-1", { signature_algorithm: "sha1WithRSAEncryption" }, {}, ["weak_signature"]],
    ["on a short RSA key", { key_type: "rsa:1024" }, {}, ["weak_key"]],
    ["on RSA with 2048 bits", { key_type: "rsa:2048" }, {}, []],
    ["on a small curve", { key_type: "ec:p192" }, {}, ["weak_key"]],
    ["on Ed25519", { key_type: "ed25519" }, {}, []],
    ["from the future", { not_before: "2026-06-02T00:00:00Z" }, {}, ["not_yet_valid"]],
    ["for servers, without names", { alternative_names: [] }, {}, ["no_names"]],
    ["for clients, without names", { alternative_names: [], extended_key_usages: ["clientAuth"] }, {}, []],
  ])("is said of one that is %s", (_, change, known, expected) => expect(rules(change, known)).toEqual(expected));

  it("says the worst first, and has what its texts name", () => {
    const all = [
      findingsOf({ ...good, status: "revoked" }, { now, authority, slot }),
      findingsOf({ ...good, status: "expired" }, { now, authority, slot }),
      findingsOf({ ...good, status: "superseded", generation: 1 }, { now, authority, slot }),
      findingsOf({ ...good, status: "expiring" }, { now, authority, slot }),
      findingsOf(
        {
          ...good,
          status: "expiring",
          key_type: "rsa:512",
          signature_algorithm: "md5",
          alternative_names: [],
          not_before: "2027-01-01T00:00:00Z",
        },
        { now, authority, slot: { ...slot, last_error: "no" } },
      ),
      findingsOf({ ...good, status: "expired", active: false }, { now, authority }),
      findingsOf({ ...good, status: "suspended" }, { now, authority }),
    ];
    const order = ["error", "warning", "info"];
    for (const findings of all) {
      const severities = findings.map(({ severity }) => order.indexOf(severity));
      expect(severities).toEqual([...severities].sort());
    }
    const found = new Map(all.flat().map((finding) => [finding.rule, finding]));
    expect([...found.keys()].sort()).toEqual(Object.keys(en.certificate_finding).sort());
    for (const [rule, { values }] of found) {
      const texts = Object.values(en.certificate_finding[rule]).join(" ");
      for (const [, name] of texts.matchAll(/\{\{(\w+)\}\}/g)) expect(values[name!], `${rule} ${name}`).toBeTruthy();
    }
  });
});
