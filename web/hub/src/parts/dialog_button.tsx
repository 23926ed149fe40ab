import type { LucideIcon } from "lucide-react";
import { Fragment, useState, type ReactNode } from "react";
import { RoundButton } from "./round_view.tsx";

interface DialogButtonProps {
  label: string;
  icon: LucideIcon;
  refused?: string;
  // Another one, which knows nothing of the last, each time that somebody presses.
  dialog: (at: { opened: boolean; close: () => void }) => ReactNode;
}

// A button with the dialog that asks for orders.
export function DialogButton({ label, icon, refused, dialog }: DialogButtonProps) {
  const [{ opening, opened }, setOpen] = useState({ opening: 0, opened: false });
  return (
    <>
      <RoundButton
        label={label}
        icon={icon}
        refused={refused}
        press={() => setOpen((old) => ({ opening: old.opening + 1, opened: true }))}
      />
      {opening > 0 && (
        <Fragment key={opening}>
          {dialog({ opened, close: () => setOpen((old) => ({ ...old, opened: false })) })}
        </Fragment>
      )}
    </>
  );
}
