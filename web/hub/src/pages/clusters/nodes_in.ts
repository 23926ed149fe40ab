import type { ClusterTrust, Node, TrustRow } from "@chancery/shared/api/models.ts";

interface Named {
  names: { id: number }[];
  count: number;
}

const holdersOf = (row: TrustRow): Named => ({ names: row.holders, count: row.holder_count });
const lackersOf = (row: TrustRow): Named => ({ names: row.missing, count: row.missing_count });
const isWhole = ({ names, count }: Named) => names.length === count;
const idsOf = (nodes: { id: number }[]) => nodes.map(({ id }) => id);

// Those nodes of the cluster that are meant. Of holders and lackers the hub names all of the fewer: whoever is not among them is one of
// the others, or silent. Nothing while the hub's answers are of different moments and do not fit: an order must not go to a node that
// nobody chose.
function nodesIn(all: Node[], silent: ClusterTrust["silent"], meant: Named, other: Named): Node[] | undefined {
  const ids = new Set(idsOf(isWhole(meant) ? meant.names : [...other.names, ...silent]));
  const found = all.filter(({ id }) => ids.has(id) === isWhole(meant));
  return found.length === meant.count ? found : undefined;
}

export const holdersIn = (all: Node[], silent: ClusterTrust["silent"], row: TrustRow) =>
  nodesIn(all, silent, holdersOf(row), lackersOf(row));
export const lackersIn = (all: Node[], silent: ClusterTrust["silent"], row: TrustRow) =>
  nodesIn(all, silent, lackersOf(row), holdersOf(row));
