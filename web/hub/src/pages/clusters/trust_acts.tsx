import { ShieldMinus, ShieldPlus } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClusterTrust, Node, TrustRow } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { RoundButton } from "../../parts/round_view.tsx";
import { RoundDialog } from "../nodes/order_round.tsx";
import { holdersIn, lackersIn } from "./nodes_in.ts";
import classes from "./clusters.module.css";

interface Ask {
  adding: boolean;
  // As they were when somebody asked: the row may go when it is done.
  row: TrustRow;
  nodes: Node[];
}

// What can be done about the CA certificates of a cluster: giving one to nodes that lack it, and taking it from those that have it. The
// dialog stands apart from the rows, and goes on to tell what became of the orders.
export function useTrustActs() {
  const [asked, setAsked] = useState<Ask>();
  const [opened, setOpened] = useState(false);
  const ask = (what: Ask) => {
    setAsked(what);
    setOpened(true);
  };
  return {
    ask,
    dialog: asked && (
      <TrustDialog
        key={`${asked.adding} ${asked.row.sha256} ${asked.row.store}`}
        {...asked}
        opened={opened}
        close={() => setOpened(false)}
      />
    ),
  };
}

interface TrustActsProps {
  row: TrustRow;
  // All of the cluster, and of these such as have not said what they trust.
  nodes: Node[];
  silent: ClusterTrust["silent"];
  ask: (what: Ask) => void;
}

export function TrustActs({ row, nodes, silent, ask }: TrustActsProps) {
  const { t } = useTranslation();
  const lackers = useMemo(() => lackersIn(nodes, silent, row), [nodes, silent, row]);
  const holders = useMemo(() => holdersIn(nodes, silent, row), [nodes, silent, row]);
  return (
    <div className={classes.acts}>
      {row.missing_count > 0 && row.certificate && (
        <RoundButton
          label={t("cluster.add_missing")}
          icon={ShieldPlus}
          refused={lackers ? undefined : t("cluster.in_motion")}
          press={() => lackers && ask({ adding: true, row, nodes: lackers })}
        />
      )}
      {row.holder_count > 0 && (
        <RoundButton
          label={t("clusters.remove")}
          icon={ShieldMinus}
          refused={holders ? undefined : t("cluster.in_motion")}
          press={() => holders && ask({ adding: false, row, nodes: holders })}
        />
      )}
    </div>
  );
}

function TrustDialog({ adding, row, nodes, opened, close }: Ask & { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const { store, sha256, certificate } = row;
  const ca = row.subject ? commonName(row.subject) || row.subject : sha256;
  return adding ? (
    <RoundDialog
      label={t("verb.add_trust")}
      opened={opened}
      close={close}
      nodes={nodes}
      body={certificate ? { verb: "add_trust", parameters: { store }, certificates: [certificate] } : undefined}
      says={(what) => t("ask.add_trust", { ...what, ca })}
    />
  ) : (
    <RoundDialog
      label={t("verb.remove_trust")}
      dangerous
      opened={opened}
      close={close}
      nodes={nodes}
      body={{ verb: "remove_trust", parameters: { store, sha256 } }}
      says={(what) => t("ask.remove_trust", { ...what, ca, store })}
    />
  );
}
