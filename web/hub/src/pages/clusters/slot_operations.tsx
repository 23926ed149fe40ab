import { RefreshCw, RotateCcw, RotateCw } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { NodeSlot } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { Operation, OperationDialog } from "../../parts/operations.ts";

const verbs = [
  ["renew_slot", RefreshCw],
  ["reload", RotateCw],
  ["restart", RotateCcw],
] as const;
type Verb = (typeof verbs)[number][0];

// What can be asked of the selected slots.
export function useSlotOperations(): Operation<NodeSlot>[] {
  const { t } = useTranslation();
  return useMemo(
    () =>
      verbs.map(([verb, icon]) => ({
        id: verb,
        label: t(`verb.${verb}`),
        icon,
        needs: "operate",
        dangerous: verb === "restart",
        dialog: (ask) => <SlotsDialog {...ask} verb={verb} />,
      })),
    [t],
  );
}

function SlotsDialog({ verb, ...ask }: OperationDialog<NodeSlot> & { verb: Verb }) {
  const { t } = useTranslation();
  return (
    <BulkDialog
      {...ask}
      label={t(`verb.${verb}`)}
      dangerous={verb === "restart"}
      id={(slot) => `${slot.node_id} ${slot.name}`}
      name={(slot) => `${slot.node} · ${slot.name}`}
      refuses={(slot) => (slot.node_state === "admitted" ? undefined : t("bulk_why.not_admitted"))}
      says={(what) => t(`bulk_ask.${verb}`, what)}
      notes={(able) => {
        const offline = new Set(able.filter(({ online }) => !online).map(({ node_id }) => node_id)).size;
        return [offline > 0 ? t("bulk_ask.offline", { count: offline }) : undefined];
      }}
      run={(slot) =>
        call("post", "/v1/nodes/{id}/orders", { path: { id: slot.node_id }, body: { verb, slot: slot.name } })
      }
      topics={["orders", "nodes"]}
    />
  );
}
