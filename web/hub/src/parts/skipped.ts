// What a bulk operation leaves out, by the reason.
export interface Sorted<Row> {
  able: Row[];
  skipped: { why: string; rows: Row[] }[];
}

export function sortOut<Row>(rows: readonly Row[], refuses: (row: Row) => string | undefined): Sorted<Row> {
  const able: Row[] = [];
  const reasons = new Map<string, Row[]>();
  for (const row of rows) {
    const why = refuses(row);
    if (why === undefined) able.push(row);
    else if (!reasons.get(why)?.push(row)) reasons.set(why, [row]);
  }
  return { able, skipped: [...reasons].map(([why, some]) => ({ why, rows: some })) };
}
