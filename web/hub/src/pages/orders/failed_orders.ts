import { call } from "@chancery/shared/api/client.ts";
import type { Order, OrderState, OrderVerb } from "@chancery/shared/api/models.ts";

export interface OrderFilter {
  state?: OrderState;
  verb?: OrderVerb;
  node?: number;
  cluster?: number;
  finished_after?: string;
}

export interface Retry {
  // To give once more.
  orders: Order[];
  // Left out: nothing failed; the node is gone; the same, or the contrary, was asked later.
  over: number;
  gone: number;
  repeated: number;
}

const pageSize = 1000;

// What is one thing to do: of several tries at it, one more is enough.
const taskOf = ({ node_id, verb, slot, parameters }: Order) => JSON.stringify([node_id, verb, slot, parameters]);

const isTrust = ({ verb }: Order) => verb === "add_trust" || verb === "remove_trust";
const mayHaveWorked = ({ state }: Order) => state === "done" || state === "queued" || state === "delivered";
// Somebody wanted the contrary afterwards. Which CA an order brings is not told, so any of the same store may be it.
const contradicts = (later: Order, order: Order) =>
  isTrust(later) &&
  isTrust(order) &&
  later.verb !== order.verb &&
  later.node_id === order.node_id &&
  later.parameters.store === order.parameters.store &&
  mayHaveWorked(later);

// Of failed orders those to give once more, newest first. `all`: the orders since the oldest of them, newest first, in whatever state.
export function retryOf(failed: Order[], all: Order[]): Retry {
  const there = failed.filter(({ node_id }) => node_id !== undefined);
  const newest = new Map<string, Order>();
  for (const order of all) if (!newest.has(taskOf(order))) newest.set(taskOf(order), order);
  const trust = all.filter(isTrust);
  const orders = there.filter((order) => {
    // What brings a CA looks like what brings another, and does no harm twice.
    const superseded = order.verb !== "add_trust" && newest.get(taskOf(order))?.id !== order.id;
    return !superseded && !trust.some((later) => later.id > order.id && contradicts(later, order));
  });
  return { orders, over: 0, gone: failed.length - there.length, repeated: there.length - orders.length };
}

// It came to nothing, so that it can be given once more.
const cameToNothing = ({ state }: Order) => state === "failed" || state === "expired" || state === "cancelled";

async function ordersDownTo(least: number, filter: OrderFilter): Promise<Order[]> {
  const found: Order[] = [];
  let after: number | undefined;
  do {
    const { orders, next } = await call("get", "/v1/orders", { query: { ...filter, after, limit: pageSize } });
    found.push(...orders);
    after = next && next > least ? next : undefined;
  } while (after !== undefined);
  return found;
}

export async function failedOrders(filter: OrderFilter): Promise<Retry> {
  const failed = await ordersDownTo(0, { ...filter, state: "failed" });
  const oldest = failed.at(-1);
  return retryOf(failed, oldest ? await ordersDownTo(oldest.id, { node: filter.node, cluster: filter.cluster }) : []);
}

// Of orders that somebody selected, those to give once more.
export async function retryOfSelected(selected: Order[]): Promise<Retry> {
  const failed = selected.filter(cameToNothing).sort((a, b) => b.id - a.id);
  const oldest = failed.at(-1);
  const retry = retryOf(failed, oldest ? await ordersDownTo(oldest.id, {}) : []);
  return { ...retry, over: selected.length - failed.length };
}
