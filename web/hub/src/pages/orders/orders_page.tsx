import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { address, call } from "@chancery/shared/api/client.ts";
import type { Order, OrderVerb } from "@chancery/shared/api/models.ts";
import { local } from "@chancery/shared/format/time.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { useFilters } from "../../filters.ts";
import { numberColumn, textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { PageHead } from "../../parts/page.tsx";
import { SetFilter } from "../../parts/set_filter.tsx";
import split from "../../parts/split.module.css";
import { clusterQuery, nodeQuery } from "../../queries.ts";
import { actorText } from "../audit/event_text.ts";
import { OrderFilters, outcomeColumns } from "./order_list.tsx";
import { numberedOrderName } from "./order_name.ts";
import { useOrderOperations } from "./order_operations.tsx";
import { RetryFailed } from "./retry_failed.tsx";

// What all nodes were asked to do.
export function OrdersPage() {
  const { t, i18n } = useTranslation();
  const [search] = useFilters();
  const operations = useOrderOperations();
  const { id } = useParams({ strict: false });
  const { state, verb, node, cluster, finished_after } = search;
  const holder = useQuery({ ...nodeQuery(Number(node)), enabled: node !== undefined });
  const group = useQuery({ ...clusterQuery(Number(cluster)), enabled: cluster !== undefined });
  const filter = {
    state: state as Order["state"] | undefined,
    verb: verb as OrderVerb | undefined,
    node: node ? Number(node) : undefined,
    cluster: cluster ? Number(cluster) : undefined,
    finished_after,
  };

  const fetch: Fetch<Order> = async (after, limit) => {
    const { orders, next } = await call("get", "/v1/orders", { query: { ...filter, after: after as never, limit } });
    return { rows: orders, next };
  };
  const columns = useMemo<Column<Order>[]>(
    () => [
      textColumn({
        id: "verb",
        title: t("orders.verb"),
        text: (order) => t(`verb.${order.verb as OrderVerb}`),
        words: true,
      }),
      {
        id: "node",
        title: t("orders.node"),
        cell: (order) => (
          <>
            {order.node ?? <span data-words>{t("orders.gone")}</span>}
            {order.slot && ` · ${order.slot}`}
          </>
        ),
        text: (order) => [order.node, order.slot].filter(Boolean).join(" · "),
      },
      ...outcomeColumns(t),
      timeColumn({ id: "finished", title: t("orders.finished"), at: (order) => order.finished, rank: 3, hidden: true }),
      textColumn({
        id: "created_by",
        title: t("orders.created_by"),
        text: (order) => actorText(order.created_by, i18n),
        rank: 3,
      }),
      numberColumn("number", t("requests.number"), (order) => order.id),
    ],
    [t, i18n],
  );
  const filtered = Boolean(state ?? verb ?? node ?? cluster ?? finished_after);
  return (
    <div className={split.split}>
      <div className={split.list}>
        <PageHead title={t("pages.orders")} text={t("orders.text")} />
        {node && <SetFilter names={["node"]} label={t("orders.node")} value={holder.data?.name ?? node} />}
        {cluster && <SetFilter names={["cluster"]} label={t("nodes.cluster")} value={group.data?.name ?? cluster} />}
        {finished_after && (
          <SetFilter
            names={["finished_after"]}
            label={t("orders.finished_after")}
            value={local(Date.parse(finished_after), i18n.language)}
          />
        )}
        <DataList
          name="orders"
          label={t("pages.orders")}
          queryKey={["orders", "list", filter]}
          fetch={fetch}
          csv={address("/v1/orders", {}, { ...filter, format: "csv" })}
          columns={columns}
          operations={operations}
          rowId={(order) => String(order.id)}
          rowName={(order) => numberedOrderName(order, t)}
          place={(order) => ({ to: "/orders/$id", params: { id: String(order.id) } })}
          openId={id}
          actions={state === "failed" && <RetryFailed filter={filter} />}
          filters={<OrderFilters />}
          empty={
            filtered ? (
              <Empty icon={ListChecks} title={t("list.nothing")}>
                <Link to="/orders">{t("list.reset")}</Link>
              </Empty>
            ) : (
              <Empty icon={ListChecks} title={t("orders.none")}>
                <Text size="sm">{t("orders.none_text")}</Text>
                <Snippet label={t("first_steps.command")} text="chancery node order NODE renew-slot --slot SLOT" />
              </Empty>
            )
          }
        />
      </div>
      <Outlet />
    </div>
  );
}
