import { useTranslation } from "react-i18next";
import type { Withdrawn } from "../format/certificate.ts";
import { lifeFraction, local, localDate, relative, utc, validityOf } from "../format/time.ts";
import { useNow } from "./moment.tsx";
import classes from "./validity_bar.module.css";

interface ValidityBarProps {
  notBefore: string;
  notAfter: string;
  renewAt?: string;
  // Nobody should accept it any more, whatever its dates say.
  withdrawn?: Withdrawn;
}

const tones = {
  future: "info",
  valid: "ok",
  expiring: "warn",
  expired: "bad",
  revoked: "bad",
  suspended: "warn",
} as const;

// A certificate's life as a bar, with today and the planned renewal on it.
export function ValidityBar({ notBefore, notAfter, renewAt, withdrawn }: ValidityBarProps) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const locale = i18n.language;
  const [from, to] = [Date.parse(notBefore), Date.parse(notAfter)];
  const renewal = renewAt ? Date.parse(renewAt) : undefined;
  const passed = lifeFraction(from, to, now);
  const state = withdrawn ?? validityOf(from, to, now);
  const short = to - from < 3 * 86_400_000;
  const edge = (moment: number) => (short ? local(moment, locale) : localDate(moment, locale));
  return (
    <div className={classes.box} data-tone={tones[state]}>
      <div
        className={classes.bar}
        role="img"
        aria-label={[
          t("validity.label", { from: edge(from), to: edge(to), when: relative(to, now, locale) }),
          ...(withdrawn ? [t(`validity.${withdrawn}`)] : []),
        ].join(". ")}
      >
        <span className={classes.passed} style={{ width: `${passed * 100}%` }} />
        {renewal !== undefined && renewal > from && renewal < to && (
          <span
            className={classes.renewal}
            style={{ left: `${lifeFraction(from, to, renewal) * 100}%` }}
            title={`${t("validity.renewal")}: ${utc(renewal)}`}
          />
        )}
        <span
          className={classes.today}
          style={{ left: `${passed * 100}%` }}
          title={`${t("validity.today")}: ${utc(now)}`}
        />
      </div>
      <div className={classes.edges}>
        <span title={utc(from)}>{edge(from)}</span>
        <strong className={classes.state} title={utc(to)}>
          {state === "revoked" || state === "suspended"
            ? t(`validity.${state}`)
            : t(`validity.${state}`, { when: relative(state === "future" ? from : to, now, locale) })}
        </strong>
        <span title={utc(to)}>{edge(to)}</span>
      </div>
    </div>
  );
}
