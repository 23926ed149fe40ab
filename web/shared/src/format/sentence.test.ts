import { readFileSync } from "node:fs";
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { Finding, Sentence } from "../api/models.ts";
import { de } from "../texts/de.ts";
import { en } from "../texts/en.ts";
import { ja } from "../texts/ja.ts";
import { durationText, findingPieces, sentencePieces, type Piece } from "./sentence.ts";

interface Document {
  components: {
    schemas: {
      Sentence: { "x-texts": Record<string, string> };
      Finding: { "x-texts": Record<string, { what: string; fix: string }> };
    };
  };
}
const document = JSON.parse(
  readFileSync(new URL("../../../../api/hub.openapi.json", import.meta.url), "utf8"),
) as Document;
const { Sentence: hubSentences, Finding: hubFindings } = document.components.schemas;

const language = (name: string) => i18next.cloneInstance({ lng: name });
const joined = (pieces: Piece[]) => pieces.map(({ text, lang }) => (lang ? `<${text}>` : text)).join("");
const namesIn = (text: string, braces: RegExp) => [...text.matchAll(braces)].map((match) => match[1]!);

beforeAll(async () => {
  await i18next.init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en }, de: { translation: de }, ja: { translation: ja } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });
});

describe("the hub's sentences and findings", () => {
  // That there is a text for each is the compiler's to say; here, that the hub fills in what the text needs.
  const ours: [string, string, string][] = [
    ...Object.entries(en.said).map(([rule, text]): [string, string, string] => [
      rule,
      text,
      hubSentences["x-texts"][rule] ?? "",
    ]),
    ...Object.entries(en.finding).flatMap(([rule, { what, fix }]): [string, string, string][] => [
      [`${rule}.what`, what, hubFindings["x-texts"][rule]?.what ?? ""],
      [`${rule}.fix`, fix, hubFindings["x-texts"][rule]?.fix ?? ""],
    ]),
  ];
  it.each(ours)("%s has only values that the hub gives", (_, text, pattern) => {
    const given = namesIn(pattern, /\{(\w+)\}/g);
    expect(namesIn(text, /\{\{(\w+)\}\}/g).filter((name) => !given.includes(name))).toEqual([]);
  });
});

describe("a sentence", () => {
  const sentence = (rule: string, values: Record<string, string> = {}, cause?: Sentence): Sentence =>
    ({ text: "in English", rule, values, cause }) as Sentence;
  it.each<[string, Sentence, string]>([
    ["en", sentence("user_unknown", { user: "anna" }), "There is no user anna"],
    ["de", sentence("user_unknown", { user: "anna" }), "Es gibt keinen Benutzer anna"],
    ["ja", sentence("user_unknown", { user: "anna" }), "ユーザー anna は存在しません"],
    [
      "de",
      sentence("role_needed", { needed_role: "operator", role: "auditor" }),
      "Dafür ist die Rolle Operator nötig, Sie haben die Rolle Revisor",
    ],
    [
      "de",
      sentence("node_not_admitted", { node_state: "blocked" }),
      `Der Knoten ist nicht zugelassen: ${de.node_state.blocked}`,
    ],
    [
      "de",
      sentence("of_field", { name: "name" }, sentence("text_control_character")),
      "name: enthält ein Steuerzeichen",
    ],
    [
      "de",
      sentence("file_unreadable", { path: "etc/secret", detail: "Permission denied" }),
      "/etc/secret kann nicht gelesen werden: <Permission denied>",
    ],
    ["de", sentence("of_a_newer_hub"), "<in English>"],
    ["de", { text: "handshake failed" }, "<handshake failed>"],
  ])("in %s of %j", (name, said, text) => expect(joined(sentencePieces(said, language(name)))).toBe(text));

  it("has times in the reader's way", () => {
    const [piece] = sentencePieces(sentence("renewal_too_early", { time: "2026-11-21T12:00:00Z" }), language("de"));
    expect(piece!.text).toMatch(/21\.11\.2026/);
  });
  it.each([
    ["90d", "de", "90 Tage"],
    ["1y", "de", "1 Jahr"],
    ["4m", "en", "4 minutes"],
    ["soon", "en", "soon"],
  ])("%s in %s is %s", (duration, name, text) => expect(durationText(duration, name)).toBe(text));
});

describe("a finding", () => {
  const finding = (rule: string, values: Record<string, string>, cause?: Sentence) =>
    ({ severity: "error", what: "what is wrong", fix: "what to do", rule, values, cause }) as Finding;
  it("has its cause in it, which is marked where it is English", () => {
    const known = { text: "", rule: "warning_3des" } as Sentence;
    expect(joined(findingPieces(finding("endpoint_warning", { endpoint: "hall" }, known), language("de")).what)).toBe(
      `Endpunkt hall: ${de.said.warning_3des}`,
    );
    const other = { text: "disk I/O error" };
    expect(joined(findingPieces(finding("not_ready", {}, other), language("de")).what)).toBe(
      "Der Server ist nicht bereit: <disk I/O error>",
    );
  });
  it("that there is no text for stays English", () =>
    expect(joined(findingPieces(finding("of_a_newer_hub", {}), language("de")).fix)).toBe("<what to do>"));
});
