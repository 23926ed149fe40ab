import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { call, type Input } from "@chancery/shared/api/client.ts";
import type { Order } from "@chancery/shared/api/models.ts";
import { invalidate } from "../live.ts";
import { fewAtATime } from "./few_at_a_time.ts";
import { hasFailed, isComplete, settled, type Turn } from "./turns.ts";

export type OrderBody = NonNullable<Input<"/v1/nodes/{id}/orders", "post">["body"]>;

interface RoundOptions {
  // Of all orders of the round, where they have it in common.
  verb?: OrderBody["verb"];
  // An order, where the turn ends with what the node says; otherwise it is done when this is.
  create: (turn: Turn) => Promise<Order | undefined>;
  // What is fetched anew afterwards.
  topics?: readonly string[];
  // When everything was asked and nothing failed, at once or after others of it were repeated: with all of it.
  after?: (done: Turn[]) => void;
}

const pageSize = 1000;
const showEveryMs = 150;

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

  // `before`: all of the round; `skipped`: so many are no part of it, because somebody stopped it earlier.
  const ask = async (
    before: Turn[],
    these: Turn[],
    how: (turn: Turn) => Promise<Order | undefined>,
    skipped: number,
  ) => {
    setAsking(true);
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
    const now = settled(before, results);
    const left = skipped + before.length - now.length;
    setTurns(now);
    setUnasked(left);
    setAsking(false);
    invalidate(client, topics);
    if (isComplete(now, left)) after?.(now);
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
      setUnasked(0);
      return ask(begun, begun, create, 0);
    },
    stop: () => {
      stopped.current = true;
    },
    retry: () => {
      const failed = shown.filter(hasFailed);
      setTurns(shown.map((turn) => (hasFailed(turn) ? { id: turn.id, name: turn.name } : turn)));
      return ask(shown, failed, repeat, unasked);
    },
    clear: () => {
      setTurns([]);
      setUnasked(0);
    },
  };
}

export type Round = ReturnType<typeof useRound>;
