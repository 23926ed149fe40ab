import { ShieldMinus, ShieldPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Node, TrustRow } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { RoundButton } from "../../parts/round_view.tsx";
import { RoundDialog } from "../nodes/order_round.tsx";
import classes from "./clusters.module.css";

interface Ask {
  adding: boolean;
  // As they were when somebody asked: the row may go when it is done.
  row: TrustRow;
  nodes: Node[];
}

// Of those nodes; who is not named in a list that was cut is in the other one, or else all are meant.
function nodesIn(all: Node[], named: { id: number }[], count: number): Node[] {
  const ids = new Set(named.map(({ id }) => id));
  return ids.size === count ? all.filter(({ id }) => ids.has(id)) : all;
}

// What can be done about the CA certificates of a cluster: giving one to nodes that lack it, and taking it from those that have it. The
// dialog stands apart from the rows, and goes on to tell what became of the orders.
export function useTrustActs(nodes: Node[]) {
  const [asked, setAsked] = useState<Ask>();
  const [opened, setOpened] = useState(false);
  const ask = (adding: boolean, row: TrustRow) => {
    const [named, count] = adding ? [row.missing, row.missing_count] : [row.holders, row.holder_count];
    setAsked({ adding, row, nodes: nodesIn(nodes, named, count) });
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

export function TrustActs({ row, ask }: { row: TrustRow; ask: (adding: boolean, row: TrustRow) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.acts}>
      {row.missing_count > 0 && row.certificate && (
        <RoundButton label={t("cluster.add_missing")} icon={ShieldPlus} press={() => ask(true, row)} />
      )}
      {row.holder_count > 0 && (
        <RoundButton label={t("clusters.remove")} icon={ShieldMinus} press={() => ask(false, row)} />
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
