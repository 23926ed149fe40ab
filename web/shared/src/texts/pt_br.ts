import type { Texts } from "./en.ts";
import { administration } from "./pt_br/administration.ts";
import { auditEvents } from "./pt_br/audit_events.ts";
import { authority } from "./pt_br/authority.ts";
import { bulk } from "./pt_br/bulk.ts";
import { certificateFindings } from "./pt_br/certificate_findings.ts";
import { certificates } from "./pt_br/certificates.ts";
import { clusterPages } from "./pt_br/clusters.ts";
import { findings } from "./pt_br/findings.ts";
import { nodes } from "./pt_br/nodes.ts";
import { orders } from "./pt_br/orders.ts";
import { overview } from "./pt_br/overview.ts";
import { sentences } from "./pt_br/sentences.ts";
import { shell } from "./pt_br/shell.ts";

export const ptBr: Texts = {
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
