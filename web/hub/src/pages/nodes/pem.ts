import { subjectName } from "@chancery/shared/format/der.ts";

// The certificates in a PEM text as DER in base64, as orders carry them. What stands around and between them is left out.
export function certificatesInPem(text: string): string[] {
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map((match) =>
    match[1]!.replace(/\s/g, ""),
  );
}

// What people call the certificates in a PEM text: the names of their subjects.
export function namesInPem(text: string): string[] {
  return certificatesInPem(text).flatMap((base64) => {
    try {
      return subjectName(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))) ?? [];
    } catch {
      return [];
    }
  });
}

// The content of a file as PEM: certificates come as text or as DER.
export function pemOfFile(content: Uint8Array): string {
  const text = new TextDecoder().decode(content);
  if (text.includes("-----BEGIN") || content[0] !== 0x30) return text;
  const base64 = btoa(Array.from(content, (octet) => String.fromCharCode(octet)).join(""));
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, "$1\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
}
