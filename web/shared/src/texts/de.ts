import type { Texts } from "./en.ts";
import { administration } from "./de/administration.ts";
import { authority } from "./de/authority.ts";
import { certificates } from "./de/certificates.ts";
import { nodes } from "./de/nodes.ts";
import { orders } from "./de/orders.ts";
import { overview } from "./de/overview.ts";
import { shell } from "./de/shell.ts";

export const de: Texts = {
  ...shell,
  ...overview,
  ...nodes,
  ...orders,
  ...certificates,
  ...authority,
  ...administration,
};
