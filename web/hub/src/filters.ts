import { useNavigate, useSearch } from "@tanstack/react-router";

// What a list shows is in the address: filters, order and columns, as plain texts.
export type Filters = Record<string, string | undefined>;

export function useFilters(): [Filters, (change: Filters) => void] {
  const search = useSearch({ strict: false }) as Filters;
  const navigate = useNavigate();
  const change = (changed: Filters) =>
    void navigate({ to: ".", search: ((old: Filters) => cleaned({ ...old, ...changed })) as never, replace: true });
  return [search, change];
}

// Without what says nothing, so that one state has one address.
export function cleaned(filters: Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== ""));
}

// For a route's validateSearch: only what the page knows, and only as text.
export function known<const Names extends readonly string[]>(names: Names) {
  return (search: Record<string, unknown>): { [N in Names[number]]?: string } =>
    Object.fromEntries(
      names
        .filter((name) => search[name] !== undefined && search[name] !== "")
        .map((name) => [name, String(search[name])]),
    ) as { [N in Names[number]]?: string };
}

// "a=1&b=2" and nothing cleverer: a text of digits stays a text.
export function parseSearch(text: string): Filters {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}
