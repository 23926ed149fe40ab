// A stand-in for the hub, for work on the pages alone: `npm run mock`, then `npm run dev`. It invents a small fleet, keeps it in memory,
// and is not part of what is built. Users: admin, operator, auditor and new (who has to choose a password); any password but "wrong".
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFleet, settings } from "./fleet.mjs";

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
let sequence = 1;
let listeners = [];
const changed = (...topics) => {
  sequence += 1;
  for (const answer of listeners.splice(0)) answer({ sequence, topics });
};

const problem = (status, code, text) => ({ status, body: { error: { code, text } } });
const ok = (body, status = 200) => ({ status, body });
const notFound = (what) => problem(404, "not_found", `there is no ${what}`);

function paged(rows, query, id) {
  const limit = Math.min(Number(query.limit ?? 50), 200);
  const start = query.after ? rows.findIndex((row) => String(id(row)) === query.after) + 1 : 0;
  const part = rows.slice(start, start + limit);
  return { part, next: start + limit < rows.length ? id(part.at(-1)) : undefined };
}

function sorted(rows, key, descending) {
  const value = (row) => row[key] ?? "";
  const list = [...rows].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return descending === "true" ? list.reverse() : list;
}

const sessions = new Map();
const sessionOf = (request) => sessions.get(/chancery_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]);

