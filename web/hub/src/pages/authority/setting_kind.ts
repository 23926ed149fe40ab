// How a setting is edited, from what the hub says of its type: "true or false", "one of 'a', 'b'", "a list of texts", …

export type SettingKind = "boolean" | "choice" | "list" | "integer" | "text";

export function choicesOf(type: string): string[] | undefined {
  if (!type.startsWith("one of ")) return undefined;
  return [...type.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
}

export function kindOf(type: string): SettingKind {
  if (type === "true or false") return "boolean";
  if (choicesOf(type)) return "choice";
  if (type.startsWith("a list of")) return "list";
  if (type.startsWith("an integer")) return "integer";
  return "text";
}

// What differs from `before`: all that is sent.
export function changedSettings(before: Record<string, string>, after: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
}
