import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  calendar,
  day,
  dayBegins,
  isoMinute,
  lifeFraction,
  local,
  localDays,
  localDate,
  relative,
  utc,
  validityOf,
} from "./time.ts";

const now = Date.parse("2026-11-21T12:00:00Z");

describe("relative", () => {
  it.each([
    [now + 12 * day, "in 12 days"],
    [now + 45 * day, "in 45 days"],
    [now + 100 * day, "in 100 days"],
    [now + 200 * day, "in 6 months"],
    [now + 800 * day, "in 2 years"],
    [now - 3 * 60_000, "3 minutes ago"],
    [now - 26 * 3_600_000, "yesterday"],
    [now + 400, "now"],
  ])("says what %d is", (moment, text) => expect(relative(moment, now, "en")).toBe(text));
  it("speaks the viewer's language", () => expect(relative(now + 12 * day, now, "de")).toBe("in 12 Tagen"));
});

it("writes UTC to the second", () => expect(utc(now + 999)).toBe("2026-11-21 12:00:00 UTC"));

it.each(["de", "ja"])("shows in %s what is no time without a word about it", (locale) => {
  expect([local(NaN, locale), localDate(NaN, locale)]).toEqual(["–", "–"]);
});

describe("a life", () => {
  it.each([
    [now - day, 0],
    [now + 5 * day, 0.5],
    [now + 11 * day, 1],
  ])("is bounded", (moment, fraction) => expect(lifeFraction(now, now + 10 * day, moment)).toBe(fraction));
  it("of nothing has passed", () => expect(lifeFraction(now, now, now)).toBe(1));
});

describe("validity", () => {
  it.each([
    ["future", now + day, now + 90 * day],
    ["valid", now - 10 * day, now + 80 * day],
    ["expiring", now - 80 * day, now + 10 * day],
    ["expired", now - 90 * day, now - 1],
    // A certificate of an hour is not expiring all its life.
    ["valid", now - 600_000, now + 3_000_000],
    ["expiring", now - 3_000_000, now + 600_000],
  ])("is %s", (state, from, to) => expect(validityOf(from, to, now)).toBe(state));
});

describe("a calendar", () => {
  it("has whole weeks from Monday on, as days after the one it is made for", () => {
    const weeks = calendar(new Date(2026, 10, 21), 90);
    expect(weeks).toHaveLength(14);
    expect(weeks[0]).toEqual([-5, -4, -3, -2, -1, 0, 1]);
    expect(weeks[13]![6]).toBe(92);
  });
  it("that begins on a Sunday has it last in its first week", () =>
    expect(calendar(new Date(2026, 10, 22), 1)).toEqual([[-6, -5, -4, -3, -2, -1, 0]]));
  it.each([16, 17, 18, 19, 20, 21, 22])(
    "from November %d on has a place for each of its days, and no idle week",
    (date) => {
      const weeks = calendar(new Date(2026, 10, date), 90);
      const days = weeks.flat();
      expect(Array.from({ length: 90 }, (_, day) => day).filter((day) => !days.includes(day))).toEqual([]);
      expect(weeks.filter((week) => week[6]! < 0 || week[0]! >= 90)).toEqual([]);
    },
  );
});

// Node reads the variable again whenever it is set.
function inZone(zone: string) {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.TZ;
    process.env.TZ = zone;
  });
  afterEach(() => {
    process.env.TZ = before;
  });
}

describe("days", () => {
  it("begin at midnight where the viewer is, and one more ends the last", () => {
    const days = localDays(new Date(2026, 11, 30, 23, 59).getTime(), 3);
    expect(days).toEqual([30, 31, 32, 33].map((date) => new Date(2026, 11, date).getTime()));
  });
});

describe.each([
  // Clocks go forward in the night to the first day, and back in the one to the second. Some have no midnight then, or two.
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-10-25", "2026-10-24T22:00:00Z"],
  ["America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", "2026-11-01", "2026-11-01T04:00:00Z"],
  ["America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z", "2026-04-04", "2026-04-04T03:00:00Z"],
  ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", "2026-10-24", "2026-10-23T21:00:00Z"],
  ["America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", "2026-11-01", "2026-11-01T04:00:00Z"],
])("in %s", (zone, short, shortBegins, long, longBegins) => {
  inZone(zone);
  const at = (moment: string, hours: number) => Date.parse(moment) + hours * 3_600_000;

  it.each([
    [short, shortBegins, 23],
    [long, longBegins, 25],
  ])("%s begins at %s and has %d hours", (date, begins, hours) => {
    const ends = at(begins, hours);
    // Whenever on that day somebody looks.
    for (const now of [at(begins, 0), at(begins, 0.5), at(begins, 12), ends - 1])
      expect(localDays(now, 1).map(isoMinute)).toEqual([begins, isoMinute(ends)]);
    expect(dayBegins(date)).toBe(begins);
    expect(dayBegins(date, 1)).toBe(isoMinute(ends));
  });
  it("days follow each other without a gap or one twice", () => {
    const days = localDays(new Date(2026, 0, 1).getTime(), 365);
    const hours = days.slice(1).map((moment, index) => (moment - days[index]!) / 3_600_000);
    expect(hours.filter((length) => length !== 24).sort()).toEqual([23, 25]);
    expect(new Set(days.map((moment) => new Date(moment).toDateString())).size).toBe(366);
  });
});

describe("a day of a filter", () => {
  it("begins at midnight where the viewer is", () => {
    expect(dayBegins("2026-11-21")).toBe(isoMinute(new Date(2026, 10, 21).getTime()));
    expect(dayBegins("2026-11-30", 1)).toBe(dayBegins("2026-12-01"));
  });
  it.each([undefined, "", "yesterday", "0002-11-21", "2026-11-21T08:00:00Z"])("is none of %j", (text) =>
    expect(dayBegins(text)).toBeUndefined(),
  );
});
