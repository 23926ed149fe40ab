import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Boxes } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Cluster } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column } from "../../parts/data_list.tsx";
import { PageHead } from "../../parts/page.tsx";
import { WorstMark } from "../../parts/states.tsx";
import { AddCluster } from "./cluster_acts.tsx";

const paramsOf = (cluster: Cluster) => ({ cluster: String(cluster.id) });

// Nodes that are administered together, and how they are.
export function ClustersPage() {
  const { t } = useTranslation();
  const columns = useMemo<Column<Cluster>[]>(
    () => [
      { id: "name", title: t("nodes.name"), cell: (cluster) => cluster.name, text: (cluster) => cluster.name },
      {
        id: "worst",
        title: t("nodes.certificates"),
        cell: (cluster) => <WorstMark worst={cluster.worst ?? "empty"} />,
        text: (cluster) => t(`worst.${cluster.worst ?? "empty"}`),
      },
      {
        id: "next_expiry",
        title: t("nodes.next_expiry"),
        cell: (cluster) =>
          cluster.next_expiry ? (
            <Link to="/certificates" search={{ ...paramsOf(cluster), status: "all", sort: "not_after" }}>
              <Moment at={cluster.next_expiry} />
            </Link>
          ) : (
            "–"
          ),
        text: (cluster) => cluster.next_expiry ?? "",
        rank: 2,
      },
      {
        id: "nodes",
        title: t("pages.nodes"),
        cell: (cluster) => (
          <Link to="/clusters/$cluster/nodes" params={paramsOf(cluster)}>
            {cluster.node_count ?? 0}
          </Link>
        ),
        text: (cluster) => String(cluster.node_count ?? 0),
      },
      {
        id: "slots",
        title: t("node.slots"),
        cell: (cluster) => (
          <Link to="/clusters/$cluster" params={paramsOf(cluster)}>
            {cluster.slot_count ?? 0}
          </Link>
        ),
        text: (cluster) => String(cluster.slot_count ?? 0),
        rank: 3,
      },
      timeColumn({
        id: "created",
        title: t("clusters.created"),
        at: (cluster) => cluster.created,
        show: "date",
        rank: 3,
      }),
    ],
    [t],
  );
  return (
    <>
      <PageHead title={t("pages.clusters")} text={t("clusters.text")} />
      <DataList
        name="clusters"
        label={t("pages.clusters")}
        queryKey={["nodes", "clusters", "list"]}
        fetch={async () => ({ rows: (await call("get", "/v1/clusters", { query: { with_nodes: true } })).clusters })}
        columns={columns}
        rowId={(cluster) => String(cluster.id)}
        place={(cluster) => ({ to: "/clusters/$cluster", params: paramsOf(cluster) })}
        actions={<AddCluster />}
        empty={
          <Empty icon={Boxes} title={t("clusters.none")}>
            <Text size="sm">{t("clusters.none_text")}</Text>
            <Snippet label={t("first_steps.command")} text="chancery cluster add NAME" />
          </Empty>
        }
      />
    </>
  );
}
