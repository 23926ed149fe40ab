import { expect, it } from "vitest";
import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { trustEntries, trusts, type TrustEntry } from "./trust_entries.ts";

const entry = (store: string, sha256: string, subject?: string) => ({ store, sha256, subject }) as TrustEntry;
const node = (id: number, ...trust: TrustEntry[]): [number, NodeDetails] => [id, { id, trust } as NodeDetails];

it("lists what nodes trust once each, by name and store, whichever node was read first", () => {
  const one = node(1, entry("web", "aa", "CN=Second"), entry("default", "bb", "CN=First"));
  const two = node(2, entry("default", "aa", "CN=Second"), entry("default", "bb", "CN=First"), entry("default", "cc"));
  const keys = (...details: [number, NodeDetails][]) => [...trustEntries(new Map(details)).keys()];
  expect(keys(one, two)).toEqual(["default cc", "default bb", "default aa", "web aa"]);
  expect(keys(two, one)).toEqual(keys(one, two));
  expect([...trustEntries(undefined)]).toEqual([]);
});

it("tells who trusts a CA in one store and not in another", () => {
  const [, details] = node(1, entry("web", "aa"));
  expect(trusts(details, entry("web", "aa"))).toBe(true);
  expect(trusts(details, entry("default", "aa"))).toBe(false);
  expect(trusts(details, undefined)).toBe(false);
});
