import { useEffect, useRef } from "react";
import classes from "./select_box.module.css";

interface SelectBoxProps {
  label: string;
  checked: boolean;
  // Some of what it stands for is.
  some?: boolean;
  toggle: (on: boolean, range: boolean) => void;
}

// A box to tick, as large as a finger needs. `range`: Shift was held.
export function SelectBox({ label, checked, some = false, toggle }: SelectBoxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = some && !checked;
  }, [some, checked]);
  return (
    // Shift would select the text between.
    <label className={classes.area} onMouseDown={(event) => event.shiftKey && event.preventDefault()}>
      <input
        ref={box}
        type="checkbox"
        className={classes.box}
        aria-label={label}
        checked={checked}
        onChange={(event) =>
          toggle(event.currentTarget.checked, (event.nativeEvent as unknown as MouseEvent).shiftKey === true)
        }
      />
    </label>
  );
}
