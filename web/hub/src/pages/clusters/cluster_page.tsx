import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Cluster } from "@chancery/shared/api/models.ts";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { PageHead } from "../../parts/page.tsx";
import { PageTabs } from "../../parts/page_tabs.tsx";
import { WorstMark } from "../../parts/states.tsx";
import { clusterQuery } from "../../queries.ts";
import { AddTrust } from "../nodes/trust_round.tsx";
import { RemoveCluster, RenameCluster } from "./cluster_acts.tsx";
import { MoveNodesHere } from "./move_nodes_here.tsx";
import classes from "./clusters.module.css";

const tabs = [
  { below: "", key: "cluster.identity" },
  { below: "/trust", key: "cluster.trust" },
  { below: "/jobs", key: "pages.orders" },
  { below: "/nodes", key: "pages.nodes" },
] as const;

// One cluster: what its nodes hold, trust and were asked to do.
export function ClusterPage() {
  const { t } = useTranslation();
  const { cluster: id = "" } = useParams({ strict: false });
  const { data: cluster, error, isPending, refetch } = useQuery(clusterQuery(Number(id)));
  return (
    <>
      <nav className={classes.path} aria-label={t("cluster.path")}>
        <Link to="/clusters">{t("pages.clusters")}</Link>
        <span aria-hidden>›</span>
        <span aria-current="page">{cluster?.name ?? id}</span>
      </nav>
      {!cluster ? (
        isPending ? (
          <Stack aria-busy="true">
            <Skeleton h={32} />
            <Skeleton h={200} />
          </Stack>
        ) : (
          <>
            <PageHead title={id} />
            <Trouble error={error} retry={() => void refetch()} />
          </>
        )
      ) : (
        <>
          <PageHead
            title={cluster.name}
            text={<ClusterNumbers cluster={cluster} />}
            actions={
              <>
                <MoveNodesHere key={`move ${id}`} cluster={cluster} />
                <AddTrust key={`trust ${id}`} clusters={[id]} />
                <RenameCluster key={`rename ${id}`} cluster={cluster} />
                <RemoveCluster cluster={cluster} />
              </>
            }
          />
          <PageTabs
            label={cluster.name}
            tabs={tabs.map(({ below, key }) => ({ to: `/clusters/${id}${below}`, alone: true, text: t(key) }))}
          />
          <Outlet />
        </>
      )}
    </>
  );
}

// Each leads to what it counts.
function ClusterNumbers({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  const params = { cluster: String(cluster.id) };
  const {
    node_count: nodes = 0,
    slot_count: slots = 0,
    failed_slots: failed = 0,
    revoked_slots: revoked = 0,
  } = cluster;
  return (
    <span className={classes.numbers}>
      <WorstMark worst={cluster.worst ?? "empty"} />
      <Link to="/clusters/$cluster/nodes" params={params}>
        {nodes} {t("total.nodes", { count: nodes })}
      </Link>
      <Link to="/clusters/$cluster" params={params}>
        {slots} {t("total.slots", { count: slots })}
      </Link>
      {revoked > 0 && (
        <Link to="/clusters/$cluster" params={params} search={{ problem: "revoked" }}>
          {revoked} {t("cluster.revoked_slots", { count: revoked })}
        </Link>
      )}
      {failed > 0 && (
        <Link to="/clusters/$cluster" params={params} search={{ problem: "failed_stage" }}>
          {failed} {t("cluster.failed_slots", { count: failed })}
        </Link>
      )}
      {cluster.next_expiry && (
        <span>
          {t("nodes.next_expiry")}{" "}
          <Link to="/certificates" search={{ ...params, status: "all", sort: "not_after" }}>
            <Moment at={cluster.next_expiry} />
          </Link>
        </span>
      )}
    </span>
  );
}
