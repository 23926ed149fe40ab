import { useQuery } from "@tanstack/react-query";
import { call } from "@chancery/shared/api/client.ts";
import type { Cluster } from "@chancery/shared/api/models.ts";
import { clustersQuery } from "../../queries.ts";

// The id of the cluster of that name, which is made if there is none; 0 for no name.
export async function clusterId(name: string, known: Cluster[]): Promise<number> {
  const wanted = name.trim();
  if (wanted === "") return 0;
  const found = known.find((cluster) => cluster.name === wanted);
  return (found ?? (await call("post", "/v1/clusters", { body: { name: wanted } }))).id;
}

// Names of clusters by their ids.
export function useClusterNames(): Map<number, string> {
  const { data } = useQuery(clustersQuery);
  return new Map(data?.clusters.map(({ id, name }) => [id, name]));
}
