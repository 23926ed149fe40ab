import { call } from "@chancery/shared/api/client.ts";
import type { Order, OrderState, OrderVerb } from "@chancery/shared/api/models.ts";

export interface OrderFilter {
  state?: OrderState;
  verb?: OrderVerb;
  node?: number;
  finished_after?: string;
}

export interface Retry {
  // To give once more.
  orders: Order[];
  // Left out: the node is gone, or the same was asked again later and failed, too.
  gone: number;
  repeated: number;
}

const pageSize = 1000;

// What is one thing to do: of several tries at it, one more is enough.
const taskOf = ({ node_id, verb, slot, parameters }: Order) => JSON.stringify([node_id, verb, slot, parameters]);

// Of failed orders, newest first, those to give once more.
export function retryOf(failed: Order[]): Retry {
  const there = failed.filter(({ node_id }) => node_id !== undefined);
  const newest = new Map<string, Order>();
  for (const order of there) if (!newest.has(taskOf(order))) newest.set(taskOf(order), order);
  return { orders: [...newest.values()], gone: failed.length - there.length, repeated: there.length - newest.size };
}

export async function failedOrders(filter: OrderFilter): Promise<Retry> {
  const failed: Order[] = [];
  let after: number | undefined;
  do {
    const query = { ...filter, state: "failed", after, limit: pageSize } as const;
    const { orders, next } = await call("get", "/v1/orders", { query });
    failed.push(...orders);
    after = next;
  } while (after !== undefined);
  return retryOf(failed);
}
