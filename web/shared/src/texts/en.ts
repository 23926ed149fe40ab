// All texts in English, by subject. The other languages have the same keys: the compiler sees to it, and texts.test.ts to the rest.
import { administration } from "./en/administration.ts";
import { auditEvents } from "./en/audit_events.ts";
import { authority } from "./en/authority.ts";
import { bulk } from "./en/bulk.ts";
import { certificateFindings } from "./en/certificate_findings.ts";
import { certificates } from "./en/certificates.ts";
import { clusterPages } from "./en/clusters.ts";
import { findings } from "./en/findings.ts";
import { nodes } from "./en/nodes.ts";
import { orders } from "./en/orders.ts";
import { overview } from "./en/overview.ts";
import { sentences } from "./en/sentences.ts";
import { shell } from "./en/shell.ts";
import type { TextsOf } from "./texts_of.ts";

export const en = {
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
} as const;

export type Texts = TextsOf<typeof en>;
