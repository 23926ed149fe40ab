import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Right } from "../session.tsx";

export interface OperationDialog<Row> {
  rows: Row[];
  opened: boolean;
  close: () => void;
  // Once nothing of it is to be seen any more.
  closed: () => void;
}

// What can be done with the selected rows of a list.
export interface Operation<Row> {
  id: string;
  label: string;
  icon: LucideIcon;
  // Missing: everybody may.
  needs?: Right;
  dangerous?: boolean;
  // What asks, and shows what became of it. It goes on to be shown when the rows have left the list, and is
  // another one, which knows nothing of the last, each time that somebody asks.
  dialog: (ask: OperationDialog<Row>) => ReactNode;
}
