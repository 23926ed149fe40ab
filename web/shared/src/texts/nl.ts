import type { Texts } from "./en.ts";
import { administration } from "./nl/administration.ts";
import { auditEvents } from "./nl/audit_events.ts";
import { authority } from "./nl/authority.ts";
import { bulk } from "./nl/bulk.ts";
import { certificateFindings } from "./nl/certificate_findings.ts";
import { certificates } from "./nl/certificates.ts";
import { clusterPages } from "./nl/clusters.ts";
import { findings } from "./nl/findings.ts";
import { nodes } from "./nl/nodes.ts";
import { orders } from "./nl/orders.ts";
import { overview } from "./nl/overview.ts";
import { sentences } from "./nl/sentences.ts";
import { shell } from "./nl/shell.ts";

export const nl: Texts = {
  ...shell,
  ...overview,
  ...nodes,
  ...clusterPages,
  ...orders,
  ...certificates,
  ...certificateFindings,
  ...bulk,
  ...authority,
  ...administration,
  ...auditEvents,
  ...findings,
  ...sentences,
};