const routes = [
  [
    "POST",
    "/session",
    ({ body, reply }) => {
      if (body.password === "wrong")
        return problem(401, "refused", "user or password is wrong; the next try is possible in 2 s");
      const id = Math.random().toString(36).slice(2);
      const role = { operator: "operator", auditor: "auditor" }[body.user] ?? "administrator";
      const session = {
        user: body.user,
        role,
        csrf_token: "t" + id,
        must_change_password: body.user === "new",
        expires: new Date(Date.now() + 12 * 3600e3).toISOString(),
        version: "0.2.0",
      };
      sessions.set(id, session);
      reply.setHeader("Set-Cookie", `chancery_session=${id}; HttpOnly; SameSite=Strict; Path=/api`);
      return ok(session);
    },
  ],
  ["GET", "/session", ({ session }) => ok(session)],
  [
    "DELETE",
    "/session",
    ({ request }) => {
      sessions.delete(/chancery_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]);
      return ok(undefined, 204);
    },
  ],
  [
    "POST",
    "/session/password",
    ({ session, body }) => {
      if (body.old_password === "wrong") return problem(403, "refused", "the password so far is wrong");
      session.must_change_password = false;
      return ok(session);
    },
  ],
  ["GET", "/users", () => ok({ users: fleet.users })],
  [
    "POST",
    "/users",
    ({ body }) => {
      if (fleet.users.some((user) => user.name === body.name))
        return problem(409, "conflict", `there is a user '${body.name}' already`);
      const user = {
        name: body.name,
        role: body.role,
        created: new Date().toISOString(),
        must_change_password: true,
        disabled: false,
      };
      fleet.users.push(user);
      changed("users");
      return ok({ ...user, password: body.password ? undefined : "xkcd-9f3a-8812-aa01" }, 201);
    },
  ],
  [
    "PATCH",
    "/users/:name",
    ({ params, body }) => {
      const user = fleet.users.find(({ name }) => name === params.name);
      if (body.role) user.role = body.role;
      if (body.unlock) delete user.locked_until;
      if (body.disabled !== undefined) user.disabled = body.disabled;
      if (body.password) user.must_change_password = true;
      changed("users");
      return ok(user);
    },
  ],
  [
    "DELETE",
    "/users/:name",
    ({ params }) => {
      fleet.users = fleet.users.filter(({ name }) => name !== params.name);
      changed("users");
      return ok(undefined, 204);
    },
  ],
  [
    "GET",
    "/status",
    () =>
      ok({
        version: "0.2.0",
        base_url: "http://hub.example.com:8080",
        time: new Date().toISOString(),
        ready: true,
        root: fleet.authority.root,
        generations: fleet.authority.generations,
        endpoints: fleet.endpoints.length,
      }),
  ],
  ["GET", "/doctor", () => ok({ findings: fleet.findings })],
  ["GET", "/overview", () => ok(fleet.overview())],
  [
    "GET",
    "/nodes",
    ({ query }) => {
      let rows = fleet.nodes.filter(
        (node) =>
          (!query.text || node.name.includes(query.text.toLowerCase()) || node.product.includes(query.text)) &&
          (!query.state || node.state === query.state) &&
          (!query.product || node.product === query.product) &&
          (!query.cluster || String(node.cluster_id) === query.cluster) &&
          (!query.problem ||
            node.worst === query.problem ||
            (query.problem === "unseen" && !node.online && node.last_seen)),
      );
      rows = sorted(rows, query.sort ?? "name", query.descending);
      const { part, next } = paged(rows, query, (node) => node.id);
      return ok({
        nodes: part.map((node) => ({ ...node, slots: undefined, trust: undefined, stored: undefined })),
        next: next ?? 0,
      });
    },
  ],
  [
    "POST",
    "/nodes",
    ({ body }) => {
      if (fleet.nodes.some(({ name }) => name === body.name))
        return problem(409, "conflict", `there is a node '${body.name}' already`);
      const node = fleet.addNode(body);
      changed("nodes", "authority");
      return ok({ node, challenge: fleet.mint(body.endpoint) }, 201);
    },
  ],
  [
    "GET",
    "/nodes/:id",
    ({ params }) => ok(fleet.nodes.find(({ id }) => String(id) === params.id)) ?? notFound("such node"),
  ],
  [
    "DELETE",
    "/nodes/:id",
    ({ params }) => {
      fleet.nodes = fleet.nodes.filter(({ id }) => String(id) !== params.id);
      changed("nodes");
      return ok(undefined, 204);
    },
  ],
  [
    "POST",
    "/nodes/:id/:act",
    ({ params, body, session }) => {
      const node = fleet.nodes.find(({ id }) => String(id) === params.id);
      if (params.act === "admit") node.state = "admitted";
      if (params.act === "block") node.state = "blocked";
      if (params.act === "challenges") return ok(fleet.mint(body.endpoint), 201);
      if (params.act === "orders") {
        const order = {
          id: fleet.orders.length + 100,
          node_id: node.id,
          verb: body.verb,
          slot: body.slot,
          state: "queued",
          created: new Date().toISOString(),
          created_by: session.user,
          deadline: new Date(Date.now() + 3600e3).toISOString(),
        };
        fleet.orders.unshift(order);
        changed("orders");
        if (node.online) {
          setTimeout(() => ((order.state = "delivered"), changed("orders")), 1000);
          setTimeout(
            () => (
              Object.assign(order, { state: "done", finished: new Date().toISOString() }),
              changed("orders", "nodes")
            ),
            3000,
          );
        }
        return ok(order, 201);
      }
      changed("nodes");
      return ok(node);
    },
  ],
  [
    "GET",
    "/nodes/:id/orders",
    ({ params }) => ok({ orders: fleet.orders.filter(({ node_id }) => String(node_id) === params.id) }),
  ],
  ["GET", "/nodes/:id/events", ({ params }) => ok({ events: fleet.events(Number(params.id)), next: 0 })],
  [
    "POST",
    "/orders/:id/cancel",
    ({ params }) => {
      const order = fleet.orders.find(({ id }) => String(id) === params.id);
      order.state = "cancelled";
      changed("orders");
      return ok(order);
    },
  ],
  ["GET", "/clusters", () => ok({ clusters: fleet.clusters })],
  [
    "GET",
    "/certificates",
    ({ query }) => {
      const text = query.text?.toLowerCase();
      let rows = fleet.certificates.filter(
        (each) =>
          (!text ||
            each.subject.toLowerCase().includes(text) ||
            each.serial.startsWith(text) ||
            each.fingerprint === text) &&
          (!query.endpoint || each.endpoint === query.endpoint) &&
          (!query.status ||
            (query.status === "current"
              ? ["valid", "expiring", "pending"].includes(each.status)
              : each.status === query.status)) &&
          (!query.expires_after || each.not_after >= query.expires_after) &&
          (!query.expires_before || each.not_after < query.expires_before),
      );
      rows = sorted(rows, query.sort ?? "created", query.sort ? query.descending : "true");
      const { part, next } = paged(rows, query, (each) => each.serial);
      return ok({ certificates: part, next: next ?? 0 });
    },
  ],
  [
    "GET",
    "/certificates/:serial",
    ({ params }) => {
      const found = fleet.certificates.find(({ serial }) => serial === params.serial);
      return found ? ok(fleet.details(found)) : notFound(`certificate ${params.serial}`);
    },
  ],
  ["GET", "/certificates/:serial/pem", () => ({ status: 200, text: fleet.pem })],
  [
    "POST",
    "/certificates/:serial/revoke",
    ({ params, body }) => {
      const found = fleet.certificates.find(({ serial }) => serial === params.serial);
      Object.assign(found, {
        state: "revoked",
        status: "revoked",
        reason: body.reason,
        revoked_at: new Date().toISOString(),
      });
      changed("certificates", "nodes");
      return ok(found);
    },
  ],
  [
    "GET",
    "/requests",
    ({ query }) => {
      const { part, next } = paged(
        fleet.requests.filter(({ state }) => !query.state || state === query.state),
        query,
        ({ id }) => id,
      );
      return ok({ requests: part, next });
    },
  ],
  [
    "GET",
    "/requests/:id",
    ({ params }) => {
      const found = fleet.requests.find(({ id }) => String(id) === params.id);
      return found ? ok(found) : notFound(`request ${params.id}`);
    },
  ],
  [
    "POST",
    "/requests/:id/:act",
    ({ params, body }) => {
      const found = fleet.requests.find(({ id }) => String(id) === params.id);
      Object.assign(found, {
        state: params.act === "approve" ? "issued" : "rejected",
        reason: body.reason,
        updated: new Date().toISOString(),
      });
      changed("requests", "certificates");
      return ok(params.act === "approve" ? fleet.certificates[0] : found);
    },
  ],
  ["GET", "/authority", () => ok(fleet.authority)],
  [
    "POST",
    "/authority/:act",
    () => problem(503, "unavailable", "the root's private key is not on this machine: bring it back for the rollover"),
  ],
  ["GET", "/endpoints", () => ok({ endpoints: fleet.endpoints })],
  [
    "POST",
    "/endpoints",
    ({ body }) => {
      const endpoint = fleet.endpoint(body.name, body.settings);
      fleet.endpoints.push(endpoint);
      changed("authority");
      return ok(endpoint, 201);
    },
  ],
  [
    "GET",
    "/endpoints/:name",
    ({ params }) =>
      ok(fleet.endpoints.find(({ name }) => name === params.name)) ?? notFound(`endpoint '${params.name}'`),
  ],
  [
    "PATCH",
    "/endpoints/:name",
    ({ params, body }) => {
      const endpoint = fleet.endpoints.find(({ name }) => name === params.name);
      Object.assign(endpoint.settings, body.settings);
      changed("authority");
      return ok(endpoint);
    },
  ],
  [
    "DELETE",
    "/endpoints/:name",
    ({ params }) => {
      fleet.endpoints = fleet.endpoints.filter(({ name }) => name !== params.name);
      changed("authority");
      return ok(undefined, 204);
    },
  ],
  ["GET", "/endpoint-settings", () => ok({ settings })],
  [
    "GET",
    "/challenges",
    ({ query }) =>
      ok({ challenges: fleet.challenges.filter(({ endpoint }) => !query.endpoint || endpoint === query.endpoint) }),
  ],
  ["POST", "/challenges", ({ body }) => ok(fleet.mint(body.endpoint), 201)],
  [
    "DELETE",
    "/challenges/:id",
    ({ params }) => {
      fleet.challenges = fleet.challenges.filter(({ id }) => id !== params.id);
      changed("authority");
      return ok(undefined, 204);
    },
  ],
  ["GET", "/crls", () => ok({ crls: fleet.crls })],
  ["POST", "/crls/publish", () => ok({ crls: fleet.crls })],
  [
    "GET",
    "/audit",
    ({ query }) => {
      const { part, next } = paged(fleet.audit, query, ({ sequence: number }) => number);
      return ok({ events: part, next });
    },
  ],
  ["POST", "/audit/verify", () => ok({ events: fleet.audit.length, hash: fleet.audit[0]?.hash })],
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
    if (since === null || Number(since) !== sequence) return send(ok({ sequence, topics: [] }));
    const answer = (body) => send(ok(body));
    listeners.push(answer);
    setTimeout(() => {
      if (listeners.includes(answer)) {
        listeners = listeners.filter((each) => each !== answer);
        answer({ sequence, topics: [] });
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
