import { describe, expect, it } from "vitest";
import {
  afterGathering,
  afterHead,
  afterLoading,
  afterLookingAgain,
  afterTouching,
  mayBeStale,
  noSelection,
  vanished,
  type Loaded,
  type Selection,
} from "./selection.ts";
import { sortOut } from "./skipped.ts";

interface Row {
  id: string;
  state?: string;
}

const rowId = ({ id }: Row) => id;
const rowsOf = (ids: string): Row[] => [...ids].map((id) => ({ id }));
const list = (ids: string, rest: Partial<Loaded<Row>> = {}): Loaded<Row> => ({
  filter: "all",
  order: "name",
  rows: rowsOf(ids),
  rowId,
  complete: true,
  ...rest,
});
const chosen = (selection: Selection<Row>) => [...selection.chosen.keys()].join("");
const withChosen = (of: Loaded<Row>, ids: string) =>
  [...ids].reduce(
    (selection, id) => afterTouching(selection, { rows: of.rows, rowId, id, on: true, range: false }),
    noSelection(of),
  );

describe("rows that left a list", () => {
  it.each([
    ["one is gone", "ac", "abc", "bc", true, "a"],
    ["all are there", "ac", "abc", "abcd", true, ""],
    ["one that was never loaded is missing from the whole list", "z", "abc", "abc", true, "z"],
    ["one that was never loaded may be further down", "z", "abc", "abc", false, ""],
    ["a new one pushed the last past the end", "bc", "abc", "nab", false, ""],
    ["one before others that are still there is gone", "bc", "abc", "ac", false, "b"],
    ["nothing of before is left", "ab", "abc", "def", false, "ab"],
  ])("where %s", (_, selected, before, now, complete, gone) =>
    expect(vanished([...selected], [...before], [...now], complete).join("")).toBe(gone),
  );
});

describe("a selection", () => {
  it("takes one row after the other, and with Shift all between, upwards, too", () => {
    const abcdef = list("abcdef");
    const touch = (selection: Selection<Row>, id: string, on: boolean, range: boolean) =>
      afterTouching(selection, { rows: abcdef.rows, rowId, id, on, range });
    const one = touch(noSelection(abcdef), "e", true, false);
    expect(chosen(one)).toBe("e");
    const up = touch(one, "c", true, true);
    expect(chosen(up)).toBe("ecd");
    expect(chosen(touch(up, "d", false, true))).toBe("e");
    // Nothing was touched before: Shift alone makes no range.
    expect(chosen(touch(noSelection(abcdef), "c", true, true))).toBe("c");
    expect(chosen(touch(one, "gone", true, true))).toBe("e");
  });

  it("takes all that is loaded by the box in the head, and lets go of everything by it", () => {
    const abc = list("abc", { complete: false });
    const all = afterHead(withChosen(abc, "b"), abc, true);
    expect(chosen(all)).toBe("bac");
    expect(all.whole).toBe(false);
    expect(chosen(afterHead(all, abc, false))).toBe("");
  });

  it("lives through new rows and more rows, with what is new about its own", () => {
    const before = withChosen(list("abc", { complete: false }), "ac");
    const after = afterLoading(
      before,
      list("", { rows: [{ id: "n" }, { id: "a", state: "blocked" }, ...rowsOf("bcde")] }),
    );
    expect(chosen(after)).toBe("ac");
    expect(after.chosen.get("a")).toEqual({ id: "a", state: "blocked" });
    expect(after.left).toBe(0);
  });

  it("loses what left the list, and counts it until somebody selects again", () => {
    const abc = list("abc");
    const once = afterLoading(withChosen(abc, "abc"), list("bc"));
    expect([chosen(once), once.left]).toEqual(["bc", 1]);
    const twice = afterLoading(once, list("c"));
    expect([chosen(twice), twice.left]).toEqual(["c", 2]);
    expect(afterTouching(twice, { rows: rowsOf("c"), rowId, id: "c", on: false, range: false }).left).toBe(0);
  });

  it("ends with another filter, and not with another order", () => {
    const before = withChosen(list("abc", { complete: false }), "ab");
    expect(chosen(afterLoading(before, list("ab", { filter: "blocked" })))).toBe("");
    const sorted = afterLoading(before, list("zyx", { order: "age", complete: false }));
    expect([chosen(sorted), sorted.left]).toEqual(["ab", 0]);
    expect(chosen(afterLoading(sorted, list("zyxc", { order: "age" })))).toBe("");
  });

  it("is the whole only while nothing that matches is left out", () => {
    const first = list("ab", { complete: false });
    const rows = new Map(rowsOf("abcd").map((row) => [row.id, row]));
    const whole = afterGathering(noSelection(first), rows, true);
    expect([chosen(whole), whole.whole]).toEqual(["abcd", true]);
    expect(afterLoading(whole, first).whole).toBe(true);
    expect(afterLoading(whole, list("nab", { complete: false })).whole).toBe(false);
    expect(afterTouching(whole, { rows: first.rows, rowId, id: "a", on: false, range: false }).whole).toBe(false);
  });
});

describe("a selection that reaches beyond what is loaded", () => {
  it("is looked at again before something is done with it", () => {
    const loaded = list("ab", { complete: false });
    const found = new Map(rowsOf("abcd").map((row) => [row.id, row]));
    expect(mayBeStale(withChosen(loaded, "ab"))).toBe(false);
    const beyond = afterGathering(noSelection(loaded), found, true);
    expect(mayBeStale(beyond)).toBe(true);
    const again = afterLookingAgain(beyond, new Map([...found, ["d", { id: "d", state: "blocked" }]]));
    expect([chosen(again), again.whole, again.left]).toEqual(["abcd", true, 0]);
    expect(again.chosen.get("d")?.state).toBe("blocked");
    const fewer = afterLookingAgain(beyond, new Map(rowsOf("bde").map((row) => [row.id, row])));
    expect([chosen(fewer), fewer.whole, fewer.left]).toEqual(["bd", false, 2]);
  });
});

describe("what a bulk operation leaves out", () => {
  it("is told by its reason", () => {
    const rows: Row[] = [
      { id: "a" },
      { id: "b", state: "revoked" },
      { id: "c", state: "revoked" },
      { id: "d", state: "pending" },
    ];
    const { able, skipped } = sortOut(rows, ({ state }) => state);
    expect(able.map(rowId)).toEqual(["a"]);
    expect(skipped.map(({ why, rows: some }) => [why, some.map(rowId).join("")])).toEqual([
      ["revoked", "bc"],
      ["pending", "d"],
    ]);
  });
});
