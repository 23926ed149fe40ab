// What the mock's routes answer with.
import { sentence } from "./sentences.mjs";

export const problem = (status, code, text) => ({
  status,
  body: { error: { code, text, sentences: [sentence(text)] } },
});
export const ok = (body, status = 200) => ({ status, body });
export const notFound = (what) => problem(404, "not_found", `there is no ${what}`);

export function paged(rows, query, id) {
  const limit = Math.min(Number(query.limit ?? 50), 200);
  const start = query.after ? rows.findIndex((row) => String(id(row)) === query.after) + 1 : 0;
  const part = rows.slice(start, start + limit);
  return { part, next: start + limit < rows.length ? id(part.at(-1)) : undefined };
}

export function sorted(rows, key, descending) {
  const value = (row) => row[key] ?? "";
  const list = [...rows].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return descending === "true" ? list.reverse() : list;
}
