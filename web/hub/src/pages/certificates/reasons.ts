// Why a certificate is revoked, as people choose it here: RFC 5280 section 5.3.1 has more for authorities.
export const reasons = [
  "unspecified",
  "keyCompromise",
  "superseded",
  "cessationOfOperation",
  "affiliationChanged",
  "privilegeWithdrawn",
  "certificateHold",
] as const;

export type Reason = (typeof reasons)[number];
