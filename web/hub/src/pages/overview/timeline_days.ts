import { isoMinute } from "@chancery/shared/format/time.ts";
import type { Tone } from "@chancery/shared/parts/mark.tsx";

export const shownDays = 90;

// When each day begins, and when the last one ends: as many moments as days, and one more.
export type Days = number[];

// How much what ends on a day hurts, by how near it is.
export const toneOf = (day: number): Tone => (day < 7 ? "bad" : day < 30 ? "warn" : "info");

// The list behind a number: what ends on days from the one to before the other, and is in use. Today's ends are counted from now on.
export function searchOf(days: Days, from: number, before: number, cluster?: number): Record<string, string> {
  return {
    status: "current",
    expires_after: isoMinute(from === 0 ? Date.now() : days[from]!),
    expires_before: isoMinute(days[before]!),
    sort: "not_after",
    ...(cluster === undefined ? {} : { cluster: String(cluster) }),
  };
}
