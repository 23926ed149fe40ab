import type { Authority, CertificateDetails, Finding, SlotStatus } from "@chancery/shared/api/models.ts";
import { commonName, keyName, withdrawn } from "@chancery/shared/format/certificate.ts";

export type CertificateRule =
  | "revoked_in_use"
  | "suspended_in_use"
  | "expired_in_use"
  | "issuer_ends_first"
  | "weak_signature"
  | "weak_key"
  | "renewal_failed"
  | "superseded_in_use"
  | "expiring"
  | "not_yet_valid"
  | "expired"
  | "renewal_planned"
  | "no_names";

// What is wrong with a certificate, by its rule; `values` are filled into the rule's texts, moments as RFC 3339.
export interface CertificateFinding {
  rule: CertificateRule;
  severity: Finding["severity"];
  values: Record<string, string>;
}

export interface Known {
  now: number;
  authority?: Pick<Authority, "generations">;
  // The slot that the certificate was issued for, where its node says that it uses this one.
  slot?: SlotStatus;
}

const leastRsaBits = 2048;
const leastCurveBits = 256;

function isWeakKey(type: string): boolean {
  const [family, size = ""] = type.split(":");
  if (family === "rsa") return Number(size) < leastRsaBits;
  if (family === "ec") return Number(size.replace(/^p/, "")) < leastCurveBits;
  return family === "dsa";
}

// What is found, the worst first.
export function findingsOf(certificate: CertificateDetails, { now, authority, slot }: Known): CertificateFinding[] {
  const { status, not_before, not_after, active, node = "", slot: slotName = "" } = certificate;
  const inForce = status === "valid" || status === "expiring" || (status === "superseded" && active === true);
  const issuing = authority?.generations.find(({ number }) => number === certificate.generation)?.issuing;
  const used = { node, slot: slotName };
  const renewal = slot?.renew_at;
  const planned = renewal !== undefined && now < Date.parse(renewal) && renewal < not_after && !slot?.last_error;
  const rules: [CertificateRule, Finding["severity"], boolean | undefined, Record<string, string>?][] = [
    ["revoked_in_use", "error", status === "revoked" && active, used],
    ["suspended_in_use", "warning", status === "suspended" && active, used],
    ["expired_in_use", "error", status === "expired" && active, { ...used, time: not_after }],
    [
      "issuer_ends_first",
      "error",
      inForce && issuing && Date.parse(issuing.not_after) < Date.parse(not_after),
      { issuer: commonName(issuing?.subject ?? ""), time: not_after, end: issuing?.not_after ?? "" },
    ],
    [
      "weak_signature",
      "error",
      inForce && /sha1|md5/i.test(certificate.signature_algorithm ?? ""),
      { algorithm: certificate.signature_algorithm ?? "" },
    ],
    [
      "weak_key",
      "error",
      inForce && certificate.key_type !== undefined && isWeakKey(certificate.key_type),
      { key: keyName(certificate.key_type ?? ""), endpoint: certificate.endpoint },
    ],
    [
      "renewal_failed",
      "error",
      slot?.last_error !== undefined && !withdrawn(status),
      { error: slot?.last_error ?? "" },
    ],
    ["superseded_in_use", "warning", status === "superseded" && active, used],
    ["expiring", "warning", status === "expiring" && !planned, { time: not_after }],
    ["not_yet_valid", "warning", inForce && now < Date.parse(not_before), { time: not_before }],
    ["expired", "info", status === "expired" && !active, { time: not_after }],
    ["renewal_planned", "info", status === "expiring" && planned, { time: not_after, renewal: renewal ?? "" }],
    [
      "no_names",
      "info",
      inForce &&
        certificate.alternative_names.length === 0 &&
        certificate.extended_key_usages?.includes("serverAuth") === true,
      { subject: certificate.subject, endpoint: certificate.endpoint },
    ],
  ];
  return rules
    .filter(([, , applies]) => applies)
    .map(([rule, severity, , values = {}]) => ({ rule, severity, values }));
}
