import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineDay } from "@chancery/shared/api/models.ts";
import { calendar, day, isoDay, isoMinute } from "@chancery/shared/format/time.ts";
import classes from "./overview.module.css";

const weeks = 13;

// When active certificates end: a calendar of the next 90 days, in UTC, on which a day leads to its certificates.
export function Timeline({ days, today }: { days: TimelineDay[]; today: Date }) {
  const { t, i18n } = useTranslation();
  const counts = new Map(days.map(({ day: at, count }) => [at.slice(0, 10), count]));
  const most = Math.max(1, ...counts.values());
  const todayText = isoDay(today.getTime());
  const columns = calendar(todayText, weeks);
  const monthOf = (week: string[]) => new Date(`${week[0]!}T00:00:00Z`);
  const month = new Intl.DateTimeFormat(i18n.language, { month: "short", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: "short", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(i18n.language, { dateStyle: "full", timeZone: "UTC" });
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);

  return (
    <>
      <p className={classes.timelineText}>{t("timeline.text", { count: total })}</p>
      <div className={classes.calendar}>
        <span aria-hidden />
        {columns.map((week, index) => {
          const first = monthOf(week);
          const before = index > 0 ? monthOf(columns[index - 1]!).getUTCMonth() : -1;
          return (
            <span key={week[0]} className={classes.month} aria-hidden>
              {first.getUTCMonth() !== before ? month.format(first) : ""}
            </span>
          );
        })}
        {[0, 1, 2, 3, 4, 5, 6].map((row) => (
          <Fragment key={row}>
            <span className={classes.weekday} aria-hidden>
              {row % 2 === 0 ? weekday.format(new Date(`${columns[0]![row]!}T00:00:00Z`)) : ""}
            </span>
            {columns.map((week) => {
              const date = week[row]!;
              const count = counts.get(date) ?? 0;
              const moment = Date.parse(`${date}T00:00:00Z`);
              const label = t("timeline.day", { count, day: long.format(moment) });
              if (count === 0) {
                return (
                  <span
                    key={date}
                    className={classes.day}
                    data-past={date < todayText || undefined}
                    data-today={date === todayText || undefined}
                    title={label}
                  />
                );
              }
              return (
                <Link
                  key={date}
                  className={classes.day}
                  data-tone={
                    moment - today.getTime() < 7 * day ? "bad" : moment - today.getTime() < 30 * day ? "warn" : "info"
                  }
                  data-today={date === todayText || undefined}
                  data-many={count * 2 > most || undefined}
                  to="/certificates"
                  search={{
                    // What has ended today is not counted.
                    expires_after: date === todayText ? isoMinute(Date.now()) : `${date}T00:00:00Z`,
                    expires_before: `${isoDay(moment + day)}T00:00:00Z`,
                    sort: "not_after",
                  }}
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
    </>
  );
}
