import { ShieldMinus, ShieldPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Node, TrustRow } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { RoundButton } from "../../parts/round_view.tsx";
import { RoundDialog } from "../nodes/order_round.tsx";
import classes from "./clusters.module.css";

interface TrustActsProps {
  row: TrustRow;
  // Of the cluster, all.
  nodes: Node[];
}

// Of those nodes; who is not named in a list that was cut is in the other one, or else all are meant.
function nodesIn(all: Node[], named: { id: number }[], count: number): Node[] {
  const ids = new Set(named.map(({ id }) => id));
  return ids.size === count ? all.filter(({ id }) => ids.has(id)) : all;
}

// What can be done about a CA certificate of the cluster: giving it to nodes that lack it, and taking it from those that have it.
export function TrustActs({ row, nodes }: TrustActsProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState(false);
  const ca = row.subject ? commonName(row.subject) || row.subject : row.sha256;
  const { store, sha256, certificate } = row;
  return (
    <div className={classes.acts}>
      {row.missing_count > 0 && certificate && (
        <>
          <RoundButton label={t("cluster.add_missing")} icon={ShieldPlus} press={() => setAdding(true)} />
          <RoundDialog
            label={t("verb.add_trust")}
            opened={adding}
            close={() => setAdding(false)}
            nodes={nodesIn(nodes, row.missing, row.missing_count)}
            body={{ verb: "add_trust", parameters: { store }, certificates: [certificate] }}
            says={(what) => t("ask.add_trust", { ...what, ca })}
          />
        </>
      )}
      {row.holder_count > 0 && (
        <RoundButton label={t("clusters.remove")} icon={ShieldMinus} press={() => setRemoving(true)} />
      )}
      <RoundDialog
        label={t("verb.remove_trust")}
        dangerous
        opened={removing}
        close={() => setRemoving(false)}
        nodes={nodesIn(nodes, row.holders, row.holder_count)}
        body={{ verb: "remove_trust", parameters: { store, sha256 } }}
        says={(what) => t("ask.remove_trust", { ...what, ca, store })}
      />
    </div>
  );
}
