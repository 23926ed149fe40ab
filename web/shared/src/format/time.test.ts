import { describe, expect, it } from "vitest";
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
    const weeks = calendar(new Date(2026, 10, 21), 13);
    expect(weeks).toHaveLength(13);
    expect(weeks[0]).toEqual([-5, -4, -3, -2, -1, 0, 1]);
    expect(weeks[12]![6]).toBe(85);
  });
  it("that begins on a Sunday has it last in its first week", () =>
    expect(calendar(new Date(2026, 10, 22), 1)[0]![6]).toBe(0));
});

describe("days", () => {
  it("begin at midnight where the viewer is, and one more ends the last", () => {
    const days = localDays(new Date(2026, 11, 30, 23, 59).getTime(), 3);
    expect(days).toEqual([30, 31, 32, 33].map((date) => new Date(2026, 11, date).getTime()));
  });
  it("follow each other without a gap, also where clocks are put forward or back", () => {
    const days = localDays(new Date(2026, 0, 1).getTime(), 366);
    const hours = days.slice(1).map((moment, index) => (moment - days[index]!) / 3_600_000);
    expect(hours.every((length) => length >= 23 && length <= 25)).toBe(true);
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
