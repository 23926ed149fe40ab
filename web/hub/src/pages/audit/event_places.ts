// Where the pages show what an event of the audit trail concerns.
import type { AuditEvent } from "@chancery/shared/api/models.ts";
import type { Place } from "../../parts/data_list.tsx";

const number = /^\d+$/;

// Nothing for what has no page, or is gone. Of nodes only the name is known: `nodeIn` gives it.
export function subjectPlace({ action, subject }: Pick<AuditEvent, "action" | "subject">): Place | undefined {
  const [what, deed] = action.split(".");
  const named = (to: string, name: string) => (deed === "removed" ? undefined : { to, params: { [name]: subject } });
  switch (what) {
    case "certificate":
      return named("/certificates/$serial", "serial");
    case "request":
      return number.test(subject) ? named("/requests/$id", "id") : undefined;
    case "order":
      return number.test(subject) ? named("/orders/$id", "id") : undefined;
    case "endpoint":
      return named("/authority/endpoints/$name", "name");
    case "user":
      return named("/users/$name", "name");
    case "challenge":
      return { to: "/authority/challenges" };
    case "cluster":
      return { to: "/clusters" };
    case "crl":
      return { to: "/authority/crls" };
    case "authority":
    case "generation":
      return { to: "/authority" };
    // Whoever signs in may be nobody.
    case "session":
      return deed === "refused" ? undefined : named("/users/$name", "name");
    default:
      return undefined;
  }
}

export function detailPlace({ name, value }: AuditEvent["details"][number]): Place | undefined {
  if (value === "") return undefined;
  if (name === "serial" || name === "replaces" || name === "with")
    return { to: "/certificates/$serial", params: { serial: value } };
  if (name === "endpoint") return { to: "/authority/endpoints/$name", params: { name: value } };
  return undefined;
}

// The names of nodes that an event has.
export function nodeIn({ action, subject, details }: Pick<AuditEvent, "action" | "subject" | "details">): string {
  if (action.startsWith("node.") && action !== "node.removed") return subject;
  return details.find(({ name }) => name === "node")?.value ?? "";
}
