// Short names for the records that pages show.
import type { CertificateExtras } from "./pending.ts";
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Certificate = Schemas["Certificate"] & CertificateExtras;
export type CertificateDetails = Schemas["CertificateDetails"] & CertificateExtras;
export type Request = Schemas["Request"];
export type RequestDetails = Schemas["RequestDetails"];
export type Endpoint = Schemas["Endpoint"];
export type EndpointSetting = Schemas["EndpointSetting"];
export type Challenge = Schemas["Challenge"];
export type MintedChallenge = Schemas["MintedChallenge"];
export type Authority = Schemas["Authority"];
export type AuthorityCertificate = Schemas["AuthorityCertificate"];
export type Generation = Schemas["Generation"];
export type Crl = Schemas["Crl"];
export type AuditEvent = Schemas["AuditEvent"];
export type Finding = Schemas["Finding"];
export type {
  Changes,
  Cluster,
  HeldCertificate,
  Node,
  NodeDetails,
  NodeEvent,
  NodeState,
  Order,
  OrderState,
  OrderVerb,
  Overview,
  Role,
  Session,
  SlotStatus,
  Stage,
  TimelineDay,
  TrustEntry,
  User,
  Worst,
} from "./pending.ts";
