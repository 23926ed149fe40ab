import { expect, it } from "vitest";
import type { Node, NodeDetails } from "@chancery/shared/api/models.ts";
import { slotNames, slotsOf } from "./slots_of.ts";

const node = (id: number, state = "admitted") => ({ id, name: `node-${id}`, state }) as Node;
const details = new Map(
  Object.entries({ 1: ["web", "ipps"], 2: ["ipps"], 3: [] }).map(([id, names]) => [
    Number(id),
    { id: Number(id), slots: names.map((name) => ({ name })) } as NodeDetails,
  ]),
);
const nodes = [node(1), node(2), node(3), node(4), node(5, "blocked")];
const told = (name?: string) =>
  slotsOf(nodes, details, name).map(({ node: { id }, slot, refused }) => `${id} ${slot ?? refused}`);

it("asks every slot of the nodes that may be asked, and says why not of the others", () => {
  expect(told()).toEqual(["1 web", "1 ipps", "2 ipps", "3 no_slot", "4 unreadable", "5 not_admitted"]);
  expect(told("web")).toEqual(["1 web", "2 no_slot", "3 no_slot", "4 unreadable", "5 not_admitted"]);
});

it("knows which names of slots there are, and on how many nodes", () =>
  expect([...slotNames(details)]).toEqual([
    ["ipps", 2],
    ["web", 1],
  ]));
