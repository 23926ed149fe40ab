import { expect, it } from "vitest";
import { fewAtATime } from "./few_at_a_time.ts";

it("does everything once, in order, and a few at once", async () => {
  const begun: number[] = [];
  let under = 0;
  let most = 0;
  await fewAtATime([1, 2, 3, 4, 5, 6, 7, 8, 9], async (item) => {
    begun.push(item);
    under += 1;
    most = Math.max(most, under);
    await Promise.resolve();
    under -= 1;
  });
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(4);
});

it("begins nothing more once it was stopped, and ends what it began", async () => {
  const ended: number[] = [];
  let stopped = false;
  await fewAtATime(
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    async (item) => {
      await Promise.resolve();
      ended.push(item);
      stopped = stopped || item === 2;
    },
    () => stopped,
  );
  expect(ended).toEqual(expect.arrayContaining([1, 2, 3, 4]));
  expect(ended.length).toBeLessThan(9);
});
