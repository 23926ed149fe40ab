// "6d:e5:f9:…" for eyes that compare; the interface has plain lower-case hexadecimal.
export function colons(hex: string): string {
  return hex.replace(/(..)(?=.)/g, "$1:");
}

// What a person may have pasted: with colons, spaces or capitals, as other tools print it.
export function plainHex(text: string): string {
  const bare = text.replace(/[\s:]/g, "").toLowerCase();
  return /^([0-9a-f]{2}){8,}$/.test(bare) ? bare : text.trim();
}

// The common name of a subject such as `CN=Example Root CA,O=Example`, or all of it where there is none.
export function commonName(subject: string): string {
  const match = /(?:^|,)CN=((?:\\.|[^,\\])*)/i.exec(subject);
  return match?.[1] ? match[1].replace(/\\(.)/g, "$1") : subject;
}

export function keyName(type: string): string {
  const [family = type, size] = type.split(":");
  if (family === "rsa") return `RSA ${size ?? ""}`.trim();
  if (family === "ec") return `ECDSA ${(size ?? "").replace(/^p/, "P-")}`.trim();
  if (family === "ed25519") return "Ed25519";
  return type;
}

export type Withdrawn = "revoked" | "suspended";

// How a certificate was taken back, if it was.
export function withdrawn(status: string | undefined): Withdrawn | undefined {
  return status === "revoked" || status === "suspended" ? status : undefined;
}
