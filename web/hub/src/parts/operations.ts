import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Right } from "../session.tsx";

export interface OperationDialog<Row> {
  rows: Row[];
  opened: boolean;
  close: () => void;
}

// What can be done with the selected rows of a list.
export interface Operation<Row> {
  id: string;
  label: string;
  icon: LucideIcon;
  // Missing: everybody may.
  needs?: Right;
  dangerous?: boolean;
  // What asks, and shows what became of it. It goes on to be shown when the rows have left the list.
  dialog: (ask: OperationDialog<Row>) => ReactNode;
}
