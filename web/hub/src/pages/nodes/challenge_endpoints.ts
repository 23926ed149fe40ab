import { useQuery } from "@tanstack/react-query";
import { endpointsQuery } from "../../queries.ts";

// Names of the endpoints where a challenge lets somebody in; undefined until they are known.
export function useChallengeEndpoints(): string[] | undefined {
  const { data } = useQuery(endpointsQuery);
  return data?.endpoints
    .filter(({ settings }) => settings.authorisers?.split(",").includes("challenge"))
    .map(({ name }) => name);
}
