import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "./mark.tsx";
import classes from "./note.module.css";

interface NoteProps {
  tone: Tone;
  icon: LucideIcon;
  title?: ReactNode;
  role?: "alert" | "status";
  children?: ReactNode;
}

// Something to read before going on.
export function Note({ tone, icon: Icon, title, role, children }: NoteProps) {
  return (
    <div className={classes.note} data-tone={tone} role={role}>
      <Icon size={18} aria-hidden />
      <div className={classes.body}>
        {title && <p className={classes.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}
