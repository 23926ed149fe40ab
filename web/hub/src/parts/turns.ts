import type { Order } from "@chancery/shared/api/models.ts";

// What becomes of the parts of a round, as values.

// One part of a round, such as one node: the order that it got, or that it is done, or why not.
export interface Turn {
  id: string | number;
  name: string;
  order?: Order;
  done?: boolean;
  problem?: unknown;
}

export const hasFailed = ({ order, problem }: Turn) =>
  problem !== undefined || order?.state === "failed" || order?.state === "expired" || order?.state === "cancelled";
export const isUnderWay = ({ order, done, problem }: Turn) =>
  problem === undefined && !done && (order === undefined || order.state === "queued" || order.state === "delivered");
const isUnasked = ({ order, done, problem }: Turn) => order === undefined && !done && problem === undefined;

// Each as it is once the round asks no more: with its result, or else as it was `before`. What was never asked is no part of it.
export function settled(before: readonly Turn[], results: ReadonlyMap<Turn["id"], Turn>): Turn[] {
  return before.map((turn) => results.get(turn.id) ?? turn).filter((turn) => !isUnasked(turn));
}

// Whether everything was asked and nothing has failed. What nodes make of their orders is not waited for.
export function isComplete(turns: readonly Turn[], unasked: number): boolean {
  return unasked === 0 && !turns.some((turn) => hasFailed(turn) || isUnasked(turn));
}
