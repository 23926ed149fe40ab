import { useEffect, useRef, useState } from "react";
import {
  afterGathering,
  afterHead,
  afterLoading,
  afterLookingAgain,
  afterTouching,
  mayBeStale,
  noSelection,
  type Loaded,
  type Selection,
} from "./selection.ts";

// As many a call as the hub gives without effort, and few enough that the number is seen growing.
const gatherPageSize = 500;

interface Page<Row> {
  rows: Row[];
  next?: string | number;
}

interface SelectionOptions<Row> extends Loaded<Row> {
  // The rows belong to this filter and order, and not to those of before.
  settled: boolean;
  fetch: (after: string | number | undefined, limit: number) => Promise<Page<Row>>;
}

export interface Gathering {
  why: "all" | "again";
  // So many rows so far.
  number: number;
}

export interface SelectionHandle<Row> {
  selection: Selection<Row>;
  touch: (id: string, on: boolean, range: boolean) => void;
  head: (on: boolean) => void;
  clear: () => void;
  // Fetches all that matches, whether it is loaded or not, and selects it.
  gather: () => Promise<void>;
  // What is selected as it is now, before something is done with it; false: nobody knows.
  lookAgain: () => Promise<boolean>;
  // While one of these goes on.
  gathering: Gathering | undefined;
  // Ends it; what `gather` found so far is selected.
  stop: () => void;
  // Why it went wrong.
  problem: { why: Gathering["why"]; error: unknown } | undefined;
}

export function useSelection<Row>({ settled, fetch, ...list }: SelectionOptions<Row>): SelectionHandle<Row> {
  const { filter, order, rows, rowId, complete } = list;
  const [selection, setSelection] = useState(() => noSelection(list));
  const [seen, setSeen] = useState({ rows, complete, filter, order });
  if (
    selection.filter !== filter ||
    (settled && (seen.rows !== rows || seen.complete !== complete || seen.order !== order))
  ) {
    setSeen({ rows, complete, filter, order });
    setSelection(afterLoading(selection, settled ? list : { ...list, rows: [] }));
  }

  const [gathering, setGathering] = useState<Gathering>();
  const [problem, setProblem] = useState<{ why: Gathering["why"]; error: unknown }>();
  const current = useRef<object>(undefined);
  const stop = () => {
    current.current = undefined;
    setGathering(undefined);
  };
  // Another filter, or the list is gone: nobody waits for it.
  useEffect(() => stop, [filter]);

  // All that matches, page by page; false: it was stopped, or failed.
  const fetchAll = async (why: Gathering["why"], show: (found: Map<string, Row>, all: boolean) => void) => {
    const token = {};
    current.current = token;
    setProblem(undefined);
    setGathering({ why, number: 0 });
    const found = new Map<string, Row>();
    try {
      let after: string | number | undefined;
      do {
        const page = await fetch(after, gatherPageSize);
        if (current.current !== token) return false;
        for (const row of page.rows) found.set(rowId(row), row);
        after = page.next || undefined;
        setGathering({ why, number: found.size });
        show(new Map(found), after === undefined);
      } while (after !== undefined);
      return true;
    } catch (error) {
      if (current.current === token) setProblem({ why, error });
      return false;
    } finally {
      if (current.current === token) stop();
    }
  };
  return {
    selection,
    touch: (id, on, range) => setSelection((old) => afterTouching(old, { rows, rowId, id, on, range })),
    head: (on) => setSelection((old) => afterHead(old, list, on)),
    clear: () => {
      stop();
      setProblem(undefined);
      setSelection(noSelection(list));
    },
    gather: async () =>
      void (await fetchAll("all", (found, all) => setSelection((old) => afterGathering(old, found, all)))),
    lookAgain: async () =>
      !mayBeStale(selection) ||
      fetchAll("again", (found, all) => {
        if (all) setSelection((old) => afterLookingAgain(old, found));
      }),
    gathering,
    stop,
    problem,
  };
}
