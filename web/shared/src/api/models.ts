// Short names for the records that pages show.
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

// Who holds a certificate, where the hub says so in lists, too.
interface Holder {
  node_id?: number;
  node?: string;
  slot?: string;
  active?: boolean;
}

export type AuditEvent = Schemas["AuditEvent"];
export type AuditAction = AuditEvent["action"];
type Underscored<A> = A extends `${infer Subject}.${infer Deed}` ? `${Subject}_${Deed}` : never;
// As texts are named: "certificate_issued".
export type AuditActionKey = Underscored<AuditAction>;
export type Authority = Schemas["Authority"];
export type AuthorityCertificate = Schemas["AuthorityCertificate"];
export type Certificate = Schemas["Certificate"] & Holder;
export type CertificateDetails = Schemas["CertificateDetails"] & Holder;
export type Challenge = Schemas["Challenge"];
export type Cluster = Schemas["Cluster"];
export type ClusterTrust = Schemas["ClusterTrust"];
export type TrustRow = ClusterTrust["certificates"][number];
export type Endpoint = Schemas["Endpoint"];
export type EndpointSetting = Schemas["EndpointSetting"];
export type Finding = Schemas["Finding"];
export type FindingRule = Finding["rule"];
export type MintedChallenge = Schemas["MintedChallenge"];
export type Node = Schemas["Node"];
export type NodeDetails = Schemas["NodeDetails"];
export type NodeSlot = Schemas["NodeSlot"];
export type NodeState = Node["state"];
export type Order = Schemas["Order"];
export type OrderState = Order["state"];
export type Overview = Schemas["Overview"];
export type RefusedRequest = Schemas["RefusedRequest"];
export type Request = Schemas["Request"];
export type RequestDetails = Schemas["RequestDetails"];
export type Sentence = Schemas["Sentence"];
export type SentenceRule = NonNullable<Sentence["rule"]>;
export type Session = Schemas["Session"];
export type Role = Session["role"];
export type SlotStatus = Schemas["Slot"];
export type Timeline = Schemas["Timeline"];
export type TimelineDay = Schemas["TimelineDay"];
export type User = Schemas["User"];
export type Worst = Node["worst"];

// These are texts of the agent's, so that a newer agent may say more.
export type Stage = "empty" | "enrolling" | "awaiting_approval" | "valid" | "renewing" | "failed" | "expired";
export type OrderVerb =
  | "read_inventory"
  | "renew_slot"
  | "generate_csr"
  | "install_certificate"
  | "add_trust"
  | "remove_trust"
  | "reload"
  | "restart";
