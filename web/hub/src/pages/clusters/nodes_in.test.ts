import { describe, expect, it } from "vitest";
import type { Node, TrustRow } from "@chancery/shared/api/models.ts";
import { holdersIn, lackersIn } from "./nodes_in.ts";

const nodes = (ids: number[]) => ids.map((id) => ({ id }) as Node);
const names = (ids: number[]) => ids.map((id) => ({ id, name: `node-${id}` }));
// What the hub says of one certificate; the count is that of the names unless the list was cut.
const row = (holders: number[], missing: number[], counts: { holders?: number; missing?: number } = {}) =>
  ({
    holders: names(holders),
    missing: names(missing),
    holder_count: counts.holders ?? holders.length,
    missing_count: counts.missing ?? missing.length,
  }) as TrustRow;

describe("of the nodes of a cluster, who has a certificate", () => {
  const cut = row([1], [4], { holders: 3 });
  it.each([
    ["are those that are named", [1, 2, 3], [], row([1, 2], [3]), [1, 2]],
    ["are none where none is named", [1, 2, 3], [], row([], [1, 2, 3]), []],
    ["are named even where the others are not", [1, 2, 3, 4], [], row([1], [2], { missing: 3 }), [1]],
    ["are all but those that lack it where the list was cut", [1, 2, 3, 4], [], cut, [1, 2, 3]],
    ["are none that are silent", [1, 2, 3, 4, 5, 6], [5, 6], cut, [1, 2, 3]],
    ["are not known while there is a node that nobody speaks of", [1, 2, 3, 4, 5, 6], [5], cut, undefined],
    ["are not known once one that was counted is gone", [1, 3, 4], [], cut, undefined],
    ["are not known once one that was named is gone", [2, 3], [], row([1, 2], [3]), undefined],
  ])("%s", (_, ids, silent, said, found) => {
    expect(holdersIn(nodes(ids), names(silent), said)?.map(({ id }) => id)).toEqual(found);
  });
});

it("who lacks a certificate is told in the same way", () => {
  const lackers = (said: TrustRow) => lackersIn(nodes([1, 2, 3, 4, 5]), names([5]), said)?.map(({ id }) => id);
  expect(lackers(row([1], [2], { missing: 3 }))).toEqual([2, 3, 4]);
  expect(lackers(row([1], [2, 3, 4]))).toEqual([2, 3, 4]);
});
