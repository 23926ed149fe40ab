import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { local, localDate, relative, utc } from "../format/time.ts";

// The present, anew every `period` while something shows it.
export function useNow(period = 15_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), period);
    return () => clearInterval(timer);
  }, [period]);
  return now;
}

interface MomentProps {
  at: string | undefined;
  show?: "relative" | "date" | "both";
}

// A moment in the viewer's zone and words, with the exact one in UTC on hover.
export function Moment({ at, show = "relative" }: MomentProps) {
  const { i18n } = useTranslation();
  const now = useNow();
  const moment = at ? Date.parse(at) : NaN;
  if (Number.isNaN(moment)) return <span aria-hidden>–</span>;
  const locale = i18n.language;
  const near = relative(moment, now, locale);
  const text =
    show === "relative" ? near : show === "date" ? localDate(moment, locale) : `${local(moment, locale)} (${near})`;
  return (
    <Tooltip label={`${local(moment, locale)} · ${utc(moment)}`} openDelay={300}>
      <time dateTime={at}>{text}</time>
    </Tooltip>
  );
}
