import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";

const pageSize = 1000;

// Every node, or every one of a cluster, page by page.
export async function allNodes(cluster?: number): Promise<Node[]> {
  const found: Node[] = [];
  let after: number | undefined;
  do {
    const { nodes, next } = await call("get", "/v1/nodes", { query: { cluster, after, limit: pageSize } });
    found.push(...nodes);
    after = next || undefined;
  } while (after !== undefined);
  return found;
}
