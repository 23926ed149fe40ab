import { Moment } from "@chancery/shared/parts/moment.tsx";
import type { Column } from "./data_list.tsx";

type Plain<Row> = Omit<Column<Row>, "cell" | "text">;

// What is shown is also what a table of it says.
export function textColumn<Row>(column: Plain<Row> & { text: (row: Row) => string; loose?: boolean }): Column<Row> {
  const { loose, ...rest } = column;
  return { ...rest, cell: (row) => (loose ? <span className="loose">{column.text(row)}</span> : column.text(row)) };
}

export function timeColumn<Row>(
  column: Plain<Row> & { at: (row: Row) => string | undefined; show?: "date" },
): Column<Row> {
  const { at, show, ...rest } = column;
  return { ...rest, cell: (row) => <Moment at={at(row)} show={show} />, text: (row) => at(row) ?? "" };
}

// By which people on the phone name it; not shown at first.
export function numberColumn<Row>(id: string, title: string, number: (row: Row) => number): Column<Row> {
  return textColumn({ id, title, text: (row) => String(number(row)), rank: 3, hidden: true });
}
