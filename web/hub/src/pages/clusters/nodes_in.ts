import type { Node, TrustRow } from "@chancery/shared/api/models.ts";

interface Named {
  names: { id: number }[];
  count: number;
}

const holdersOf = (row: TrustRow): Named => ({ names: row.holders, count: row.holder_count });
const lackersOf = (row: TrustRow): Named => ({ names: row.missing, count: row.missing_count });
const isWhole = ({ names, count }: Named) => names.length === count;

// Nodes that have not said what they trust are in neither list. Of these it is certain.
const isSilent = ({ state, first_seen: seen }: Node) => state === "blocked" || seen === undefined;

// Those nodes of the cluster that are meant. The hub names so many and counts the others: whoever is not named is then in the other list,
// or silent. Nothing where it cannot be told who they are: an order must not go to a node that nobody chose.
function nodesIn(all: Node[], meant: Named, other: Named): Node[] | undefined {
  if (isWhole(meant)) {
    const ids = new Set(meant.names.map(({ id }) => id));
    return all.filter(({ id }) => ids.has(id));
  }
  if (!isWhole(other)) return undefined;
  const ids = new Set(other.names.map(({ id }) => id));
  const left = all.filter((node) => !ids.has(node.id) && !isSilent(node));
  return left.length === meant.count ? left : undefined;
}

export const holdersIn = (all: Node[], row: TrustRow) => nodesIn(all, holdersOf(row), lackersOf(row));
export const lackersIn = (all: Node[], row: TrustRow) => nodesIn(all, lackersOf(row), holdersOf(row));
