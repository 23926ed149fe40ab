// Just enough of X.509 to tell a person which certificate a file holds, before it is sent anywhere. The hub and the devices read it
// properly.

interface Item {
  tag: number;
  from: number;
  to: number;
}

// The elements between two places of a DER text; none where it is damaged.
function items(der: Uint8Array, from: number, to: number): Item[] {
  const found: Item[] = [];
  for (let at = from; at + 2 <= to;) {
    const tag = der[at]!;
    let length = der[at + 1]!;
    at += 2;
    if (length > 0x80) {
      const octets = length - 0x80;
      if (octets > 3 || at + octets > to) return [];
      length = 0;
      for (let index = 0; index < octets; index += 1) length = length * 256 + der[at + index]!;
      at += octets;
    }
    if (at + length > to) return [];
    found.push({ tag, from: at, to: at + length });
    at += length;
  }
  return found;
}

const inside = (der: Uint8Array, item: Item | undefined) => (item ? items(der, item.from, item.to) : []);
const commonNameType = "85,4,3"; // 2.5.4.3
const organizationType = "85,4,10"; // 2.5.4.10

// The common name of a certificate's subject, or its organization where it has none; undefined: this is no certificate.
export function subjectName(der: Uint8Array): string | undefined {
  const [certificate] = items(der, 0, der.length);
  const [toBeSigned] = inside(der, certificate);
  const fields = inside(der, toBeSigned);
  if (fields[0]?.tag === 0xa0) fields.shift();
  // serial number, signature algorithm, issuer, validity, subject
  const subject = fields[4];
  if (certificate?.tag !== 0x30 || subject?.tag !== 0x30) return undefined;
  const names = new Map<string, string>();
  for (const set of inside(der, subject)) {
    for (const pair of inside(der, set)) {
      const [type, value] = inside(der, pair);
      if (!type || !value) continue;
      const encoding = value.tag === 0x1e ? "utf-16be" : "utf-8";
      names.set(
        der.slice(type.from, type.to).join(),
        new TextDecoder(encoding).decode(der.slice(value.from, value.to)),
      );
    }
  }
  return names.get(commonNameType) ?? names.get(organizationType) ?? "";
}
