// Clusters, what their nodes hold and trust, and the timeline: the mock's answers.
import { notFound, ok, paged } from "./answers.mjs";

const order = ["empty", "ok", "expiring", "failed", "expired", "revoked"];
const worse = (a, b) => (order.indexOf(a) > order.indexOf(b) ? a : b);

export function clustersRoutes({ fleet, changed }) {
  const nodesOf = (id) => fleet.nodes.filter(({ cluster_id }) => cluster_id === id);
  const summed = (cluster) => {
    const nodes = nodesOf(cluster.id);
    const slots = nodes.filter(({ state }) => state !== "blocked").flatMap((node) => node.slots);
    const all = nodes.flatMap((node) => node.slots).length;
    return {
      ...cluster,
      node_count: nodes.length,
      slot_count: all,
      failed_slots: slots.filter(({ stage }) => stage === "failed" || stage === "expired").length,
      revoked_slots: slots.filter(({ certificate_status: status }) => status === "revoked").length,
      next_expiry: slots.map(({ not_after }) => not_after).sort()[0],
      worst: slots.reduce((worst, slot) => worse(worst, worstOf(slot)), "empty"),
    };
  };
  const find = ({ params }) => fleet.clusters.find(({ id }) => String(id) === params.id);
  const worstOf = (slot) => {
    const left = Date.parse(slot.not_after) - Date.now();
    if (slot.certificate_status === "revoked") return "revoked";
    if (left < 0) return "expired";
    if (slot.stage === "failed") return "failed";
    return left < 18 * 86_400e3 ? "expiring" : "ok";
  };
  return [
    [
      "GET",
      "/clusters",
      ({ query }) => ok({ clusters: query.with_nodes ? fleet.clusters.map(summed) : fleet.clusters }),
    ],
    [
      "POST",
      "/clusters",
      ({ body }) => {
        const cluster = { id: fleet.clusters.length + 50, name: body.name, created: new Date().toISOString() };
        fleet.clusters.push(cluster);
        changed("nodes");
        return ok(cluster, 201);
      },
    ],
    [
      "GET",
      "/clusters/:id",
      (call) => {
        const cluster = find(call);
        return cluster ? ok(summed(cluster)) : notFound(`cluster ${call.params.id}`);
      },
    ],
    [
      "PATCH",
      "/clusters/:id",
      (call) => {
        const cluster = find(call);
        cluster.name = call.body.name;
        changed("nodes");
        return ok(cluster);
      },
    ],
    [
      "DELETE",
      "/clusters/:id",
      ({ params }) => {
        fleet.clusters = fleet.clusters.filter(({ id }) => String(id) !== params.id);
        changed("nodes");
        return ok(undefined, 204);
      },
    ],
    [
      "GET",
      "/clusters/:id/trust",
      (call) => {
        const cluster = find(call);
        if (!cluster) return notFound(`cluster ${call.params.id}`);
        const nodes = nodesOf(cluster.id);
        const told = nodes.filter(({ state }) => state === "admitted" || state === "waiting");
        const name = ({ id, name: text }) => ({ id, name: text });
        const rows = new Map();
        for (const node of told)
          for (const entry of node.trust) {
            const key = `${entry.sha256} ${entry.store}`;
            rows.set(key, [...(rows.get(key) ?? [entry]), node]);
          }
        const certificates = [...rows.values()].map(([entry, ...holders]) => {
          const missing = told.filter((node) => !holders.includes(node));
          return {
            ...entry,
            certificate: "MIIB",
            holder_count: holders.length,
            missing_count: missing.length,
            holders: holders.map(name),
            missing: missing.map(name),
          };
        });
        return ok({
          node_count: told.length,
          silent_nodes: nodes.length - told.length,
          nodes: told.map(name),
          silent: nodes.filter((node) => !told.includes(node)).map(name),
          certificates,
        });
      },
    ],
    [
      "GET",
      "/slots",
      ({ query }) => {
        const rows = fleet.nodes
          .filter((node) => !query.cluster || String(node.cluster_id) === query.cluster)
          .filter((node) => !query.text || node.name.includes(query.text.toLowerCase()))
          .flatMap((node) =>
            node.slots.map((slot) => ({
              ...slot,
              node_id: node.id,
              node: node.name,
              node_state: node.state,
              online: node.online,
              issuer: "CN=Example Issuing CA 2,O=Example",
              worst: worstOf(slot),
            })),
          )
          .filter(({ worst, stage }) => {
            if (query.problem === "failed_stage") return stage === "failed" || stage === "expired";
            return !query.problem || (query.problem === "any" ? worst !== "ok" : worst === query.problem);
          })
          .sort((a, b) => (a.node < b.node ? -1 : 1))
          .map((row, index) => ({ ...row, index: index + 1 }));
        const { part, next } = paged(rows, query, ({ index }) => index);
        return ok({ slots: part, next });
      },
    ],
    [
      "GET",
      "/timeline",
      ({ query }) => {
        const days = query.days.split(",").map((text) => Date.parse(text));
        const count = (some) => {
          const counts = new Map();
          for (const { not_after: end } of some) {
            const moment = Date.parse(end);
            const day = days.findLastIndex((begin) => begin <= moment);
            if (day < 0 || day === days.length - 1 || moment < Date.now()) continue;
            counts.set(day, (counts.get(day) ?? 0) + 1);
          }
          return [...counts].sort((a, b) => a[0] - b[0]).map(([day, number]) => ({ day, count: number }));
        };
        const current = fleet.certificates.filter(({ status }) => status === "valid" || status === "expiring");
        const clusterOf = ({ node_id: id, active }) =>
          (active && fleet.nodes.find((node) => node.id === id)?.cluster_id) || 0;
        const rows = fleet.clusters
          .map(({ id, name }) => ({ id, name, days: count(current.filter((each) => clusterOf(each) === id)) }))
          .filter((row) => row.days.length > 0)
          .sort((a, b) => a.days[0].day - b.days[0].day);
        const limit = Number(query.limit ?? 100);
        return ok({
          begins: query.days.split(",")[0],
          all: count(current),
          elsewhere: count(current.filter((each) => clusterOf(each) === 0)),
          clusters: rows.slice(0, limit),
          more_clusters: Math.max(0, rows.length - limit),
        });
      },
    ],
  ];
}
