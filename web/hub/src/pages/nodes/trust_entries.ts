import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";

// A CA in a trust store of a node.
export type TrustEntry = NodeDetails["trust"][number];

const keyOf = ({ store, sha256 }: TrustEntry) => `${store} ${sha256}`;
export const entryName = ({ subject, sha256 }: TrustEntry) => (subject ? commonName(subject) : sha256);

// What nodes trust, each once, in an order that does not depend on who was read first.
export function trustEntries(details: ReadonlyMap<number, NodeDetails> | undefined): Map<string, TrustEntry> {
  const found = new Map(
    [...(details?.values() ?? [])].flatMap(({ trust }) => trust.map((entry) => [keyOf(entry), entry])),
  );
  const compare = (a: TrustEntry, b: TrustEntry) =>
    entryName(a).localeCompare(entryName(b)) || a.store.localeCompare(b.store) || a.sha256.localeCompare(b.sha256);
  return new Map([...found].sort(([, a], [, b]) => compare(a, b)));
}

export const trusts = ({ trust }: NodeDetails, entry: TrustEntry | undefined) =>
  entry !== undefined && trust.some((each) => keyOf(each) === keyOf(entry));
