// Nodes, clusters and orders: the mock's answers.
import { notFound, ok, paged, problem, sorted } from "./answers.mjs";

export function nodesRoutes({ fleet, changed }) {
  // Carried out after a while where the node is connected.
  function give(node, { verb, slot, parameters = {} }, session) {
    const order = {
      id: fleet.orders.length + 100,
      node_id: node.id,
      node: node.name,
      verb,
      slot,
      parameters,
      state: "queued",
      created: new Date().toISOString(),
      created_by: `user ${session.user}`,
      deadline: new Date(Date.now() + 86_400e3).toISOString(),
      data: {},
    };
    const becomes = (change, seconds) =>
      setTimeout(() => (Object.assign(order, change), changed("orders", "nodes")), seconds * 1000);
    fleet.orders.unshift(order);
    changed("orders");
    if (node.online) {
      becomes({ state: "delivered" }, 1);
      // One of them has no room.
      const result =
        node.id % 7 === 0 ? { state: "failed", text: "there are too many trusted authorities" } : { state: "done" };
      becomes({ ...result, finished: new Date().toISOString() }, 3);
    }
    return order;
  }
  return [
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
      "PATCH",
      "/nodes/:id",
      ({ params, body }) => {
        const node = fleet.nodes.find(({ id }) => String(id) === params.id);
        if (!node) return notFound("such node");
        const { cluster, ...rest } = body;
        Object.assign(node, rest, cluster === undefined ? {} : { cluster_id: cluster || undefined });
        changed("nodes");
        return ok(node);
      },
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
          return ok(give(node, body, session), 201);
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
      "GET",
      "/orders",
      ({ query }) => {
        const rows = fleet.orders.filter(
          (order) =>
            (!query.state || order.state === query.state) &&
            (!query.verb || order.verb === query.verb) &&
            (!query.node || String(order.node_id) === query.node) &&
            (!query.cluster ||
              fleet.nodes.some(({ id, cluster_id: at }) => id === order.node_id && String(at) === query.cluster)) &&
            (!query.finished_after || (order.finished ?? "") >= query.finished_after),
        );
        const { part, next } = paged(rows, query, ({ id }) => id);
        return ok({ orders: part, next });
      },
    ],
    [
      "GET",
      "/orders/:id",
      ({ params }) => {
        const found = fleet.orders.find(({ id }) => String(id) === params.id);
        return found ? ok(found) : notFound(`order ${params.id}`);
      },
    ],
    [
      "POST",
      "/orders/:id/repeat",
      ({ params, session }) => {
        const order = fleet.orders.find(({ id }) => String(id) === params.id);
        const node = fleet.nodes.find(({ id }) => id === order.node_id);
        return node ? ok(give(node, order, session), 201) : problem(409, "conflict", "the order's node was removed");
      },
    ],
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
  ];
}
