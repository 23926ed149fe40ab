import type { Node } from "@chancery/shared/api/models.ts";

interface NodePage {
  nodes: Node[];
  next?: number;
}

// One request is enough almost always; where nearly all matches are in the cluster already, it is not searched for ever.
const mostPages = 10;

// The first nodes that are not in the cluster, out of a list that comes in pages and also has those that are.
export async function nodesElsewhere(
  cluster: number,
  wanted: number,
  page: (after: number | undefined) => Promise<NodePage>,
): Promise<Node[]> {
  const found: Node[] = [];
  let after: number | undefined;
  for (let asked = 0; asked < mostPages && found.length < wanted; asked += 1) {
    const { nodes, next } = await page(after);
    found.push(...nodes.filter(({ cluster_id: id }) => id !== cluster));
    if (!next) break;
    after = next;
  }
  return found.slice(0, wanted);
}
