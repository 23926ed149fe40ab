import { expect, it } from "vitest";
import { selecting, type Gathering, type Page } from "./selecting.ts";
import { noSelection, type Loaded, type Selection } from "./selection.ts";

interface Row {
  id: string;
}

const rowsOf = (ids: string): Row[] => [...ids].map((id) => ({ id }));

// A list of which "abc" is loaded, whose pages come when the test lets them.
function listOnScreen() {
  const list: Loaded<Row> = { filter: "", order: "", rows: rowsOf("abc"), rowId: ({ id }) => id, complete: false };
  const token = { current: undefined };
  let selection: Selection<Row> = noSelection(list);
  let gathering: Gathering | undefined;
  let problem: unknown;
  let answer: (page: Page<Row>) => void = () => undefined;
  return {
    acts: () =>
      selecting<Row>({
        list,
        selection,
        fetch: () => new Promise((resolve) => (answer = resolve)),
        token,
        setSelection: (how) => (selection = how(selection)),
        setGathering: (now) => (gathering = now),
        setProblem: (now) => (problem = now),
      }),
    page: async (ids: string, next?: string) => {
      answer({ rows: rowsOf(ids), next });
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
    chosen: () => [...selection.chosen.keys()].join(""),
    whole: () => selection.whole,
    gathering: () => gathering,
    problem: () => problem,
  };
}

it("selects all that matches, page by page", async () => {
  const screen = listOnScreen();
  const gathered = screen.acts().gather();
  await screen.page("abcd", "d");
  expect([screen.chosen(), screen.whole(), screen.gathering()]).toEqual(["abcd", false, { why: "all", number: 4 }]);
  await screen.page("ef");
  await gathered;
  expect([screen.chosen(), screen.whole(), screen.gathering()]).toEqual(["abcdef", true, undefined]);
});

it.each([
  ["a row", (screen: ReturnType<typeof listOnScreen>) => screen.acts().touch("b", false, false), "acd"],
  ["everything", (screen: ReturnType<typeof listOnScreen>) => screen.acts().head(false), ""],
])("does not select again what somebody unticked meanwhile: %s", async (_, untick, left) => {
  const screen = listOnScreen();
  const gathered = screen.acts().gather();
  await screen.page("abcd", "d");
  untick(screen);
  expect(screen.gathering()).toBe(undefined);
  await screen.page("ef");
  await gathered;
  expect([screen.chosen(), screen.whole(), screen.problem()]).toEqual([left, false, undefined]);
});

it("does nothing with a selection that was changed while it was looked at again", async () => {
  const screen = listOnScreen();
  const gathered = screen.acts().gather();
  await screen.page("abcd");
  await gathered;
  const looked = screen.acts().lookAgain();
  screen.acts().touch("a", false, false);
  await screen.page("abcd");
  expect(await looked).toBe(false);
  expect(screen.chosen()).toBe("bcd");
});
