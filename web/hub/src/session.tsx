import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, Problem, setCsrfToken } from "@chancery/shared/api/client.ts";
import type { Session } from "@chancery/shared/api/models.ts";

// Who is signed in; null: nobody.
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await call("get", "/v1/session");
      setCsrfToken(session.csrf_token);
      return session;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export function useSession(): Session | null | undefined {
  return useQuery(sessionQuery).data;
}

export function useSetSession(): (session: Session | null) => void {
  const client = useQueryClient();
  return (session) => {
    setCsrfToken(session?.csrf_token ?? "");
    // What one person was shown is not kept for the next.
    if (!session) client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    client.setQueryData(sessionQuery.queryKey, session);
  };
}

export type Right = "operate" | "administer";

export function hasRight(session: Pick<Session, "role"> | null | undefined, right: Right): boolean {
  if (session?.role === "administrator") return true;
  return right === "operate" && session?.role === "operator";
}
