import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Order, OrderVerb } from "@chancery/shared/api/models.ts";
import { SaidOrQuoted } from "@chancery/shared/parts/said.tsx";
import { timeColumn } from "../../parts/columns.tsx";
import type { Column } from "../../parts/data_list.tsx";
import { ChoiceFilter } from "../../parts/filter_fields.tsx";
import { OrderMark } from "../../parts/states.tsx";

// What lists of orders have in common: those of all nodes, and those of a cluster's.

const states = ["queued", "delivered", "done", "failed", "expired", "cancelled"] as const;
const verbs: readonly OrderVerb[] = [
  "renew_slot",
  "generate_csr",
  "install_certificate",
  "add_trust",
  "remove_trust",
  "reload",
  "restart",
  "read_inventory",
];

// What became of an order, and when it was given.
export const outcomeColumns = (t: TFunction): Column<Order>[] => [
  {
    id: "state",
    title: t("nodes.state"),
    cell: (order) => <OrderMark state={order.state} />,
    text: (order) => t(`order_state.${order.state}`),
  },
  {
    id: "text",
    title: t("orders.result"),
    cell: (order) => <span className="loose">{order.text ? <SaidOrQuoted {...order} /> : "–"}</span>,
    text: (order) => order.text ?? "",
    rank: 3,
  },
  timeColumn({ id: "created", title: t("orders.created"), at: (order) => order.created, rank: 2 }),
];

export function OrderFilters() {
  const { t } = useTranslation();
  return (
    <>
      <ChoiceFilter
        name="state"
        label={t("nodes.state")}
        usual={t("list.all")}
        choices={states.map((value) => ({ value, label: t(`order_state.${value}`) }))}
      />
      <ChoiceFilter
        name="verb"
        label={t("orders.verb")}
        usual={t("list.all")}
        choices={verbs.map((value) => ({ value, label: t(`verb.${value}`) }))}
      />
    </>
  );
}
