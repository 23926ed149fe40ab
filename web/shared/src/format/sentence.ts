// Sentences and findings of the hub in the reader's language, by their rules. What there is no text for stays in English.
import type { i18n } from "i18next";
import type { Finding, Sentence } from "../api/models.ts";
import { local } from "./time.ts";

// Part of a text; `lang` where it is not in the language of the page.
export interface Piece {
  text: string;
  lang?: "en";
}

type Language = Pick<i18n, "language" | "exists" | "t">;
type Values = Record<string, string>;
// Any of the keys will do for the compiler: which one it is turns out when the hub has answered.
type SomeKey = "said.sign_in_first";

const units = { s: "second", m: "minute", h: "hour", d: "day", w: "week", y: "year" } as const;
const durations = ["wait", "validity", "window"];
const words: Record<string, string> = {
  role: "role",
  needed_role: "role",
  node_state: "node_state",
  order_state: "order_state",
};

// "90d" as "90 Tage".
export function durationText(duration: string, locale: string): string {
  const [, count, unit] = /^(\d+)([smhdwy])$/.exec(duration) ?? [];
  if (!count || !unit) return duration;
  const style = { style: "unit", unit: units[unit as keyof typeof units], unitDisplay: "long" } as const;
  return new Intl.NumberFormat(locale, style).format(Number(count));
}

function shown(name: string, value: string, { language, exists, t }: Language): string {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : NaN;
  if (!Number.isNaN(time)) return local(time, language);
  if (durations.includes(name)) return durationText(value, language);
  const key = `${words[name] ?? ""}.${value}`;
  return name in words && exists(key) ? t(key as SomeKey) : value;
}

// Stands for the cause, or for a detail that a library told in English, until the text around it is there.
const mark = "\u0001";

function filled(key: string, values: Values, cause: Piece[], language: Language): Piece[] {
  const { detail, ...others } = values;
  const inner: Piece[] = detail === undefined ? cause : [{ text: detail, lang: "en" }];
  const all = Object.entries(others).map(([name, value]) => [name, shown(name, value, language)]);
  const translate = language.t as unknown as (key: string, values: Values) => string;
  const text = translate(key, Object.fromEntries([...all, ["cause", mark], ["detail", mark]]) as Values);
  const [before, after] = text.split(mark);
  return [{ text: before ?? "" }, ...(after === undefined ? [] : [...inner, { text: after }])].filter(
    (piece) => piece.text !== "",
  );
}

export function sentencePieces({ text, rule, values, cause }: Sentence, language: Language): Piece[] {
  const key = `said.${rule}`;
  if (!rule || !language.exists(key)) return [{ text, lang: "en" }];
  return filled(key, values ?? {}, cause ? sentencePieces(cause, language) : [], language);
}

// For places that take nothing but a text.
export function sentenceText(sentence: Sentence, language: Language): string {
  return sentencePieces(sentence, language)
    .map(({ text }) => text)
    .join("");
}

export function findingPieces(finding: Finding, language: Language): { what: Piece[]; fix: Piece[] } {
  const key = `finding.${finding.rule}.`;
  if (!language.exists(`${key}what`)) {
    return { what: [{ text: finding.what, lang: "en" }], fix: [{ text: finding.fix, lang: "en" }] };
  }
  const cause = finding.cause ? sentencePieces(finding.cause, language) : [];
  return {
    what: filled(`${key}what`, finding.values, cause, language),
    fix: filled(`${key}fix`, finding.values, [], language),
  };
}
