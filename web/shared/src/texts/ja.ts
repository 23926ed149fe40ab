import type { Texts } from "./en.ts";
import { administration } from "./ja/administration.ts";
import { auditEvents } from "./ja/audit_events.ts";
import { authority } from "./ja/authority.ts";
import { bulk } from "./ja/bulk.ts";
import { certificateFindings } from "./ja/certificate_findings.ts";
import { certificates } from "./ja/certificates.ts";
import { clusterPages } from "./ja/clusters.ts";
import { findings } from "./ja/findings.ts";
import { nodes } from "./ja/nodes.ts";
import { orders } from "./ja/orders.ts";
import { overview } from "./ja/overview.ts";
import { sentences } from "./ja/sentences.ts";
import { shell } from "./ja/shell.ts";

export const ja: Texts = {
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
