import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { CircleCheck, CircleX, ShieldQuestion } from "lucide-react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { ClusterTrust, TrustRow } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { useNameList } from "../../parts/name_list.ts";
import { allNodes } from "../nodes/all_nodes.ts";
import { TrustActs, useTrustActs } from "./trust_acts.tsx";
import classes from "./clusters.module.css";

// With more, whoever lacks a certificate is named instead.
const mostColumns = 24;

// Which CA certificates the cluster's nodes trust: each against each node, so that one that is missing is seen at once.
export function TrustTab() {
  const { t } = useTranslation();
  const { cluster = "" } = useParams({ strict: false });
  const id = Number(cluster);
  const trust = useQuery({
    queryKey: ["nodes", "cluster-trust", id],
    queryFn: () => call("get", "/v1/clusters/{id}/trust", { path: { id } }),
  });
  const nodes = useQuery({ queryKey: ["nodes", "cluster-nodes", id], queryFn: () => allNodes(id) });
  const { ask, dialog } = useTrustActs();
  const nameList = useNameList();
  const error = trust.error ?? nodes.error;
  if (!trust.data || !nodes.data) {
    return error ? (
      <Trouble error={error} retry={() => void Promise.all([trust.refetch(), nodes.refetch()])} />
    ) : (
      <Stack aria-busy="true">
        <Skeleton h={160} />
      </Stack>
    );
  }
  const { node_count: count, silent, certificates } = trust.data;
  return (
    <Stack gap="sm">
      {count === 0 ? (
        <Empty icon={ShieldQuestion} title={t(nodes.data.length === 0 ? "cluster.no_nodes" : "cluster.no_trust")}>
          <Text size="sm" ta="center">
            {t(nodes.data.length === 0 ? "cluster.no_nodes_text" : "cluster.no_trust_text")}
          </Text>
        </Empty>
      ) : (
        <div className={classes.scroll} role="region" aria-label={t("cluster.trust")} tabIndex={0}>
          <table className={classes.matrix} aria-label={t("cluster.trust")}>
            <Head trust={trust.data} cluster={cluster} />
            <tbody>
              {certificates.map((row) => (
                <tr key={`${row.sha256} ${row.store}`}>
                  <Certificate row={row} />
                  <td>
                    <Coverage row={row} count={count} />
                  </td>
                  {count <= mostColumns && <Cells row={row} trust={trust.data} />}
                  <td>
                    <TrustActs row={row} nodes={nodes.data} silent={silent} ask={ask} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {dialog}
      {silent.length > 0 && count > 0 && (
        <Text size="sm" c="dimmed">
          {t("cluster.silent", { count: silent.length, names: nameList(silent.map(({ name }) => name)) })}
        </Text>
      )}
    </Stack>
  );
}

function Head({ trust, cluster }: { trust: ClusterTrust; cluster: string }) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <th scope="col" className={classes.certificate}>
          {t("trust.certificate")}
        </th>
        <th scope="col">{t("cluster.trusted_by")}</th>
        {trust.node_count <= mostColumns &&
          trust.nodes.map(({ id, name }) => (
            <th key={id} scope="col" className={classes.node}>
              <Link to="/nodes/$id" params={{ id: String(id) }} search={{ cluster }} title={name}>
                {name}
              </Link>
            </th>
          ))}
        <th scope="col">{t("node.actions")}</th>
      </tr>
    </thead>
  );
}

const nameOf = (row: TrustRow) => (row.subject ? commonName(row.subject) || row.subject : row.sha256);

function Certificate({ row }: { row: TrustRow }) {
  const { t } = useTranslation();
  return (
    <th scope="row" className={classes.certificate}>
      <strong>{row.subject ? nameOf(row) : t("trust.unknown")}</strong>
      <span className={classes.details}>
        {row.store}
        {row.not_after && (
          <>
            {" · "}
            {t("certificates.expires")} <Moment at={row.not_after} />
          </>
        )}
        <br />
        <span className="mono" title={`${t("certificate.sha256")}: ${row.sha256}`}>
          {row.sha256.slice(0, 16)}…
        </span>
      </span>
    </th>
  );
}

// In words; and whom to look at where there are too many nodes for a column each.
function Coverage({ row, count }: { row: TrustRow; count: number }) {
  const { t } = useTranslation();
  const nameList = useNameList();
  const names = (nodes: { name: string }[]) => nameList(nodes.map(({ name }) => name));
  return (
    <Stack gap={2} align="flex-start">
      {row.missing_count === 0 ? (
        <Mark tone="ok" icon={CircleCheck}>
          {t("cluster.on_all")}
        </Mark>
      ) : (
        <Mark tone="bad" icon={CircleX}>
          {t("cluster.lacking", { count: row.missing_count })}
        </Mark>
      )}
      <Text size="xs" c="dimmed">
        {t("cluster.of_all", { count: row.holder_count, all: String(count) })}
      </Text>
      {count > mostColumns && row.missing_count > 0 && (
        <Text size="xs">
          {row.missing_count <= row.holder_count || row.holder_count === 0
            ? t("cluster.lackers", { names: names(row.missing) })
            : t("cluster.holders", { names: names(row.holders) })}
        </Text>
      )}
    </Stack>
  );
}

function Cells({ row, trust }: { row: TrustRow; trust: ClusterTrust }) {
  const { t } = useTranslation();
  const holders = new Set(row.holders.map(({ id }) => id));
  return trust.nodes.map(({ id, name }) => {
    const holds = holders.has(id);
    const Icon = holds ? CircleCheck : CircleX;
    const label = t(holds ? "cluster.trusts" : "cluster.lacks", { name });
    return (
      <td key={id} className={classes.holds} data-tone={holds ? "ok" : "bad"} title={label}>
        <Icon size={18} aria-hidden />
        <span className="visually-hidden">{label}</span>
      </td>
    );
  });
}
