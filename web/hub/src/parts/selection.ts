// What is selected in a list, as a value: what a person ticked, and what became of it when the list changed.

export interface Selection<Row> {
  // What the list is filtered by, and how it is sorted.
  filter: string;
  order: string;
  // The rows that are loaded, in their order.
  loaded: readonly string[];
  chosen: ReadonlyMap<string, Row>;
  // From where Shift selects.
  anchor?: string;
  // Everything that matched was fetched and selected.
  whole: boolean;
  // So many were selected and left the list.
  left: number;
}

export interface Loaded<Row> {
  filter: string;
  order: string;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  // There is nothing after these rows.
  complete: boolean;
}

export function noSelection<Row>({ filter, order, rows, rowId }: Loaded<Row>): Selection<Row> {
  return { filter, order, loaded: rows.map(rowId), chosen: new Map(), whole: false, left: 0 };
}

// Those of `selected` that the list had and has no longer. While there is more than what is loaded, a row may only have moved past
// the end of it: it is gone where one that came after it is still there, or where nothing of before is.
export function vanished(
  selected: Iterable<string>,
  before: readonly string[],
  now: readonly string[],
  complete: boolean,
): string[] {
  const there = new Set(now);
  const last = before.reduce((found, id, index) => (there.has(id) ? index : found), -1);
  const had = complete ? undefined : new Set(last < 0 ? before : before.slice(0, last + 1));
  return [...selected].filter((id) => !there.has(id) && (had?.has(id) ?? true));
}

// After the list was fetched anew. Another filter begins with nothing; another order keeps what is selected.
export function afterLoading<Row>(selection: Selection<Row>, list: Loaded<Row>): Selection<Row> {
  if (selection.filter !== list.filter) return noSelection(list);
  const rows = new Map(list.rows.map((row) => [list.rowId(row), row]));
  const loaded = [...rows.keys()];
  const sameOrder = selection.order === list.order;
  const gone = new Set(vanished(selection.chosen.keys(), sameOrder ? selection.loaded : [], loaded, list.complete));
  const chosen = new Map(
    [...selection.chosen].filter(([id]) => !gone.has(id)).map(([id, row]) => [id, rows.get(id) ?? row]),
  );
  return {
    ...selection,
    order: list.order,
    loaded,
    chosen,
    whole: selection.whole && chosen.size > 0 && loaded.every((id) => chosen.has(id)),
    left: selection.left + gone.size,
  };
}

export interface Touched<Row> {
  rows: readonly Row[];
  rowId: (row: Row) => string;
  id: string;
  on: boolean;
  // With Shift: all from the one touched before to this one.
  range: boolean;
}

export function afterTouching<Row>(
  selection: Selection<Row>,
  { rows, rowId, id, on, range }: Touched<Row>,
): Selection<Row> {
  const to = rows.findIndex((row) => rowId(row) === id);
  const from = range ? rows.findIndex((row) => rowId(row) === selection.anchor) : to;
  if (to < 0) return selection;
  const touched = from < 0 ? [rows[to]!] : rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  const chosen = new Map(selection.chosen);
  for (const row of touched) {
    if (on) chosen.set(rowId(row), row);
    else chosen.delete(rowId(row));
  }
  return { ...selection, chosen, anchor: id, whole: selection.whole && on, left: 0 };
}

// The box in the head of the list: all that is loaded, or nothing at all.
export function afterHead<Row>(selection: Selection<Row>, list: Loaded<Row>, on: boolean): Selection<Row> {
  if (!on) return noSelection(list);
  const chosen = new Map([...selection.chosen, ...list.rows.map((row): [string, Row] => [list.rowId(row), row])]);
  return { ...selection, chosen, left: 0 };
}

// Whether something is selected that is not loaded, and may have changed since it was.
export function mayBeStale<Row>({ chosen, loaded }: Selection<Row>): boolean {
  const there = new Set(loaded);
  return [...chosen.keys()].some((id) => !there.has(id));
}

// With all that matches fetched anew: what is selected as it is now, without what no longer matches.
export function afterLookingAgain<Row>(selection: Selection<Row>, found: ReadonlyMap<string, Row>): Selection<Row> {
  const chosen = new Map([...selection.chosen.keys()].flatMap((id) => (found.has(id) ? [[id, found.get(id)!]] : [])));
  const left = selection.left + selection.chosen.size - chosen.size;
  return { ...selection, chosen, whole: chosen.size > 0 && chosen.size === found.size, left };
}

// What was found of all that matches: so far, or (`whole`) to the end.
export function afterGathering<Row>(
  selection: Selection<Row>,
  found: ReadonlyMap<string, Row>,
  whole: boolean,
): Selection<Row> {
  return { ...selection, chosen: found, whole, left: 0 };
}
