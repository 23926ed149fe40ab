// What the hub adds to its texts, by the list in its description: rules and values.
import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(new URL("../../api/hub.openapi.json", import.meta.url), "utf8"));
const { Sentence, Finding } = document.components.schemas;

const quoted = (text) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
const patternOf = (text) => new RegExp(`^${quoted(text).replace(/\{(\w+)\}/g, "(?<$1>.*?)")}$`);
const rules = Object.entries(Sentence["x-texts"])
  .filter(([rule]) => rule !== "of_field")
  .map(([rule, text]) => [rule, patternOf(text)]);

export function sentence(text) {
  for (const [rule, pattern] of rules) {
    const found = pattern.exec(text);
    if (found) return { text, rule, values: { ...found.groups } };
  }
  return { text };
}

// Nothing where there is no rule: the words are a device's.
export function known(text) {
  const said = text === undefined ? {} : sentence(text);
  return said.rule ? said : undefined;
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function finding(severity, rule, values = {}) {
  const { what, fix } = Finding["x-texts"][rule];
  const { cause, ...rest } = values;
  return {
    severity,
    rule,
    what: filled(what, values),
    fix: filled(fix, values),
    values: rest,
    cause: cause && sentence(cause),
  };
}
