import { describe, expect, it } from "vitest";
import type { Node } from "@chancery/shared/api/models.ts";
import { nodesElsewhere } from "./nodes_elsewhere.ts";

// A list of nodes, each told by its cluster, of which a page has three.
function listOf(clusters: number[]) {
  const asked: number[] = [];
  const page = (after = 0) => {
    asked.push(after);
    const nodes = clusters.map((cluster_id, id) => ({ id, cluster_id }) as Node).slice(after, after + 3);
    return Promise.resolve({ nodes, next: after + 3 < clusters.length ? after + 3 : undefined });
  };
  return { asked, page };
}

describe("the nodes that can be moved to cluster 7", () => {
  it.each([
    ["all that match are elsewhere", [1, 2, 1], 2, [0, 1], 1],
    ["a page has enough of them", [7, 1, 2, 3, 4], 2, [1, 2], 1],
    ["the first pages are all here", [7, 7, 7, 7, 7, 7, 7, 1, 0], 2, [7, 8], 3],
    ["all that match are here", [7, 7, 7, 7], 2, [], 2],
    ["none match", [], 2, [], 1],
    ["there are more pages than anybody waits for", [...Array<number>(99).fill(7), 1], 2, [], 10],
  ])("are found where %s", async (_, clusters, wanted, ids, pages) => {
    const { asked, page } = listOf(clusters);
    expect((await nodesElsewhere(7, wanted, page)).map(({ id }) => id)).toEqual(ids);
    expect(asked).toHaveLength(pages);
  });
});
