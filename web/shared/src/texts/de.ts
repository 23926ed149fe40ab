import type { Texts } from "./en.ts";
import { administration } from "./de/administration.ts";
import { auditEvents } from "./de/audit_events.ts";
import { authority } from "./de/authority.ts";
import { bulk } from "./de/bulk.ts";
import { certificateFindings } from "./de/certificate_findings.ts";
import { certificates } from "./de/certificates.ts";
import { clusterPages } from "./de/clusters.ts";
import { findings } from "./de/findings.ts";
import { nodes } from "./de/nodes.ts";
import { orders } from "./de/orders.ts";
import { overview } from "./de/overview.ts";
import { sentences } from "./de/sentences.ts";
import { shell } from "./de/shell.ts";

export const de: Texts = {
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
