import { Link } from "@tanstack/react-router";
import { Fragment, type CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineDay } from "@chancery/shared/api/models.ts";
import { calendar } from "@chancery/shared/format/time.ts";
import { searchOf, shownDays, toneOf, type Days } from "./timeline_days.ts";
import classes from "./timeline.module.css";

// The next days as a calendar of weeks, on which a day leads to its certificates.
export function TimelineCalendar({ days, counts }: { days: Days; counts: TimelineDay[] }) {
  const { t, i18n } = useTranslation();
  const countOf = new Map(counts.map(({ day, count }) => [day, count]));
  const most = Math.max(1, ...countOf.values());
  const today = new Date(days[0]!);
  const dateOf = (day: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + day);
  const columns = calendar(today, shownDays);
  const month = new Intl.DateTimeFormat(i18n.language, { month: "short" });
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: "short" });
  const long = new Intl.DateTimeFormat(i18n.language, { dateStyle: "full" });
  return (
    <div className={classes.calendar} style={{ "--weeks": columns.length } as CSSProperties}>
      <span aria-hidden />
      {columns.map((week, index) => {
        const first = dateOf(week[0]!);
        const before = index > 0 ? dateOf(columns[index - 1]![0]!).getMonth() : -1;
        return (
          <span key={week[0]} className={classes.calendarMonth} aria-hidden>
            {first.getMonth() !== before ? month.format(first) : ""}
          </span>
        );
      })}
      {[0, 1, 2, 3, 4, 5, 6].map((row) => (
        <Fragment key={row}>
          <span className={classes.weekday} aria-hidden>
            {row % 2 === 0 ? weekday.format(dateOf(columns[0]![row]!)) : ""}
          </span>
          {columns.map((week) => {
            const day = week[row]!;
            // The hub was asked about no other days.
            if (day < 0 || day >= shownDays) return <span key={day} />;
            const count = countOf.get(day) ?? 0;
            const label = t("timeline.day", { count, day: long.format(dateOf(day)) });
            if (count === 0) {
              return <span key={day} className={classes.day} data-today={day === 0 || undefined} title={label} />;
            }
            return (
              <Link
                key={day}
                className={classes.day}
                data-tone={toneOf(day)}
                data-today={day === 0 || undefined}
                data-many={count * 2 > most || undefined}
                to="/certificates"
                search={searchOf(days, day, day + 1)}
                aria-label={label}
                title={label}
              >
                {count > 99 ? "99+" : count}
              </Link>
            );
          })}
        </Fragment>
      ))}
    </div>
  );
}
