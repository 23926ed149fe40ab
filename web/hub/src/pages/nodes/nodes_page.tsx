import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Plus, Router } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { useFilters } from "../../filters.ts";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { ChoiceFilter } from "../../parts/filter_fields.tsx";
import { PageHead } from "../../parts/page.tsx";
import split from "../../parts/split.module.css";
import { NodeStateMark, OnlineMark, WorstMark } from "../../parts/states.tsx";
import { clustersQuery } from "../../queries.ts";
import { useNodeOperations } from "./node_operations.tsx";
import { products } from "./products.ts";
import { NodeFilters } from "./node_filters.tsx";

export function NodesPage() {
  const { t } = useTranslation();
  const [search] = useFilters();
  const operations = useNodeOperations();
  const { id } = useParams({ strict: false });
  const clusters = useQuery(clustersQuery);
  const { text, state, problem, product, cluster, sort, descending } = search;

  const fetch: Fetch<Node> = async (after, limit) => {
    const { nodes, next } = await call("get", "/v1/nodes", {
      query: {
        text,
        state: state as Node["state"] | undefined,
        problem: problem as never,
        product,
        cluster: cluster ? Number(cluster) : undefined,
        sort: sort as never,
        descending: descending === "true" || undefined,
        after: after as never,
        limit,
      },
    });
    return { rows: nodes, next };
  };
  const clusterNames = useMemo(
    () => new Map(clusters.data?.clusters.map((each) => [each.id, each.name])),
    [clusters.data],
  );
  const columns = useMemo<Column<Node>[]>(
    () => [
      { id: "name", title: t("nodes.name"), sort: "name", cell: (node) => node.name, text: (node) => node.name },
      {
        id: "state",
        title: t("nodes.state"),
        cell: (node) => <NodeStateMark state={node.state} />,
        text: (node) => t(`node_state.${node.state}`),
        rank: 2,
      },
      {
        id: "worst",
        title: t("nodes.certificates"),
        cell: (node) => <WorstMark worst={node.worst} />,
        text: (node) => t(`worst.${node.worst}`),
      },
      {
        id: "next_expiry",
        title: t("nodes.next_expiry"),
        sort: "next_expiry",
        cell: (node) => <Moment at={node.next_expiry} />,
        text: (node) => node.next_expiry ?? "",
        rank: 2,
      },
      {
        id: "online",
        title: t("nodes.link"),
        cell: (node) => <OnlineMark online={node.online} />,
        text: (node) => (node.online ? t("nodes.online") : t("nodes.offline")),
        rank: 3,
      },
      {
        id: "last_seen",
        title: t("nodes.last_seen"),
        sort: "last_seen",
        cell: (node) => <Moment at={node.last_seen} />,
        text: (node) => node.last_seen ?? "",
        rank: 3,
      },
      {
        id: "product",
        title: t("nodes.product"),
        sort: "product",
        cell: (node) => node.product,
        text: (node) => node.product,
        rank: 3,
      },
      {
        id: "cluster",
        title: t("nodes.cluster"),
        cell: (node) => clusterNames.get(node.cluster_id ?? 0) ?? "–",
        text: (node) => clusterNames.get(node.cluster_id ?? 0) ?? "",
        rank: 3,
      },
      {
        id: "address",
        title: t("nodes.address"),
        cell: (node) => node.remote_address ?? "–",
        text: (node) => node.remote_address ?? "",
        rank: 3,
        hidden: true,
      },
      {
        id: "agent",
        title: t("nodes.agent"),
        cell: (node) => node.agent_version ?? "–",
        text: (node) => node.agent_version ?? "",
        rank: 3,
        hidden: true,
      },
    ],
    [t, clusterNames],
  );
  const filtered = Boolean(text ?? state ?? problem ?? product ?? cluster);

  return (
    <div className={split.split}>
      <div className={split.list}>
        <PageHead
          title={t("pages.nodes")}
          actions={
            <Button component={Link} to="/nodes/new" size="sm" leftSection={<Plus size={16} aria-hidden />}>
              {t("nodes.add")}
            </Button>
          }
        />
        <DataList
          name="nodes"
          label={t("pages.nodes")}
          queryKey={["nodes", "list", { text, state, problem, product, cluster, sort, descending }]}
          fetch={fetch}
          columns={columns}
          operations={operations}
          rowId={(node) => String(node.id)}
          place={(node) => ({ to: "/nodes/$id", params: { id: String(node.id) } })}
          openId={id}
          defaultSort={{ by: "name", descending: false }}
          filters={
            <>
              <NodeFilters />
              <ChoiceFilter
                name="product"
                label={t("nodes.product")}
                usual={t("list.all")}
                choices={products.map((value) => ({ value, label: value }))}
              />
              {clusters.data && clusters.data.clusters.length > 0 && (
                <ChoiceFilter
                  name="cluster"
                  label={t("nodes.cluster")}
                  usual={t("list.all")}
                  choices={clusters.data.clusters.map((each) => ({ value: String(each.id), label: each.name }))}
                />
              )}
            </>
          }
          empty={
            filtered ? (
              <Empty icon={Router} title={t("list.nothing")}>
                <Link to="/nodes">{t("list.reset")}</Link>
              </Empty>
            ) : (
              <Empty icon={Router} title={t("nodes.none")}>
                <Text size="sm" ta="center">
                  {t("nodes.none_text")}
                </Text>
              </Empty>
            )
          }
        />
      </div>
      <Outlet />
    </div>
  );
}
