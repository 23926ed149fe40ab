import { useEffect, useRef, useState } from "react";
import { selecting, type Gathering, type Page, type SelectingProblem } from "./selecting.ts";
import { afterLoading, noSelection, type Loaded, type Selection } from "./selection.ts";

interface SelectionOptions<Row> extends Loaded<Row> {
  // The rows belong to this filter and order, and not to those of before.
  settled: boolean;
  fetch: (after: string | number | undefined, limit: number) => Promise<Page<Row>>;
}

export interface SelectionHandle<Row> extends ReturnType<typeof selecting<Row>> {
  selection: Selection<Row>;
  // While all that matches is fetched.
  gathering: Gathering | undefined;
  problem: SelectingProblem | undefined;
}

export function useSelection<Row>({ settled, fetch, ...list }: SelectionOptions<Row>): SelectionHandle<Row> {
  const { filter, order, rows, complete } = list;
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
  const [problem, setProblem] = useState<SelectingProblem>();
  const token = useRef<object>(undefined);
  const acts = selecting({ list, selection, fetch, token, setSelection, setGathering, setProblem });
  // Another filter, or the list is gone: nobody waits for it.
  useEffect(
    () => () => {
      token.current = undefined;
      setGathering(undefined);
    },
    [filter],
  );
  return { selection, ...acts, gathering, problem };
}
