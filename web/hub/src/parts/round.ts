import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { call, type Input } from "@chancery/shared/api/client.ts";
import type { Order } from "@chancery/shared/api/models.ts";
import { invalidate } from "../live.ts";
import { fewAtATime } from "./few_at_a_time.ts";

export type OrderBody = NonNullable<Input<"/v1/nodes/{id}/orders", "post">["body"]>;

// One part of a round, such as one node: the order that it got, or that it is done, or why not.
export interface Turn {
  id: string | number;
  name: string;
  order?: Order;
  done?: boolean;
  problem?: unknown;
}

interface RoundOptions {
  // Of all orders of the round, where they have it in common.
  verb?: OrderBody["verb"];
  // An order, where the turn ends with what the node says; otherwise it is done when this is.
  create: (turn: Turn) => Promise<Order | undefined>;
  // What is fetched anew afterwards.
  topics?: readonly string[];
  // When nothing of it is left to do: with what did not fail.
  after?: (done: Turn[]) => void;
}

const pageSize = 1000;
const showEveryMs = 150;

export const hasFailed = ({ order, problem }: Turn) =>
  problem !== undefined || order?.state === "failed" || order?.state === "expired" || order?.state === "cancelled";
export const isUnderWay = ({ order, done, problem }: Turn) =>
  problem === undefined && !done && (order === undefined || order.state === "queued" || order.state === "delivered");

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

// The same for many, a few at a time, and what becomes of each.
export function useRound({ verb, create, topics = ["orders"], after }: RoundOptions) {
  const client = useQueryClient();
  const [turns, setTurns] = useState<Turn[]>([]);
  const [asking, setAsking] = useState(false);
  const [unasked, setUnasked] = useState(0);
  const stopped = useRef(false);
  const numbers = turns.flatMap(({ order }) => order?.id ?? []);
  const least = numbers.reduce((small, number) => Math.min(small, number), Infinity);
  const { data: latest } = useQuery({
    queryKey: ["orders", "round", verb, least],
    enabled: numbers.length > 0 && !asking,
    queryFn: () => ordersSince(verb, least),
  });
  const shown = turns.map((turn) => ({ ...turn, order: turn.order && (latest?.get(turn.order.id) ?? turn.order) }));

  const ask = async (these: Turn[], how: (turn: Turn) => Promise<Order | undefined>) => {
    setAsking(true);
    setUnasked(0);
    stopped.current = false;
    const results = new Map<Turn["id"], Turn>();
    // Thousands of results are not shown one by one.
    const show = () => setTurns((old) => old.map((each) => results.get(each.id) ?? each));
    const timer = setInterval(show, showEveryMs);
    await fewAtATime(
      these,
      async (turn) => {
        try {
          const order = await how(turn);
          results.set(turn.id, { id: turn.id, name: turn.name, order, done: order === undefined });
        } catch (problem) {
          results.set(turn.id, { ...turn, problem });
        }
      },
      () => stopped.current,
    );
    clearInterval(timer);
    show();
    const left = new Set(these.filter(({ id }) => !results.has(id)).map(({ id }) => id));
    setTurns((old) => old.filter(({ id }) => !left.has(id)));
    setUnasked(left.size);
    setAsking(false);
    invalidate(client, topics);
    after?.([...results.values()].filter((turn) => !hasFailed(turn)));
  };
  const repeat = (turn: Turn) =>
    turn.order ? call("post", "/v1/orders/{id}/repeat", { path: { id: turn.order.id } }) : create(turn);
  return {
    turns: shown,
    asking,
    // So many were not begun, because somebody stopped the round.
    unasked,
    begun: turns.length > 0 || unasked > 0,
    start: (parts: Turn[]) => {
      const begun = parts.map(({ id, name }) => ({ id, name }));
      setTurns(begun);
      return ask(begun, create);
    },
    stop: () => {
      stopped.current = true;
    },
    retry: () => {
      const failed = shown.filter(hasFailed);
      setTurns(shown.map((turn) => (hasFailed(turn) ? { id: turn.id, name: turn.name } : turn)));
      return ask(failed, repeat);
    },
    clear: () => {
      setTurns([]);
      setUnasked(0);
    },
  };
}

export type Round = ReturnType<typeof useRound>;
