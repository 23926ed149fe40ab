import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, Problem } from "@chancery/shared/api/client.ts";

// Query keys begin with the topic whose changes concern them. The overview and the counts in the navigation concern all.
export function invalidate(client: QueryClient, topics: readonly string[]): void {
  if (topics.length === 0) return;
  for (const topic of [...topics, "overview"]) void client.invalidateQueries({ queryKey: [topic] });
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

// Asks the hub what changed, in requests that it holds until something did, and has the pages fetch that anew. False: the hub cannot
// be reached.
export function useLiveUpdates(): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const end = new AbortController();
    const follow = async () => {
      let since: number | undefined;
      let failures = 0;
      while (!end.signal.aborted) {
        const asked = Date.now();
        try {
          const { sequence, topics } = await call("get", "/v1/changes", {
            query: since === undefined ? {} : { since },
            signal: end.signal,
          });
          // After an interruption anything may have changed.
          if (failures > 0) void client.invalidateQueries();
          // What came at once on the first call is what the pages have just fetched.
          else if (since !== undefined || Date.now() - asked > 1000) invalidate(client, topics);
          since = sequence;
          failures = 0;
          setConnected(true);
          // A server that does not hold is not asked more than once a second.
          if (Date.now() - asked < 1000) await pause(1000, end.signal);
        } catch (error) {
          if (end.signal.aborted) return;
          failures += 1;
          setConnected(error instanceof Problem && error.status !== 0 && error.status < 500);
          await pause(Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)), end.signal);
        }
      }
    };
    void follow();
    return () => end.abort();
  }, [client]);
  return connected;
}
