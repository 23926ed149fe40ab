import { describe, expect, it } from "vitest";
import type { Node, TrustRow } from "@chancery/shared/api/models.ts";
import { holdersIn, lackersIn } from "./nodes_in.ts";

const node = (id: number, more: Partial<Node> = {}) =>
  ({ id, state: "admitted", first_seen: "2026-11-01T00:00:00Z", ...more }) as Node;
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
  it.each([
    ["are those that are named", [1, 2, 3], row([1, 2], [3]), [1, 2]],
    ["are none where none is named", [1, 2, 3], row([], [1, 2, 3]), []],
    ["are named even where the others are not", [1, 2, 3, 4], row([1], [2], { missing: 3 }), [1]],
    ["are all but those that lack it where the list was cut", [1, 2, 3, 4], row([1], [4], { holders: 3 }), [1, 2, 3]],
    ["are not known where both lists were cut", [1, 2, 3, 4], row([1], [4], { holders: 2, missing: 2 }), undefined],
  ])("%s", (_, ids, said, found) => {
    expect(
      holdersIn(
        ids.map((id) => node(id)),
        said,
      )?.map(({ id }) => id),
    ).toEqual(found);
  });
});

describe("of those that a cut list leaves out", () => {
  const cut = row([1], [4], { holders: 3 });
  const others = [node(1), node(2), node(3), node(4)];
  it("blocked nodes, and nodes that were never here, are none: they have not said what they trust", () => {
    const silent = [node(5, { state: "blocked" }), node(6, { state: "expected", first_seen: undefined })];
    expect(holdersIn([...others, ...silent], cut)?.map(({ id }) => id)).toEqual([1, 2, 3]);
  });
  it("nobody can tell one that is silent, so nobody is chosen", () =>
    expect(holdersIn([...others, node(7)], cut)).toBeUndefined());
  it("nobody is chosen either where one is gone", () => expect(holdersIn(others.slice(1), cut)).toBeUndefined());
});

it("who lacks a certificate is told in the same way", () => {
  const nodes = [1, 2, 3, 4].map((id) => node(id));
  expect(lackersIn(nodes, row([1], [2], { missing: 3 }))?.map(({ id }) => id)).toEqual([2, 3, 4]);
  expect(lackersIn(nodes, row([1], [2, 3, 4]))?.map(({ id }) => id)).toEqual([2, 3, 4]);
});
