import { Fragment, type ReactNode } from "react";
import { colons } from "../format/certificate.ts";
import { CopyIcon } from "./copy.tsx";
import classes from "./facts.module.css";

export type Fact = [name: string, value: ReactNode] | undefined | false;

// Names and values; what has no value is left out.
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map((fact, index) =>
        !fact || fact[1] === undefined || fact[1] === "" ? null : (
          <Fragment key={index}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}

// A serial, fingerprint or address that people compare and copy.
export function Code({ text, label, hex = false }: { text: string; label: string; hex?: boolean }) {
  return (
    <span className={classes.code}>
      <span className="mono">{hex ? colons(text) : text}</span>
      <CopyIcon text={text} label={label} />
    </span>
  );
}
