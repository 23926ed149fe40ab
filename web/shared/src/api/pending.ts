// Routes that the server will have and api/ does not describe yet. As soon as the generated types have a path, that one counts
// (client.ts), and the compiler tells where this guess was wrong. When all are there, this file goes.

type Operation<Given, Answer> = {
  parameters: {
    query?: Given extends { query: infer Q } ? Q : never;
    path: Given extends { path: infer P } ? P : never;
  };
  requestBody: { content: { "application/json": Given extends { body: infer B } ? B : never } };
  responses: { 200: { content: { "application/json": Answer } } };
};

export type Role = "administrator" | "operator" | "auditor";

export interface Session {
  user: string;
  role: Role;
  csrf_token: string;
  must_change_password: boolean;
  expires: string;
  version: string;
}

export interface User {
  name: string;
  role: Role;
  created: string;
  last_sign_in?: string;
  locked_until?: string;
  must_change_password: boolean;
  disabled: boolean;
}

export interface TimelineDay {
  day: string;
  count: number;
}

export interface Overview {
  expired: number;
  expiring_7_days: number;
  expiring_30_days: number;
  failed_slots: number;
  waiting_nodes: number;
  unseen_nodes: number;
  pending_requests: number;
  failed_orders: number;
  nodes: number;
  slots: number;
  certificates: number;
  timeline: TimelineDay[];
}

export interface Changes {
  sequence: number;
  topics: string[];
}

export type NodeState = "expected" | "waiting" | "admitted" | "blocked";
export type Worst = "ok" | "expiring" | "expired" | "failed" | "empty";
export type Stage = "empty" | "enrolling" | "awaiting_approval" | "valid" | "renewing" | "failed" | "expired";

export interface Node {
  id: number;
  name: string;
  cluster_id?: number;
  product: string;
  state: NodeState;
  created: string;
  first_seen?: string;
  last_seen?: string;
  remote_address?: string;
  agent_version?: string;
  clock_offset_seconds?: number;
  clock_synchronised?: "yes" | "no" | "unknown";
  certificate?: string;
  worst: Worst;
  next_expiry?: string;
  online: boolean;
}

export interface SlotStatus {
  name: string;
  service?: string;
  stage: Stage;
  active?: string;
  serial?: string;
  subject?: string;
  not_before?: string;
  not_after?: string;
  renew_at?: string;
  next_attempt?: string;
  last_error?: string;
  csr?: string;
}

interface CertificateFacts {
  sha256: string;
  subject?: string;
  issuer?: string;
  serial?: string;
  not_before?: string;
  not_after?: string;
  ours?: boolean;
  revoked?: boolean;
}

export interface TrustEntry extends CertificateFacts {
  store: string;
}

export interface NodeChallenge {
  id: string;
  slot: string;
  endpoint: string;
  expires: string;
}

export interface HeldCertificate extends CertificateFacts {
  slot: string;
  active: boolean;
  installed_at?: string;
}

export interface NodeDetails extends Node {
  slots: SlotStatus[];
  trust: TrustEntry[];
  stored: HeldCertificate[];
  challenges: NodeChallenge[];
}

export type OrderVerb =
  | "read_inventory"
  | "renew_slot"
  | "generate_csr"
  | "install_certificate"
  | "add_trust"
  | "remove_trust"
  | "reload"
  | "restart";
export type OrderState = "queued" | "delivered" | "done" | "failed" | "expired" | "cancelled";

export interface Order {
  id: number;
  node_id?: number;
  verb: string;
  slot?: string;
  state: OrderState;
  created: string;
  created_by: string;
  deadline: string;
  finished?: string;
  text?: string;
}

export interface NodeEvent {
  number: number;
  at: string;
  slot?: string;
  what: string;
  text?: string;
}

export interface Cluster {
  id: number;
  name: string;
  created: string;
}

interface MintedChallenge {
  id: string;
  challenge: string;
  endpoint: string;
  expires: string;
  url: string;
  fingerprint?: string;
}

interface Id {
  path: { id: number };
}

interface NewNode {
  name: string;
  product?: string;
  cluster?: number;
  slot?: string;
  endpoint?: string;
  subject?: string;
  alternative_names?: string[];
  lifetime?: string;
}

export interface PendingPaths {
  "/v1/session": {
    get: Operation<object, Session>;
    post: Operation<{ body: { user: string; password: string } }, Session>;
    delete: Operation<object, void>;
  };
  "/v1/session/password": {
    post: Operation<{ body: { old_password: string; new_password: string } }, Session>;
  };
  "/v1/users": {
    get: Operation<object, { users: User[] }>;
    post: Operation<{ body: { name: string; role: Role; password?: string } }, User & { password?: string }>;
  };
  "/v1/users/{name}": {
    patch: Operation<
      {
        path: { name: string };
        body: { role?: Role; password?: string; generate_password?: boolean; unlock?: boolean; disabled?: boolean };
      },
      User & { password?: string }
    >;
    delete: Operation<{ path: { name: string } }, void>;
  };
  "/v1/overview": { get: Operation<object, Overview> };
  "/v1/changes": { get: Operation<{ query: { since?: number } }, Changes> };
  "/v1/nodes": {
    get: Operation<
      {
        query: {
          text?: string;
          state?: NodeState;
          product?: string;
          cluster?: number;
          problem?: string;
          sort?: string;
          descending?: boolean;
          after?: string;
          limit?: number;
        };
      },
      { nodes: Node[]; next?: string }
    >;
    post: Operation<{ body: NewNode }, { node: Node; challenge?: MintedChallenge }>;
  };
  "/v1/nodes/{id}": {
    get: Operation<Id, NodeDetails>;
    patch: Operation<Id & { body: { name?: string; product?: string; cluster?: number } }, Node>;
    delete: Operation<Id, void>;
  };
  "/v1/nodes/{id}/admit": { post: Operation<Id, Node> };
  "/v1/nodes/{id}/block": { post: Operation<Id, Node> };
  "/v1/nodes/{id}/challenges": {
    post: Operation<
      Id & { body: { slot?: string; endpoint: string; subject?: string; alternative_names?: string[] } },
      MintedChallenge
    >;
  };
  "/v1/nodes/{id}/events": {
    get: Operation<Id & { query: { after?: number; limit?: number } }, { events: NodeEvent[]; next?: number }>;
  };
  "/v1/nodes/{id}/orders": {
    get: Operation<Id, { orders: Order[]; next?: number }>;
    post: Operation<
      Id & {
        body: {
          verb: OrderVerb;
          slot?: string;
          parameters?: Record<string, string>;
          certificates?: string[];
          lifetime?: string;
        };
      },
      Order
    >;
  };
  "/v1/orders/{id}": { get: Operation<Id, Order> };
  "/v1/orders/{id}/cancel": { post: Operation<Id, Order> };
  "/v1/clusters": {
    get: Operation<object, { clusters: Cluster[] }>;
    post: Operation<{ body: { name: string } }, Cluster>;
  };
  "/v1/clusters/{id}": {
    patch: Operation<Id & { body: { name: string } }, Cluster>;
    delete: Operation<Id, void>;
  };
}

// What certificates gain.
export interface CertificateExtras {
  node_id?: number;
  node?: string;
  slot?: string;
  active?: boolean;
  status?: "valid" | "expiring" | "expired" | "superseded" | "revoked" | "pending";
}

export interface CertificateQueryExtras {
  status?: string;
  node?: string;
  slot?: string;
  sort?: string;
  descending?: boolean;
}
