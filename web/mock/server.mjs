// A stand-in for the hub, for work on the pages alone: `npm run mock`, then `npm run dev`. It invents a small fleet, keeps it in memory,
// and is not part of what is built. Users: admin, operator, auditor and new (who has to choose a password); any password but "wrong".
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { notFound, ok, problem } from "./answers.mjs";
import { makeFleet } from "./fleet.mjs";
import { authorityRoutes } from "./routes_authority.mjs";
import { certificatesRoutes } from "./routes_certificates.mjs";
import { clustersRoutes } from "./routes_clusters.mjs";
import { nodesRoutes } from "./routes_nodes.mjs";
import { peopleRoutes } from "./routes_people.mjs";

const port = Number(process.env.PORT ?? 5175);
const pages = fileURLToPath(new URL("../dist/hub/", import.meta.url));
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const fleet = makeFleet(process.env.EMPTY === "yes");
// What changed, each time: the sequence is the length.
const changes = [[]];
let listeners = [];
const changed = (...topics) => {
  changes.push(topics);
  for (const answer of listeners.splice(0)) answer({ sequence: changes.length, topics });
};

const sessions = new Map();
const sessionOf = (request) => sessions.get(/chancery_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]);

const hub = { fleet, changed, sessions };
const routes = [
  ...peopleRoutes(hub),
  ...nodesRoutes(hub),
  ...clustersRoutes(hub),
  ...certificatesRoutes(hub),
  ...authorityRoutes(hub),
].map(([method, path, handle]) => ({
  method,
  handle,
  pattern: new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`),
}));

function file(path, reply) {
  const inside = normalize(path).replace(/^(\.\.[/\\])+/, "");
  const named = join(pages, inside);
  const found = extname(inside) && existsSync(named) ? named : join(pages, "index.html");
  if (!existsSync(found)) return reply.writeHead(404).end("build first: npm run build");
  reply.writeHead(200, {
    "Content-Type": types[extname(found)] ?? "application/octet-stream",
    "Content-Security-Policy": policy,
  });
  return reply.end(readFileSync(found));
}

const server = createServer(async (request, reply) => {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith("/api/")) return file(url.pathname, reply);
  const send = ({ status, body, text }) => {
    reply.writeHead(status, { "Content-Type": text ? "text/plain" : "application/json" });
    reply.end(text ?? (body === undefined ? "" : JSON.stringify(body)));
  };
  const session = sessionOf(request);
  const signingIn = request.method === "POST" && url.pathname === "/api/v1/session";
  if (!session && !signingIn) return send(problem(401, "refused", "nobody is signed in"));
  if (request.method !== "GET" && !signingIn && request.headers["x-csrf-token"] !== session.csrf_token)
    return send(problem(403, "refused", "the CSRF token is missing"));
  if (url.pathname === "/api/v1/changes") {
    const since = url.searchParams.get("since");
    const missed = since === null ? [] : changes.slice(Number(since)).flat();
    if (since === null || missed.length > 0)
      return send(ok({ sequence: changes.length, topics: [...new Set(missed)] }));
    const answer = (body) => send(ok(body));
    listeners.push(answer);
    setTimeout(() => {
      if (listeners.includes(answer)) {
        listeners = listeners.filter((each) => each !== answer);
        answer({ sequence: changes.length, topics: [] });
      }
    }, 20_000).unref();
    return undefined;
  }
  let text = "";
  for await (const part of request) text += part;
  for (const { method, pattern, handle } of routes) {
    const match = method === request.method && pattern.exec(url.pathname);
    if (match) {
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      return send(
        handle({
          request,
          reply,
          session,
          params,
          query: Object.fromEntries(url.searchParams),
          body: text ? JSON.parse(text) : {},
        }),
      );
    }
  }
  return send(notFound(`route ${request.method} ${url.pathname}`));
});
server.listen(port, "127.0.0.1", () => console.log(`mock hub: http://127.0.0.1:${server.address().port}`));
