import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import classes from "./empty.module.css";

// Nothing to show: what that means and what to do next.
export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <Icon size={36} strokeWidth={1.4} aria-hidden />
      <p className={classes.title}>{title}</p>
      <div className={classes.text}>{children}</div>
    </div>
  );
}
