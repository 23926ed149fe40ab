// The certificates in a PEM text as DER in base64, as orders carry them. What stands around and between them is left out.
export function certificatesInPem(text: string): string[] {
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g)].map((match) =>
    match[1]!.replace(/\s/g, ""),
  );
}
