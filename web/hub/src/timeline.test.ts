import { describe, expect, it } from "vitest";
import { monthSpans, nextCell } from "./pages/overview/timeline_cells.ts";
import { searchOf, toneOf } from "./pages/overview/timeline_days.ts";

const rows = [
  { key: "all", days: [{ day: 0 }, { day: 12 }, { day: 40 }] },
  { key: "7", days: [] },
  { key: "9", days: [{ day: 12 }, { day: 3 }] },
];

describe("in the timeline", () => {
  it.each([
    ["all 12", "ArrowRight", "all 40"],
    ["all 40", "ArrowRight", undefined],
    ["all 12", "ArrowLeft", "all 0"],
    ["9 3", "End", "9 12"],
    ["9 12", "Home", "9 3"],
    // Rows without a number are passed over.
    ["all 40", "ArrowDown", "9 12"],
    ["all 0", "ArrowDown", "9 3"],
    ["9 3", "ArrowUp", "all 0"],
    ["9 3", "ArrowDown", undefined],
    ["9 3", "Enter", undefined],
    ["gone 3", "ArrowUp", undefined],
  ])("%s and %s lead to %s", (at, key, next) => expect(nextCell(rows, at, key)).toBe(next));

  it("months stand over their days", () => {
    const starts = [29, 30, 31, 32].map((date) => new Date(2026, 9, date).getTime());
    expect(monthSpans(starts)).toEqual([
      { first: 0, span: 3 },
      { first: 3, span: 1 },
    ]);
  });

  it("a number leads to what ends on its day and is in use", () => {
    const days = [0, 1, 2].map((day) => Date.parse("2026-11-21T23:00:00Z") + day * 86_400_000);
    expect(searchOf(days, 1, 2, 0)).toEqual({
      status: "current",
      expires_after: "2026-11-22T23:00:00Z",
      expires_before: "2026-11-23T23:00:00Z",
      sort: "not_after",
      cluster: "0",
    });
    expect(searchOf(days, 0, 1)).not.toHaveProperty("cluster");
  });

  it("the nearer an end, the louder", () => {
    expect([0, 6, 7, 29, 30].map(toneOf)).toEqual(["bad", "bad", "warn", "warn", "info"]);
  });
});
