import type { TFunction } from "i18next";
import type { Order, OrderVerb } from "@chancery/shared/api/models.ts";

// Where, what and for which slot; the number tells it from others of the same.
export const orderName = ({ node, verb, slot }: Order, t: TFunction) =>
  [node ?? t("orders.gone"), t(`verb.${verb as OrderVerb}`), slot].filter(Boolean).join(" · ");
export const numberedOrderName = (order: Order, t: TFunction) => `${orderName(order, t)} · #${order.id}`;
