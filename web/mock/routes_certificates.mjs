// Certificates and requests: the mock's answers.
import { notFound, ok, paged, problem, sorted } from "./answers.mjs";

export function certificatesRoutes({ fleet, changed }) {
  return [
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
            (!query.node || String(each.node_id) === query.node) &&
            (!query.slot || each.slot === query.slot) &&
            (!query.cluster ||
              String((each.active && fleet.nodes.find(({ id }) => id === each.node_id)?.cluster_id) || 0) ===
                query.cluster) &&
            (!query.status ||
              (query.status === "current"
                ? ["valid", "expiring"].includes(each.status)
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
    ["GET", "/certificates/:serial/chain", () => ({ status: 200, text: fleet.pem })],
    ["GET", "/certificates/:serial/pem", () => ({ status: 200, text: fleet.pem })],
    [
      "POST",
      "/certificates/:serial/revoke",
      ({ params, body }) => {
        const found = fleet.certificates.find(({ serial }) => serial === params.serial);
        Object.assign(found, {
          state: "revoked",
          status: body.reason === "certificateHold" ? "suspended" : "revoked",
          reason: body.reason,
          revoked_at: new Date().toISOString(),
        });
        changed("certificates", "nodes");
        return ok({ ...found, earlier: body.with_earlier ? [] : fleet.details(found).earlier });
      },
    ],
    [
      "POST",
      "/certificates/:serial/release",
      ({ params }) => {
        const found = fleet.certificates.find(({ serial }) => serial === params.serial);
        if (found?.status !== "suspended")
          return problem(409, "conflict", `certificate ${params.serial} is not suspended`);
        Object.assign(found, { state: "issued", status: "valid", reason: undefined, revoked_at: undefined });
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
    ["GET", "/refusals", () => ok({ refusals: fleet.refusals })],
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
          reason:
            params.act === "approve" ? undefined : body.reason ? `"${body.reason}"` : "rejected by an administrator",
          updated: new Date().toISOString(),
        });
        changed("requests", "certificates");
        return ok(params.act === "approve" ? fleet.certificates[0] : found);
      },
    ],
  ];
}
