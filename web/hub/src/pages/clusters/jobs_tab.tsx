import { Text } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { address, call } from "@chancery/shared/api/client.ts";
import type { Order, OrderVerb } from "@chancery/shared/api/models.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { useFilters } from "../../filters.ts";
import { textColumn } from "../../parts/columns.tsx";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { actorText } from "../audit/event_text.ts";
import { OrderActs } from "../orders/order_acts.tsx";
import { OrderFilters, outcomeColumns } from "../orders/order_list.tsx";
import { numberedOrderName } from "../orders/order_name.ts";
import { useOrderOperations } from "../orders/order_operations.tsx";
import { RetryFailed } from "../orders/retry_failed.tsx";

// What the cluster's nodes were asked to do.
export function JobsTab() {
  const { t, i18n } = useTranslation();
  const { cluster = "" } = useParams({ strict: false });
  const [{ state, verb }] = useFilters();
  const operations = useOrderOperations();
  const filter = {
    cluster: Number(cluster),
    state: state as Order["state"] | undefined,
    verb: verb as OrderVerb | undefined,
  };
  const fetch: Fetch<Order> = async (after, limit) => {
    const { orders, next } = await call("get", "/v1/orders", { query: { ...filter, after: after as never, limit } });
    return { rows: orders, next };
  };
  const columns = useMemo<Column<Order>[]>(
    () => [
      {
        id: "verb",
        title: t("orders.verb"),
        cell: (order) => (
          <Link to="/orders/$id" params={{ id: String(order.id) }} search={{ cluster }}>
            {t(`verb.${order.verb as OrderVerb}`)}
          </Link>
        ),
        text: (order) => t(`verb.${order.verb as OrderVerb}`),
        words: true,
      },
      {
        id: "node",
        title: t("orders.node"),
        cell: (order) => (
          <>
            <Link to="/nodes/$id" params={{ id: String(order.node_id) }} search={{ cluster }}>
              {order.node}
            </Link>
            {order.slot && ` · ${order.slot}`}
          </>
        ),
        text: (order) => [order.node, order.slot].filter(Boolean).join(" · "),
      },
      ...outcomeColumns(t),
      textColumn({
        id: "created_by",
        title: t("orders.created_by"),
        text: (order) => actorText(order.created_by, i18n),
        rank: 3,
        hidden: true,
      }),
      {
        id: "actions",
        title: t("node.actions"),
        cell: (order) => <OrderActs order={order} />,
        text: () => "",
        rank: 3,
      },
    ],
    [t, i18n, cluster],
  );
  const filtered = Boolean(state ?? verb);
  return (
    <DataList
      name="orders"
      label={t("pages.orders")}
      queryKey={["orders", "list", filter]}
      fetch={fetch}
      csv={address("/v1/orders", {}, { ...filter, format: "csv" })}
      columns={columns}
      rowId={(order) => String(order.id)}
      rowName={(order) => numberedOrderName(order, t)}
      operations={operations}
      actions={state === "failed" && <RetryFailed filter={filter} />}
      filters={<OrderFilters />}
      empty={
        filtered ? (
          <Empty icon={ListChecks} title={t("list.nothing")}>
            <Link to="/clusters/$cluster/jobs" params={{ cluster }}>
              {t("list.reset")}
            </Link>
          </Empty>
        ) : (
          <Empty icon={ListChecks} title={t("cluster.no_orders")}>
            <Text size="sm" ta="center">
              {t("cluster.no_orders_text")}
            </Text>
          </Empty>
        )
      }
    />
  );
}
