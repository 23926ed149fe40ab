import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { call } from "@chancery/shared/api/client.ts";
import type { Node, NodeDetails } from "@chancery/shared/api/models.ts";
import { fewAtATime } from "../../parts/few_at_a_time.ts";

interface Found {
  // Undefined while they are being looked up. A node that could not be read is not in it.
  details: Map<number, NodeDetails> | undefined;
  read: number;
}

const showEvery = 10;

// What many nodes say of themselves, looked up one by one and not followed afterwards. Whoever asks again later, in another dialog, gets it
// anew; a dialog that is gone waits for no more answers.
export function useNodeDetails(nodes: readonly Node[]): Found {
  const ids = nodes.map(({ id }) => id);
  const asker = useId();
  const [read, setRead] = useState(0);
  const { data } = useQuery({
    queryKey: ["details of nodes", asker, ids],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const found = new Map<number, NodeDetails>();
      let tried = 0;
      setRead(0);
      await fewAtATime(
        ids,
        async (id) => {
          try {
            found.set(id, await call("get", "/v1/nodes/{id}", { path: { id }, signal }));
          } catch {
            // It is left out, and the dialog says so.
          }
          tried += 1;
          if (tried % showEvery === 0) setRead(tried);
        },
        () => signal.aborted,
      );
      return found;
    },
  });
  return { details: data, read };
}
