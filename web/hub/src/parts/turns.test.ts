import { describe, expect, it } from "vitest";
import { hasFailed, isComplete, settled, type Turn } from "./turns.ts";

const turn = (id: number, rest: Partial<Turn> = {}): Turn => ({ id, name: `node ${id}`, ...rest });
const results = (...turns: Turn[]) => new Map(turns.map((each) => [each.id, each]));

describe("a round that was stopped", () => {
  it("keeps what was begun, and nothing else, the first time", () => {
    const before = [turn(1), turn(2), turn(3)];
    expect(settled(before, results(turn(1, { done: true }), turn(2, { problem: "no" })))).toEqual([
      turn(1, { done: true }),
      turn(2, { problem: "no" }),
    ]);
  });

  it("keeps what had failed and was not tried again, and why, where it was repeated", () => {
    const before = [turn(1, { done: true }), turn(2, { problem: "no" }), turn(3, { problem: "not this either" })];
    const after = settled(before, results(turn(2, { done: true })));
    expect(after).toEqual([turn(1, { done: true }), turn(2, { done: true }), turn(3, { problem: "not this either" })]);
    expect(after.filter(hasFailed)).toHaveLength(1);
  });
});

describe("a round is complete", () => {
  it.each([
    ["when all is done", [turn(1, { done: true }), turn(2, { done: true })], 0, true],
    ["not while one failed", [turn(1, { done: true }), turn(2, { problem: "no" })], 0, false],
    ["not where some were not begun", [turn(1, { done: true })], 1, false],
    ["not while one is asked", [turn(1, { done: true }), turn(2)], 0, false],
  ])("%s", (_, turns, unasked, complete) => expect(isComplete(turns, unasked)).toBe(complete));
});
