import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, type Input } from "@chancery/shared/api/client.ts";
import type { Order } from "@chancery/shared/api/models.ts";
import { invalidate } from "../../live.ts";

export type OrderBody = NonNullable<Input<"/v1/nodes/{id}/orders", "post">["body"]>;

// One part of a round, such as one node: the order that it got, or why it got none.
export interface Turn {
  id: number;
  name: string;
  order?: Order;
  problem?: unknown;
}

interface RoundOptions {
  // Of all orders of the round, where they have it in common.
  verb?: OrderBody["verb"];
  create: (turn: Turn) => Promise<Order>;
}

const atOnce = 4;
const pageSize = 1000;

export const hasFailed = ({ order, problem }: Turn) =>
  problem !== undefined || order?.state === "failed" || order?.state === "expired" || order?.state === "cancelled";
export const isUnderWay = ({ order, problem }: Turn) =>
  problem === undefined && (order === undefined || order.state === "queued" || order.state === "delivered");

// What became of orders, from that number on.
async function ordersSince(verb: OrderBody["verb"] | undefined, least: number): Promise<Map<number, Order>> {
  const found = new Map<number, Order>();
  let after: number | undefined;
  do {
    const { orders, next } = await call("get", "/v1/orders", { query: { verb, after, limit: pageSize } });
    for (const order of orders) found.set(order.id, order);
    after = next && next > least ? next : undefined;
  } while (after !== undefined);
  return found;
}

// Several orders, a few at a time, and what becomes of each.
export function useRound({ verb, create }: RoundOptions) {
  const client = useQueryClient();
  const [turns, setTurns] = useState<Turn[]>([]);
  const [asking, setAsking] = useState(false);
  const numbers = turns.flatMap(({ order }) => order?.id ?? []);
  const least = Math.min(...numbers);
  const { data: latest } = useQuery({
    queryKey: ["orders", "round", verb, least],
    enabled: numbers.length > 0 && !asking,
    queryFn: () => ordersSince(verb, least),
  });
  const shown = turns.map((turn) => ({ ...turn, order: turn.order && (latest?.get(turn.order.id) ?? turn.order) }));

  const ask = async (these: Turn[], how: (turn: Turn) => Promise<Order>) => {
    setAsking(true);
    const left = [...these];
    const work = async () => {
      for (let turn = left.shift(); turn; turn = left.shift()) {
        let result: Turn;
        try {
          result = { id: turn.id, name: turn.name, order: await how(turn) };
        } catch (problem) {
          result = { ...turn, problem };
        }
        setTurns((old) => old.map((each) => (each.id === result.id ? result : each)));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    setAsking(false);
    invalidate(client, ["orders"]);
  };
  const repeat = (turn: Turn) =>
    turn.order ? call("post", "/v1/orders/{id}/repeat", { path: { id: turn.order.id } }) : create(turn);
  return {
    turns: shown,
    asking,
    start: (parts: { id: number; name: string }[]) => {
      const begun = parts.map(({ id, name }) => ({ id, name }));
      setTurns(begun);
      return ask(begun, create);
    },
    retry: () => {
      const failed = shown.filter(hasFailed);
      setTurns(shown.map((turn) => (hasFailed(turn) ? { id: turn.id, name: turn.name } : turn)));
      return ask(failed, repeat);
    },
    clear: () => setTurns([]),
  };
}
