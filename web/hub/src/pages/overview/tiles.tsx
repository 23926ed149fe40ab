import { Link } from "@tanstack/react-router";
import {
  Ban,
  CalendarClock,
  CircleCheck,
  CircleX,
  ClipboardX,
  ClockAlert,
  FileBadge,
  Hourglass,
  Inbox,
  Router,
  TriangleAlert,
  WifiOff,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Overview } from "@chancery/shared/api/models.ts";
import { day, isoMinute } from "@chancery/shared/format/time.ts";
import type { Tone } from "@chancery/shared/parts/mark.tsx";
import classes from "./overview.module.css";

type Key = keyof Overview;

interface Tile {
  key: Key;
  icon: LucideIcon;
  tone: Tone;
  to: string;
  search: Record<string, string>;
}

// In the order in which they hurt. Each leads to the list behind its number.
const risks: Tile[] = [
  { key: "expired", icon: CircleX, tone: "bad", to: "/certificates", search: { status: "expired" } },
  { key: "revoked_slots", icon: Ban, tone: "bad", to: "/nodes", search: { problem: "revoked" } },
  { key: "failed_slots", icon: TriangleAlert, tone: "bad", to: "/nodes", search: { problem: "failed" } },
  {
    key: "expiring_7_days",
    icon: ClockAlert,
    tone: "bad",
    to: "/certificates",
    search: { status: "expiring", sort: "not_after", ends_within: "7" },
  },
  { key: "pending_requests", icon: Inbox, tone: "warn", to: "/requests", search: {} },
  { key: "waiting_nodes", icon: Hourglass, tone: "warn", to: "/nodes", search: { state: "waiting" } },
  { key: "refused_requests", icon: Ban, tone: "warn", to: "/requests", search: { state: "all" } },
  {
    key: "failed_orders",
    icon: ClipboardX,
    tone: "warn",
    to: "/orders",
    search: { state: "failed", ended_within: "7" },
  },
  { key: "unseen_nodes", icon: WifiOff, tone: "warn", to: "/nodes", search: { problem: "unseen" } },
  {
    key: "expiring_30_days",
    icon: CalendarClock,
    tone: "info",
    to: "/certificates",
    search: { status: "expiring", sort: "not_after" },
  },
];

// "Within 7 days" as the list's own filter: its address is a moment, so that it can be kept and passed on.
function searchOf(tile: Tile): Record<string, string> {
  const { ends_within: ahead, ended_within: ago, ...search } = tile.search;
  const moment = (days: number) => isoMinute(Date.now() + days * day);
  if (ahead) return { ...search, expires_before: moment(Number(ahead)) };
  if (ago) return { ...search, finished_after: moment(-Number(ago)) };
  return search;
}

export function Risks({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.tiles}>
      {risks.map((tile) => {
        const count = overview[tile.key];
        const Icon = count > 0 ? tile.icon : CircleCheck;
        return (
          <li key={tile.key}>
            <Link
              to={tile.to}
              search={searchOf(tile) as never}
              className={classes.tile}
              data-tone={count > 0 ? tile.tone : "muted"}
              data-quiet={count === 0 || undefined}
            >
              <span className={classes.number}>
                <Icon size={20} aria-hidden />
                {count}
              </span>
              <span className={classes.word}>
                {t(`risk.${tile.key as Exclude<Key, "nodes" | "slots" | "certificates">}`, { count })}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

export function Totals({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const totals = [
    { key: "nodes", icon: Router, to: "/nodes" },
    { key: "slots", icon: CircleCheck, to: "/nodes" },
    { key: "certificates", icon: FileBadge, to: "/certificates" },
  ] as const;
  return (
    <ul className={classes.totals}>
      {totals.map(({ key, icon: Icon, to }) => (
        <li key={key}>
          <Link to={to} className={classes.total}>
            <Icon size={16} aria-hidden />
            <strong>{overview[key]}</strong> {t(`total.${key}`, { count: overview[key] })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
