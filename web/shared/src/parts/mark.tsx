import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import classes from "./mark.module.css";

export type Tone = "ok" | "warn" | "bad" | "info" | "muted";

// A state as icon and word: never by colour alone.
export function Mark({ tone, icon: Icon, children }: { tone: Tone; icon: LucideIcon; children: ReactNode }) {
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={14} aria-hidden />
      {children}
    </span>
  );
}
