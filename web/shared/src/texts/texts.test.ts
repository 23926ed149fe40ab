import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { de } from "./de.ts";
import { en } from "./en.ts";
import { ja } from "./ja.ts";
import { nl } from "./nl.ts";
import { ptBr } from "./pt_br.ts";

type Tree = { readonly [key: string]: string | Tree };

function flat(tree: Tree, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "texts" || entry.name === "node_modules" ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.|\.d\.ts$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
const english = flat(en);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const code = [join(root, "hub/src"), join(root, "shared/src")].flatMap(sources).join("\n");

describe.each([
  ["de", de],
  ["pt-BR", ptBr],
  ["nl", nl],
  ["ja", ja],
])("the texts in %s", (name, texts) => {
  const translated = flat(texts);
  it("have the keys of English", () => expect([...translated.keys()].sort()).toEqual([...english.keys()].sort()));
  it("are none of them empty", () => expect([...translated].filter(([, text]) => text.trim() === "")).toEqual([]));
  it("have the placeholders of English", () => {
    // A language may leave the count out where it says "the first row".
    const wrong = [...translated].filter(([key, text]) => {
      const [has, wants] = [placeholders(text), placeholders(english.get(key)!)];
      return has.join() !== wants.join() && !(key.endsWith("_one") && has.length === 0);
    });
    expect(wrong).toEqual([]);
  });
  it("are translated, but for words that are the same", () => {
    const same = [...translated].filter(([key, text]) => text.length > 24 && text === english.get(key));
    expect(same, name).toEqual([]);
  });
});

describe("the keys", () => {
  // A key stands in the code whole, or as a template such as `role.${role}` whose beginning it has.
  const literal = new Set([...code.matchAll(/["'`]([a-z_]+\.[A-Za-z0-9_.]+)["'`]/g)].map((match) => match[1]!));
  const beginnings = [...code.matchAll(/`([a-z_]+\.)\$\{/g)].map((match) => match[1]!);
  const bare = (key: string) => key.replace(/_(one|other)$/, "");
  const isUsed = (key: string) =>
    literal.has(key) || literal.has(bare(key)) || beginnings.some((start) => key.startsWith(start));

  it("are all used", () => expect([...english.keys()].filter((key) => !isUsed(key))).toEqual([]));
  it("that are used are all there", () => {
    const groups = new Set(Object.keys(en));
    const bases = new Set([...english.keys()].map(bare));
    const asked = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1]!);
    expect(asked.filter((key) => !english.has(key) && !bases.has(key))).toEqual([]);
    expect(asked.filter((key) => !groups.has(key.split(".")[0]!))).toEqual([]);
  });
});
