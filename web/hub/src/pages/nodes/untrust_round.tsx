import { NativeSelect } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node, NodeDetails } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { OperationDialog } from "../../parts/operations.ts";
import { useNodeDetails } from "./node_details.ts";
import type { TrustEntry } from "./trust_round.tsx";

const keyOf = ({ store, sha256 }: TrustEntry) => `${store} ${sha256}`;
const nameOf = ({ subject, sha256 }: TrustEntry) => (subject ? commonName(subject) : sha256);

function entriesOf(details: Map<number, NodeDetails> | undefined): Map<string, TrustEntry> {
  return new Map([...(details?.values() ?? [])].flatMap(({ trust }) => trust.map((entry) => [keyOf(entry), entry])));
}

// Takes a CA out of a trust store of many nodes.
export function UntrustRound({ rows: nodes, opened, close }: OperationDialog<Node>) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string>();
  const admitted = useMemo(() => nodes.filter(({ state }) => state === "admitted"), [nodes]);
  const { details, read } = useNodeDetails(admitted, opened);
  const entries = entriesOf(details);
  const key = chosen !== undefined && entries.has(chosen) ? chosen : [...entries.keys()][0];
  const entry = key === undefined ? undefined : entries.get(key);
  const refuses = ({ id, state }: Node) => {
    if (state !== "admitted") return t("bulk_why.not_admitted");
    const known = details?.get(id);
    if (!known) return t("bulk_why.unreadable");
    return known.trust.some((each) => keyOf(each) === key) ? undefined : t("bulk_why.not_trusted");
  };
  return (
    <BulkDialog
      label={t("verb.remove_trust")}
      dangerous
      opened={opened}
      close={close}
      rows={nodes}
      id={({ id }) => id}
      name={({ name }) => name}
      refuses={refuses}
      says={(what) => t("ask.remove_trust", { ...what, ca: entry ? nameOf(entry) : "", store: entry?.store ?? "" })}
      pending={details ? undefined : t("bulk.reading", { done: String(read), all: String(admitted.length) })}
      fields={
        entries.size > 0 && (
          <NativeSelect
            label={t("trust.certificate")}
            value={key}
            data={[...entries].map(([value, each]) => ({ value, label: `${nameOf(each)} · ${each.store}` }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
      run={({ id }) =>
        call("post", "/v1/nodes/{id}/orders", {
          path: { id },
          body: { verb: "remove_trust", parameters: { store: entry!.store, sha256: entry!.sha256 } },
        })
      }
      topics={["orders", "nodes"]}
    />
  );
}
