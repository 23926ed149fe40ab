// The one way to the hub: typed by its OpenAPI document, with the session's cookie and CSRF token.
import type { Sentence } from "./models.ts";
import type { paths } from "./schema.d.ts";

export type Paths = paths;
export type Method = "get" | "post" | "patch" | "delete";
export type PathOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<M, infer O> ? ([O] extends [undefined] ? never : P) : never;
}[keyof Paths] &
  string;

type OperationOf<P extends keyof Paths, M extends Method> = Paths[P] extends Record<M, infer O> ? O : never;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type PathFieldsOf<O> = O extends { parameters: { path: infer F } } ? F : never;
type BodyOf<O> = O extends { requestBody?: { content: { "application/json": infer B } } } ? B : never;

export type AnswerOf<P extends keyof Paths, M extends Method> =
  OperationOf<P, M> extends { responses: { 200: { content: { "application/json": infer A } } } }
    ? A
    : OperationOf<P, M> extends { responses: { 201: { content: { "application/json": infer A } } } }
      ? A
      : void;

export interface Input<P extends keyof Paths, M extends Method> {
  path?: PathFieldsOf<OperationOf<P, M>>;
  query?: QueryOf<OperationOf<P, M>>;
  body?: BodyOf<OperationOf<P, M>>;
  signal?: AbortSignal;
}

// What the server or the way to it said. `status` is 0 where no answer came.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    text: string,
    // The text by its parts, for who reads another language than English.
    readonly sentences: Sentence[] = [],
  ) {
    super(text);
  }
}

const base = "/api";
let csrfToken = "";
let lastUse = Date.now();
let onSignedOut: () => void = () => undefined;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

// `listener` is called when the server no longer knows the session.
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

// Whoever looks on without touching anything does not keep the session alive by what the page fetches of itself.
const idleAfterMs = 60_000;
export function watchUse(): void {
  for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    window.addEventListener(event, () => (lastUse = Date.now()), { passive: true, capture: true });
  }
}

// The address of a route, for links and downloads, too.
export function address(path: string, fields: object = {}, query: object = {}): string {
  const values = fields as Record<string, unknown>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? "")));
  const pairs = Object.entries(query as Record<string, unknown>)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return base + filled + (pairs.length > 0 ? `?${pairs.join("&")}` : "");
}

// Problems are {"error": {"code", "text", "sentences"}}; what stands between browser and hub may answer something else.
export function readProblem(status: number, statusText: string, body: string): Problem {
  try {
    const error = (JSON.parse(body) as { error?: unknown }).error;
    if (typeof error === "string") return new Problem(status, "", error);
    if (error && typeof error === "object") {
      const { code, text, sentences } = error as { code?: unknown; text?: unknown; sentences?: unknown };
      if (typeof text === "string") {
        const parts = Array.isArray(sentences) ? (sentences as Sentence[]) : [];
        return new Problem(status, typeof code === "string" ? code : "", text, parts);
      }
    }
  } catch {
    // Not JSON: the status has to do.
  }
  return new Problem(status, "", `${status} ${statusText}`.trim());
}

async function exchange(method: Method, url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = {};
  if (method !== "get") headers["X-CSRF-Token"] = csrfToken;
  else if (Date.now() - lastUse > idleAfterMs) headers["X-Background"] = "1";
  if (method === "post" || method === "patch" || body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(url, {
      method: method.toUpperCase(),
      headers,
      body: headers["Content-Type"] ? JSON.stringify(body ?? {}) : undefined,
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "unreachable", String(error instanceof Error ? error.message : error));
  }
  if (response.ok) return response;
  if (response.status === 401) onSignedOut();
  throw readProblem(response.status, response.statusText, await response.text());
}

export async function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  input: Input<P, M> = {},
): Promise<AnswerOf<P, M>> {
  const url = address(path, input.path as object | undefined, input.query as object | undefined);
  const response = await exchange(method, url, input.body, input.signal);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as AnswerOf<P, M>;
}

// A file that the hub gives out as text, such as a certificate in PEM.
export async function fetchText(url: string): Promise<string> {
  return (await exchange("get", url, undefined)).text();
}
