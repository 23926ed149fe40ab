// Moments as people read them. All of it is pure: the present comes in.

const minute = 60_000;
const hour = 60 * minute;
export const day = 24 * hour;

// "in 12 days", "3 minutes ago".
export function relative(moment: number, now: number, locale: string): string {
  const distance = moment - now;
  const size = Math.abs(distance);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const units: [number, Intl.RelativeTimeFormatUnit][] = [
    [365.25 * day, "year"],
    [30.44 * day, "month"],
    [day, "day"],
    [hour, "hour"],
    [minute, "minute"],
  ];
  for (const [length, unit] of units) {
    // "In 89 days" says more than "in 2 months", so long units begin at several times their length.
    if (size >= length * (unit === "month" ? 4 : unit === "year" ? 2 : 1))
      return format.format(Math.trunc(distance / length), unit);
  }
  return format.format(Math.trunc(distance / 1000), "second");
}

const noTime = "–";

// In the viewer's zone. What is no time, such as NaN, is told so: it may come from an address or a device.
export function local(moment: number, locale: string): string {
  if (Number.isNaN(moment)) return noTime;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(moment);
}

export function localDate(moment: number, locale: string, options: Intl.DateTimeFormatOptions = {}): string {
  if (Number.isNaN(moment)) return noTime;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...options }).format(moment);
}

// The exact moment in UTC, to the second.
export function utc(moment: number): string {
  return new Date(moment)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

// How far through its life something is, from 0 to 1.
export function lifeFraction(notBefore: number, notAfter: number, moment: number): number {
  if (notAfter <= notBefore) return 1;
  return Math.min(1, Math.max(0, (moment - notBefore) / (notAfter - notBefore)));
}

// "soon" in the eyes of a person: less than a third of the life is left and less than 30 days.
export function validityOf(
  notBefore: number,
  notAfter: number,
  now: number,
): "future" | "valid" | "expiring" | "expired" {
  if (now > notAfter) return "expired";
  if (now < notBefore) return "future";
  const left = notAfter - now;
  return left < 30 * day && left < (notAfter - notBefore) / 3 ? "expiring" : "valid";
}

// When each of so many days begins in the viewer's zone, from that of `now` on, and when the last one ends.
export function localDays(now: number, count: number): number[] {
  const today = new Date(now);
  return Array.from({ length: count + 1 }, (_, later) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + later).getTime(),
  );
}

// A calendar of whole weeks, Monday first, that has so many days from this one on: each of its days as how many it is after this one.
export function calendar(day: Date, days: number): number[][] {
  const weekday = (day.getDay() + 6) % 7;
  return Array.from({ length: Math.ceil((weekday + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, later) => week * 7 + later - weekday),
  );
}

// The moment as addresses have it, to the minute: short, and the same for a while.
export function isoMinute(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16)}:00Z`;
}

// When a day ("2026-11-21") begins in the viewer's zone, or the one `later` days after it; nothing for what is no such day.
export function dayBegins(text: string | undefined, later = 0): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? "") ?? [];
  if (Number(year ?? 0) < 1970) return undefined;
  return isoMinute(new Date(Number(year), Number(month) - 1, Number(date) + later).getTime());
}
