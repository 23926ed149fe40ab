import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { memo, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Cluster, Timeline, TimelineDay } from "@chancery/shared/api/models.ts";
import { monthSpans, nextCell } from "./timeline_cells.ts";
import { searchOf, shownDays, toneOf, type Days } from "./timeline_days.ts";
import classes from "./timeline.module.css";

interface TimelineTableProps {
  days: Days;
  timeline: Timeline;
  clusters: Cluster[];
  // So many rows of clusters.
  most: number;
  expand: { all: boolean; setAll: (all: boolean) => void } | undefined;
}

interface Row {
  key: string;
  name: string;
  // What the name shows and leads to.
  head: ReactNode;
  cluster?: number;
  days: TimelineDay[];
}

// A day as the table says it.
interface DayWords {
  number: string;
  long: string;
  monday: boolean;
}

// Days across, clusters down: the next to end first. A number leads to its certificates; days are the viewer's.
export function TimelineTable({ days, timeline, clusters, most, expand }: TimelineTableProps) {
  const { t, i18n } = useTranslation();
  const month = new Intl.DateTimeFormat(i18n.language, { month: "long", year: "numeric" });
  const starts = days.slice(0, shownDays);
  const words = useMemo(() => wordsOf(days.slice(0, shownDays), i18n.language), [days, i18n.language]);
  const rows = useRows(timeline, clusters, most);
  const { onKeyDown, current, setCurrent } = useCells(rows);

  return (
    <>
      <div className={classes.scroll} role="region" aria-label={t("overview.timeline")} tabIndex={0}>
        <table className={classes.table} onKeyDown={onKeyDown}>
          <caption className="visually-hidden">
            {t("overview.timeline")} {t("timeline.keys")}
          </caption>
          <thead>
            <tr>
              <td className={classes.corner} />
              <td className={classes.sumCorner} />
              {monthSpans(starts).map(({ first, span }) => (
                <th key={first} colSpan={span} scope="colgroup" className={classes.month}>
                  {span > 2 && <span>{month.format(starts[first])}</span>}
                </th>
              ))}
            </tr>
            <tr>
              <th scope="col" className={classes.corner}>
                {t("nodes.cluster")}
              </th>
              <th scope="col" className={classes.sumCorner}>
                {t("timeline.sum")}
              </th>
              {words.map(({ number, long, monday }, day) => (
                <th
                  key={day}
                  scope="col"
                  className={classes.number}
                  data-monday={monday || undefined}
                  data-today={day === 0 || undefined}
                  title={day === 0 ? `${t("timeline.today")}, ${long}` : long}
                >
                  {number}
                  {day === 0 && <span className="visually-hidden">{t("timeline.today")}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <TimelineRow
                key={row.key}
                row={row}
                days={days}
                words={words}
                current={current.row === row.key ? current.day : undefined}
                setCurrent={setCurrent}
              />
            ))}
          </tbody>
        </table>
      </div>
      {expand && (
        <div>
          <Button size="xs" variant="default" onClick={() => expand.setAll(!expand.all)} aria-expanded={expand.all}>
            {expand.all ? t("timeline.show_fewer") : t("timeline.show_all", { count: clusters.length })}
          </Button>
        </div>
      )}
    </>
  );
}

interface TimelineRowProps {
  row: Row;
  days: Days;
  words: DayWords[];
  // The day at which the Tab key stops, in this row or in none.
  current: number | undefined;
  setCurrent: (cell: string) => void;
}

// There may be a thousand of them, and the focus concerns two.
const TimelineRow = memo(function TimelineRow({ row, days, words, current, setCurrent }: TimelineRowProps) {
  const { t } = useTranslation();
  const sum = row.days.reduce((all, { count }) => all + count, 0);
  const counts = new Map(row.days.map(({ day, count }) => [day, count]));
  const link = (day: number, count: number) => {
    const label = t("timeline.cell", { row: row.name, count, day: words[day]!.long });
    return (
      <Link
        className={classes.day}
        data-tone={toneOf(day)}
        data-cell={`${row.key} ${day}`}
        to="/certificates"
        search={searchOf(days, day, day + 1, row.cluster)}
        aria-label={label}
        title={label}
        tabIndex={day === current ? 0 : -1}
        onFocus={() => setCurrent(`${row.key} ${day}`)}
      >
        {count > 99 ? "99+" : count}
      </Link>
    );
  };
  return (
    <tr data-all={row.key === "all" || undefined}>
      <th scope="row" className={classes.name} title={row.name}>
        {row.head}
      </th>
      <td className={classes.sum}>
        {sum === 0 ? (
          <span className={classes.none}>0</span>
        ) : (
          <Link
            to="/certificates"
            search={searchOf(days, 0, shownDays, row.cluster)}
            aria-label={t("timeline.row_sum", { row: row.name, count: sum })}
          >
            {sum}
          </Link>
        )}
      </td>
      {words.map(({ monday }, day) => {
        const count = counts.get(day) ?? 0;
        return (
          <td key={day} className={classes.cell} data-monday={monday || undefined} data-today={day === 0 || undefined}>
            {count > 0 && link(day, count)}
          </td>
        );
      })}
    </tr>
  );
});

function wordsOf(starts: Days, locale: string): DayWords[] {
  const number = new Intl.DateTimeFormat(locale, { day: "numeric" });
  const long = new Intl.DateTimeFormat(locale, { dateStyle: "full" });
  return starts.map((moment) => ({
    // Without what some languages write after it.
    number: number.formatToParts(moment).find(({ type }) => type === "day")!.value,
    long: long.format(moment),
    monday: new Date(moment).getDay() === 1,
  }));
}

function useRows(timeline: Timeline, clusters: Cluster[], most: number): Row[] {
  const { t } = useTranslation();
  return useMemo(() => rowsOf(timeline, clusters, most, t), [timeline, clusters, most, t]);
}

function rowsOf(timeline: Timeline, clusters: Cluster[], most: number, t: TFunction): Row[] {
  const ending = new Set(timeline.clusters.map(({ id }) => id));
  // Those in which nothing ends come after.
  const shown = [
    ...timeline.clusters,
    ...clusters.filter(({ id }) => !ending.has(id)).map(({ id, name }) => ({ id, name, days: [] })),
  ];
  return [
    {
      key: "all",
      name: t("timeline.all"),
      head: <Link to="/certificates">{t("timeline.all")}</Link>,
      days: timeline.all,
    },
    ...shown.slice(0, most).map(({ id, name, days }): Row => ({
      key: String(id),
      name,
      head: (
        <Link to="/clusters/$cluster" params={{ cluster: String(id) }}>
          {name}
        </Link>
      ),
      cluster: id,
      days,
    })),
    {
      key: "elsewhere",
      name: t("timeline.elsewhere_text"),
      head: (
        <Link to="/certificates" search={{ cluster: "0", status: "current" }}>
          {t("timeline.elsewhere")}
        </Link>
      ),
      cluster: 0,
      days: timeline.elsewhere,
    },
  ];
}

// One stop for the Tab key; the arrow keys go from number to number.
function useCells(rows: Row[]) {
  const [wanted, setCurrent] = useState("");
  const first = rows.find((row) => row.days.length > 0);
  const there = rows.some((row) => row.days.some(({ day }) => `${row.key} ${day}` === wanted));
  const [row, day] = there ? wanted.split(" ") : [first?.key, first?.days[0]!.day];
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = (event.target as HTMLElement).dataset.cell;
    if (at === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const next = nextCell(rows, at, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
  };
  return { onKeyDown, setCurrent, current: { row, day: Number(day) } };
}
