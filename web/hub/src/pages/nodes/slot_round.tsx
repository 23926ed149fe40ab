import { NativeSelect } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { OperationDialog } from "../../parts/operations.ts";
import { useNodeDetails } from "./node_details.ts";
import { slotNames, slotsOf, type SlotOfNode } from "./slots_of.ts";

export type SlotVerb = "renew_slot" | "generate_csr" | "reload" | "restart";

// Asks the same of slots of many nodes: of all, or of those of one name.
export function SlotRound({ verb, rows: nodes, ...at }: OperationDialog<Node> & { verb: SlotVerb }) {
  const { t } = useTranslation();
  const [slot, setSlot] = useState("");
  const admitted = useMemo(() => nodes.filter(({ state }) => state === "admitted"), [nodes]);
  const { details, read } = useNodeDetails(admitted);
  const names = details ? slotNames(details) : new Map<string, number>();
  return (
    <BulkDialog<SlotOfNode>
      {...at}
      label={t(`verb.${verb}`)}
      dangerous={verb === "restart"}
      rows={details ? slotsOf(nodes, details, slot || undefined) : []}
      id={(each) => `${each.node.id} ${each.slot}`}
      name={(each) => [each.node.name, each.slot].filter(Boolean).join(" · ")}
      refuses={({ refused }) => refused && t(`bulk_why.${refused}`)}
      says={(what) => t(`bulk_ask.${verb}`, what)}
      notes={(able) => {
        const offline = new Set(able.filter(({ node }) => !node.online).map(({ node }) => node.id)).size;
        return [offline > 0 ? t("bulk_ask.offline", { count: offline }) : undefined];
      }}
      pending={details ? undefined : t("bulk.reading", { done: String(read), all: String(admitted.length) })}
      fields={
        names.size > 1 && (
          <NativeSelect
            label={t("new_node.slot")}
            value={slot}
            data={[
              { value: "", label: t("bulk.all_slots") },
              ...[...names].map(([name, count]) => ({ value: name, label: `${name} (${count})` })),
            ]}
            onChange={(event) => setSlot(event.currentTarget.value)}
          />
        )
      }
      run={(each) =>
        call("post", "/v1/nodes/{id}/orders", { path: { id: each.node.id }, body: { verb, slot: each.slot } })
      }
      topics={["orders", "nodes"]}
    />
  );
}
