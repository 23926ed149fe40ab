import { NativeSelect } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { OperationDialog } from "../../parts/operations.ts";
import { useNodeDetails } from "./node_details.ts";
import { entryName, trustEntries, trusts, type TrustEntry } from "./trust_entries.ts";

// What is taken out is part of the row: a retry takes out the same, whatever the nodes say of themselves by then.
interface NodeAndEntry {
  node: Node;
  entry: TrustEntry | undefined;
}

// Takes a CA out of a trust store of many nodes.
export function UntrustRound({ rows: nodes, ...at }: OperationDialog<Node>) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string>();
  const admitted = useMemo(() => nodes.filter(({ state }) => state === "admitted"), [nodes]);
  const { details, read } = useNodeDetails(admitted);
  const entries = trustEntries(details);
  const key = chosen !== undefined && entries.has(chosen) ? chosen : [...entries.keys()][0];
  const entry = key === undefined ? undefined : entries.get(key);
  const refuses = ({ node, entry: wanted }: NodeAndEntry) => {
    if (node.state !== "admitted") return t("bulk_why.not_admitted");
    const known = details?.get(node.id);
    if (!known) return t("bulk_why.unreadable");
    return trusts(known, wanted) ? undefined : t("bulk_why.not_trusted");
  };
  return (
    <BulkDialog<NodeAndEntry>
      {...at}
      label={t("verb.remove_trust")}
      dangerous
      rows={nodes.map((node) => ({ node, entry }))}
      id={({ node }) => node.id}
      name={({ node }) => node.name}
      refuses={refuses}
      says={(what) => t("ask.remove_trust", { ...what, ca: entry ? entryName(entry) : "", store: entry?.store ?? "" })}
      pending={details ? undefined : t("bulk.reading", { done: String(read), all: String(admitted.length) })}
      fields={
        entries.size > 0 && (
          <NativeSelect
            label={t("trust.certificate")}
            value={key}
            data={[...entries].map(([value, each]) => ({ value, label: `${entryName(each)} · ${each.store}` }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
      run={({ node, entry: wanted }) =>
        call("post", "/v1/nodes/{id}/orders", {
          path: { id: node.id },
          body: { verb: "remove_trust", parameters: { store: wanted!.store, sha256: wanted!.sha256 } },
        })
      }
      topics={["orders", "nodes"]}
    />
  );
}
