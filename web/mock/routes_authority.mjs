// The hub itself, its authority, endpoints, challenges, CRLs and audit trail: the mock's answers.
import { notFound, ok, paged, problem } from "./answers.mjs";
import { known } from "./sentences.mjs";
import { settings } from "./settings.mjs";

const told = (setting) => ({ ...setting, type_sentence: known(setting.type), help_sentence: known(setting.help) });

export function authorityRoutes({ fleet, changed }) {
  return [
    [
      "GET",
      "/status",
      () =>
        ok({
          version: "0.2.0",
          base_url: "http://hub.example.com:8080",
          link_url: "https://hub.example.com:8444",
          time: new Date().toISOString(),
          ready: true,
          root: fleet.authority.root,
          generations: fleet.authority.generations,
          endpoints: fleet.endpoints.length,
        }),
    ],
    ["GET", "/doctor", () => ok({ findings: fleet.findings })],
    ["GET", "/overview", () => ok(fleet.overview())],
    ["GET", "/authority", () => ok(fleet.authority)],
    [
      "POST",
      "/authority/:act",
      () =>
        problem(503, "unavailable", "the root's private key is not on this machine: bring it back for the rollover"),
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
    ["GET", "/endpoint-settings", () => ok({ settings: settings.map(told) })],
    [
      "GET",
      "/challenges",
      ({ query }) => {
        const { part, next } = paged(
          fleet.challenges.filter(({ endpoint }) => !query.endpoint || endpoint === query.endpoint),
          query,
          ({ id }) => id,
        );
        return ok({ challenges: part, next });
      },
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
        const { part, next } = paged(
          fleet.audit.filter(
            (event) =>
              ["action", "actor", "subject"].every((name) => !query[name] || event[name] === query[name]) &&
              (!query.text || event.subject === query.text || event.actor.endsWith(` ${query.text}`)) &&
              (!query.since || event.at >= query.since) &&
              (!query.until || event.at < query.until),
          ),
          { ...query, after: query.before ?? query.after },
          ({ sequence: number }) => number,
        );
        return ok({ events: part, next });
      },
    ],
    [
      "GET",
      "/audit/:sequence",
      ({ params }) => {
        const index = fleet.audit.findIndex(({ sequence: number }) => String(number) === params.sequence);
        const event = fleet.audit[index];
        return event ? ok({ ...event, previous_hash: fleet.audit[index + 1]?.hash }) : notFound("audit event");
      },
    ],
    ["POST", "/audit/verify", () => ok({ events: fleet.audit.length, hash: fleet.audit[0]?.hash })],
  ];
}
