import { Button, Text } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { Plus, Router } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { useFilters } from "../../filters.ts";
import { textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { NodeStateMark, OnlineMark, WorstMark } from "../../parts/states.tsx";
import { useNodeOperations } from "../nodes/node_operations.tsx";
import { NodeFilters } from "../nodes/node_filters.tsx";

// The cluster's nodes and how they are.
export function NodesTab() {
  const { t } = useTranslation();
  const { cluster = "" } = useParams({ strict: false });
  const [{ text, state, problem, sort, descending }] = useFilters();
  const operations = useNodeOperations();
  const filter = { cluster: Number(cluster), text, state: state as Node["state"] | undefined, problem };
  const fetch: Fetch<Node> = async (after, limit) => {
    const { nodes, next } = await call("get", "/v1/nodes", {
      query: {
        ...filter,
        problem: problem as never,
        sort: sort as never,
        descending: descending === "true" || undefined,
        after: after as never,
        limit,
      },
    });
    return { rows: nodes, next };
  };
  const columns = useMemo<Column<Node>[]>(
    () => [
      {
        id: "name",
        title: t("nodes.name"),
        sort: "name",
        cell: (node) => (
          <Link to="/nodes/$id" params={{ id: String(node.id) }} search={{ cluster }}>
            {node.name}
          </Link>
        ),
        text: (node) => node.name,
      },
      {
        id: "state",
        title: t("nodes.state"),
        cell: (node) => <NodeStateMark state={node.state} />,
        text: (node) => t(`node_state.${node.state}`),
      },
      {
        id: "worst",
        title: t("nodes.certificates"),
        cell: (node) => <WorstMark worst={node.worst} />,
        text: (node) => t(`worst.${node.worst}`),
      },
      timeColumn({
        id: "next_expiry",
        title: t("nodes.next_expiry"),
        sort: "next_expiry",
        at: (node) => node.next_expiry,
        rank: 2,
      }),
      {
        id: "online",
        title: t("nodes.link"),
        cell: (node) => <OnlineMark online={node.online} />,
        text: (node) => (node.online ? t("nodes.online") : t("nodes.offline")),
        rank: 2,
      },
      timeColumn({
        id: "last_seen",
        title: t("nodes.last_seen"),
        sort: "last_seen",
        at: (node) => node.last_seen,
        rank: 3,
      }),
      textColumn({
        id: "product",
        title: t("nodes.product"),
        sort: "product",
        text: (node) => node.product,
        rank: 3,
      }),
    ],
    [t, cluster],
  );
  const filtered = Boolean(text ?? state ?? problem);
  return (
    <DataList
      name="nodes"
      label={t("pages.nodes")}
      queryKey={["nodes", "list", { ...filter, sort, descending }]}
      fetch={fetch}
      columns={columns}
      rowId={(node) => String(node.id)}
      operations={operations}
      defaultSort={{ by: "name", descending: false }}
      filters={
        <>
          <NodeFilters />
        </>
      }
      empty={
        filtered ? (
          <Empty icon={Router} title={t("list.nothing")}>
            <Link to="/clusters/$cluster/nodes" params={{ cluster }}>
              {t("list.reset")}
            </Link>
          </Empty>
        ) : (
          <Empty icon={Router} title={t("cluster.no_nodes")}>
            <Text size="sm" ta="center">
              {t("cluster.no_nodes_text")}
            </Text>
            <Button component={Link} to="/nodes/new" size="xs" leftSection={<Plus size={14} aria-hidden />}>
              {t("nodes.add")}
            </Button>
          </Empty>
        )
      }
    />
  );
}
