import {
  Ban,
  Check,
  FileKey2,
  FolderInput,
  RefreshCw,
  RotateCcw,
  RotateCw,
  ScanSearch,
  ShieldMinus,
  ShieldPlus,
  Trash2,
  type LucideIcon,
} from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { Operation, OperationDialog } from "../../parts/operations.ts";
import { MoveNodes } from "./move_nodes.tsx";
import { RoundDialog } from "./order_round.tsx";
import { SlotRound, type SlotVerb } from "./slot_round.tsx";
import { AddTrustDialog } from "./trust_round.tsx";
import { UntrustRound } from "./untrust_round.tsx";

// What can be done with many nodes at once.
export function useNodeOperations(): Operation<Node>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const slot = (verb: SlotVerb, icon: LucideIcon): Operation<Node> => ({
      id: verb,
      label: t(`verb.${verb}`),
      icon,
      needs: "operate",
      dangerous: verb === "restart",
      dialog: (ask) => <SlotRound {...ask} verb={verb} />,
    });
    return [
      slot("renew_slot", RefreshCw),
      {
        id: "add_trust",
        label: t("verb.add_trust"),
        icon: ShieldPlus,
        needs: "operate",
        dialog: ({ rows, ...at }) => <AddTrustDialog {...at} nodes={rows} />,
      },
      {
        id: "move",
        label: t("bulk.move"),
        icon: FolderInput,
        needs: "operate",
        dialog: (ask) => <MoveNodes {...ask} />,
      },
      {
        id: "read_inventory",
        label: t("verb.read_inventory"),
        icon: ScanSearch,
        needs: "operate",
        dialog: ({ rows, ...at }) => (
          <RoundDialog
            {...at}
            label={t("verb.read_inventory")}
            nodes={rows}
            body={{ verb: "read_inventory" }}
            says={(what) => t("bulk_ask.read_inventory", what)}
          />
        ),
      },
      slot("generate_csr", FileKey2),
      slot("reload", RotateCw),
      slot("restart", RotateCcw),
      {
        id: "remove_trust",
        label: t("verb.remove_trust"),
        icon: ShieldMinus,
        needs: "operate",
        dangerous: true,
        dialog: (ask) => <UntrustRound {...ask} />,
      },
      {
        id: "admit",
        label: t("node.admit"),
        icon: Check,
        needs: "operate",
        dialog: (ask) => <Admit {...ask} />,
      },
      {
        id: "block",
        label: t("node.block"),
        icon: Ban,
        needs: "operate",
        dangerous: true,
        dialog: (ask) => <Block {...ask} />,
      },
      {
        id: "remove",
        label: t("node.remove"),
        icon: Trash2,
        needs: "operate",
        dangerous: true,
        dialog: (ask) => <Remove {...ask} />,
      },
    ];
  }, [t]);
}

const idOf = ({ id }: Node) => id;
const nameOf = ({ name }: Node) => name;
const topics = ["nodes"];

function Admit(ask: OperationDialog<Node>) {
  const { t } = useTranslation();
  const refuses = ({ state }: Node) =>
    state === "admitted" ? t("bulk_why.admitted") : state === "expected" ? t("bulk_why.expected") : undefined;
  return (
    <BulkDialog
      {...ask}
      label={t("node.admit")}
      counted
      id={idOf}
      name={nameOf}
      refuses={refuses}
      says={(what) => t("bulk_ask.admit", what)}
      run={async ({ id }) => void (await call("post", "/v1/nodes/{id}/admit", { path: { id } }))}
      topics={topics}
    />
  );
}

function Block(ask: OperationDialog<Node>) {
  const { t } = useTranslation();
  return (
    <BulkDialog
      {...ask}
      label={t("node.block")}
      dangerous
      id={idOf}
      name={nameOf}
      refuses={({ state }) => (state === "blocked" ? t("bulk_why.blocked") : undefined)}
      says={(what) => t("bulk_ask.block", what)}
      run={async ({ id }) => void (await call("post", "/v1/nodes/{id}/block", { path: { id } }))}
      topics={topics}
    />
  );
}

function Remove(ask: OperationDialog<Node>) {
  const { t } = useTranslation();
  return (
    <BulkDialog
      {...ask}
      label={t("node.remove")}
      dangerous
      id={idOf}
      name={nameOf}
      says={(what) => t("bulk_ask.remove", what)}
      run={async ({ id }) => void (await call("delete", "/v1/nodes/{id}", { path: { id } }))}
      topics={topics}
    />
  );
}
