// The numbers of the timeline as keys reach them. A cell is called by its row's key and its day: "7 12".

interface CellRow {
  key: string;
  days: { day: number }[];
}

// The days of each month that is shown: which is the first, and how many there are.
export function monthSpans(starts: readonly number[]): { first: number; span: number }[] {
  const spans: { first: number; span: number; month: number }[] = [];
  starts.forEach((moment, day) => {
    const month = new Date(moment).getMonth();
    const last = spans.at(-1);
    if (last?.month === month) last.span += 1;
    else spans.push({ first: day, span: 1, month });
  });
  return spans.map(({ first, span }) => ({ first, span }));
}

// Where a key leads: along the row from number to number; up and down to the nearest one of the next row that has any.
export function nextCell(rows: readonly CellRow[], at: string, key: string): string | undefined {
  const [name, text] = at.split(" ");
  const index = rows.findIndex((row) => row.key === name);
  const day = Number(text);
  const row = rows[index];
  if (!row) return undefined;
  const days = row.days.map((each) => each.day).sort((a, b) => a - b);
  const place = days.indexOf(day);
  const along = { ArrowLeft: days[place - 1], ArrowRight: days[place + 1], Home: days[0], End: days.at(-1) }[key];
  if (along !== undefined) return `${row.key} ${along}`;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step === undefined) return undefined;
  for (let other = index + step; rows[other] !== undefined; other += step) {
    const found = rows[other]!;
    const near = found.days.map((each) => each.day).sort((a, b) => Math.abs(a - day) - Math.abs(b - day) || a - b)[0];
    if (near !== undefined) return `${found.key} ${near}`;
  }
  return undefined;
}
