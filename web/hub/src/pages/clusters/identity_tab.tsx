import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { FileKey2, RefreshCw } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { address, call } from "@chancery/shared/api/client.ts";
import type { NodeSlot } from "@chancery/shared/api/models.ts";
import { commonName, withdrawn } from "@chancery/shared/format/certificate.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { ValidityBar } from "@chancery/shared/parts/validity_bar.tsx";
import { useFilters } from "../../filters.ts";
import { Act } from "../../parts/act.tsx";
import { textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { ChoiceFilter, TextFilter } from "../../parts/filter_fields.tsx";
import { SlotMarks, WorstMark } from "../../parts/states.tsx";
import { clusterQuery } from "../../queries.ts";
import { useSlotOperations } from "./slot_operations.tsx";
import classes from "./clusters.module.css";

const problems = ["revoked", "expired", "failed", "expiring"] as const;

// One that is revoked renews nothing by itself, whatever its device planned.
const renewalOf = (slot: NodeSlot) => (slot.certificate_status === "revoked" ? undefined : slot.renew_at);

// What the slots of the cluster's nodes hold.
export function IdentityTab() {
  const { t } = useTranslation();
  const { cluster = "" } = useParams({ strict: false });
  const [{ text, problem }] = useFilters();
  const operations = useSlotOperations();
  const nodeless = useQuery(clusterQuery(Number(cluster))).data?.node_count === 0;
  const filter = { cluster: Number(cluster), text, problem: problem as "any" | undefined };
  const fetch: Fetch<NodeSlot> = async (after, limit) => {
    const { slots, next } = await call("get", "/v1/slots", { query: { ...filter, after: after as never, limit } });
    return { rows: slots, next };
  };
  const columns = useMemo<Column<NodeSlot>[]>(
    () => [
      {
        id: "node",
        title: t("orders.node"),
        cell: (slot) => (
          <Link to="/nodes/$id" params={{ id: String(slot.node_id) }} search={{ cluster }}>
            {slot.node}
          </Link>
        ),
        text: (slot) => slot.node,
      },
      textColumn({ id: "slot", title: t("new_node.slot"), text: (slot) => slot.name }),
      {
        id: "state",
        title: t("nodes.state"),
        // That it should have been renewed by now, the agent does not say.
        cell: (slot) => (slot.worst === "expiring" ? <WorstMark worst="expiring" /> : <SlotMarks slot={slot} />),
        text: (slot) => t(`worst.${slot.worst}`),
      },
      {
        id: "subject",
        title: t("certificate.subject"),
        cell: (slot) =>
          slot.serial ? (
            <span className="loose">
              <Link to="/certificates/$serial" params={{ serial: slot.serial }} search={{ cluster, status: "current" }}>
                {(slot.subject && commonName(slot.subject)) || slot.serial}
              </Link>
            </span>
          ) : (
            <span className="loose">{(slot.subject && commonName(slot.subject)) ?? "–"}</span>
          ),
        text: (slot) => slot.subject ?? "",
        rank: 2,
      },
      textColumn({
        id: "issuer",
        title: t("certificate.issuer"),
        text: (slot) => (slot.issuer ? commonName(slot.issuer) || slot.issuer : ""),
        rank: 3,
        loose: true,
      }),
      {
        id: "validity",
        title: t("cluster.validity"),
        cell: (slot) =>
          slot.not_before && slot.not_after ? (
            <div className={classes.bar}>
              <ValidityBar
                notBefore={slot.not_before}
                notAfter={slot.not_after}
                renewAt={renewalOf(slot)}
                withdrawn={withdrawn(slot.certificate_status)}
              />
            </div>
          ) : (
            "–"
          ),
        text: (slot) => slot.not_after ?? "",
        rank: 2,
      },
      timeColumn({ id: "renew_at", title: t("slot.renew_at"), at: renewalOf, rank: 3, hidden: true }),
      textColumn({
        id: "error",
        title: t("slot.last_error"),
        text: (slot) => slot.last_error ?? "",
        rank: 3,
        hidden: true,
        loose: true,
      }),
      { id: "actions", title: t("node.actions"), cell: (slot) => <RenewSlot slot={slot} />, text: () => "", rank: 3 },
    ],
    [t, cluster],
  );
  const filtered = Boolean(text ?? problem);
  return (
    <DataList
      name="slots"
      label={t("cluster.identity")}
      queryKey={["nodes", "slots", filter]}
      fetch={fetch}
      csv={address("/v1/slots", {}, { ...filter, format: "csv" })}
      columns={columns}
      rowId={(slot) => `${slot.node_id} ${slot.name}`}
      rowName={(slot) => `${slot.node} · ${slot.name}`}
      operations={operations}
      filters={
        <>
          <TextFilter label={t("nodes.search")} />
          <ChoiceFilter
            name="problem"
            label={t("nodes.problem")}
            usual={t("list.all")}
            choices={[
              { value: "any", label: t("cluster.any_problem") },
              ...problems.map((value) => ({ value, label: t(`worst.${value}`) })),
              // What the cluster's number counts: a slot that is revoked or expires soon may be among them.
              { value: "failed_stage", label: t("cluster.failed_stage") },
            ]}
          />
        </>
      }
      empty={
        filtered ? (
          <Empty icon={FileKey2} title={t("list.nothing")}>
            <Link to="/clusters/$cluster" params={{ cluster }}>
              {t("list.reset")}
            </Link>
          </Empty>
        ) : (
          <Empty icon={FileKey2} title={t(nodeless ? "cluster.no_nodes" : "cluster.no_slots")}>
            <Text size="sm" ta="center">
              {t(nodeless ? "cluster.no_nodes_text" : "cluster.no_slots_text")}
            </Text>
            <Link to="/clusters/$cluster/nodes" params={{ cluster }}>
              {t("pages.nodes")}
            </Link>
          </Empty>
        )
      }
    />
  );
}

function RenewSlot({ slot }: { slot: NodeSlot }) {
  const { t } = useTranslation();
  return (
    <Act
      label={t("verb.renew_slot")}
      icon={RefreshCw}
      needs="operate"
      refused={slot.node_state === "admitted" ? undefined : t("node.not_admitted")}
      ask={
        <>
          <Text size="sm">{t("ask.renew_slot", { slot: slot.name, name: slot.node })}</Text>
          {!slot.online && (
            <Text size="sm" c="dimmed">
              {t("node.offline_text", { name: slot.node })}
            </Text>
          )}
        </>
      }
      run={() =>
        call("post", "/v1/nodes/{id}/orders", {
          path: { id: slot.node_id },
          body: { verb: "renew_slot", slot: slot.name },
        })
      }
      topics={["orders", "nodes"]}
      done={t("node.ordered")}
    />
  );
}
