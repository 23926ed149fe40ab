import {
  afterGathering,
  afterHead,
  afterLookingAgain,
  afterTouching,
  mayBeStale,
  noSelection,
  type Loaded,
  type Selection,
} from "./selection.ts";

// As many a call as the hub gives without effort, and few enough that the number is seen growing.
const gatherPageSize = 500;

export interface Page<Row> {
  rows: Row[];
  next?: string | number;
}

export interface Gathering {
  why: "all" | "again";
  // So many rows so far.
  number: number;
}

// Why it went wrong.
export interface SelectingProblem {
  why: Gathering["why"];
  error: unknown;
}

interface SelectingOptions<Row> {
  list: Loaded<Row>;
  selection: Selection<Row>;
  fetch: (after: string | number | undefined, limit: number) => Promise<Page<Row>>;
  // Of the fetching that goes on, if one does; whoever ends it takes it away.
  token: { current: object | undefined };
  setSelection: (how: (old: Selection<Row>) => Selection<Row>) => void;
  setGathering: (gathering: Gathering | undefined) => void;
  setProblem: (problem: SelectingProblem | undefined) => void;
}

// What a person does with a selection. What is ticked or unticked while all that matches is fetched ends that: it would be undone by
// the next page.
export function selecting<Row>(options: SelectingOptions<Row>) {
  const { list, selection, fetch, token, setSelection, setGathering, setProblem } = options;
  const { rows, rowId } = list;
  const stop = () => {
    token.current = undefined;
    setGathering(undefined);
  };

  // All that matches, page by page; false: it was stopped, or failed.
  const fetchAll = async (why: Gathering["why"], show: (found: Map<string, Row>, all: boolean) => void) => {
    const own = {};
    token.current = own;
    setProblem(undefined);
    setGathering({ why, number: 0 });
    const found = new Map<string, Row>();
    try {
      let after: string | number | undefined;
      do {
        const page = await fetch(after, gatherPageSize);
        if (token.current !== own) return false;
        for (const row of page.rows) found.set(rowId(row), row);
        after = page.next || undefined;
        setGathering({ why, number: found.size });
        show(new Map(found), after === undefined);
      } while (after !== undefined);
      return true;
    } catch (error) {
      if (token.current === own) setProblem({ why, error });
      return false;
    } finally {
      if (token.current === own) stop();
    }
  };
  return {
    touch: (id: string, on: boolean, range: boolean) => {
      stop();
      setSelection((old) => afterTouching(old, { rows, rowId, id, on, range }));
    },
    head: (on: boolean) => {
      stop();
      setSelection((old) => afterHead(old, list, on));
    },
    clear: () => {
      stop();
      setProblem(undefined);
      setSelection(() => noSelection(list));
    },
    // Fetches all that matches, whether it is loaded or not, and selects it.
    gather: async () => {
      await fetchAll("all", (found, all) => setSelection((old) => afterGathering(old, found, all)));
    },
    // What is selected as it is now, before something is done with it; false: nobody knows.
    lookAgain: async () =>
      !mayBeStale(selection) ||
      fetchAll("again", (found, all) => {
        if (all) setSelection((old) => afterLookingAgain(old, found));
      }),
    // Ends it; what `gather` found so far is selected.
    stop,
  };
}
