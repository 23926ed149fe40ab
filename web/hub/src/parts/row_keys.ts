import { useEffect, useRef } from "react";
import { rowElementId } from "./row_element.ts";

interface RowKeys<Row> {
  rows: Row[];
  rowId: (row: Row) => string;
  openId: string | undefined;
  go: (row: Row, replace: boolean) => void;
  more: (() => void) | undefined;
}

// While a panel is open, arrow up and down open the row before or after, unless the keys mean something where the focus is.
export function useRowKeys<Row>(keys: RowKeys<Row>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const active = keys.openId !== undefined;
  useEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const target = event.target as Element;
      if (
        target.closest("input,textarea,select,pre,[role=tab],[role=menu],[role=listbox],[role=dialog],[aria-haspopup]")
      )
        return;
      const { rows, rowId, openId, go, more } = latest.current;
      const step = event.key === "ArrowDown" ? 1 : -1;
      const index = rows.findIndex((row) => rowId(row) === openId);
      const next = rows[index + step];
      event.preventDefault();
      if (index + step >= rows.length - 5) more?.();
      if (index < 0 || !next) return;
      go(next, true);
      const element = document.getElementById(rowElementId(rowId(next)));
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: "nearest" });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [active]);
}
