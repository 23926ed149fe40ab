import { Autocomplete, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { OperationDialog } from "../../parts/operations.ts";
import { clustersQuery } from "../../queries.ts";
import { clusterId } from "./clusters.ts";

// Puts nodes into a cluster, which is made if there is none of that name; or into none.
export function MoveNodes(ask: OperationDialog<Node>) {
  const { t } = useTranslation();
  const { data } = useQuery(clustersQuery);
  const known = data?.clusters ?? [];
  const [typed, setTyped] = useState("");
  const [out, setOut] = useState(false);
  const name = out ? "" : typed.trim();
  const there = known.find((cluster) => cluster.name === name)?.id;
  // Asked for once, by the first of many.
  const target = useRef<{ name: string; id: Promise<number> }>(undefined);
  const idOfTarget = () => {
    if (target.current?.name !== name) {
      const id = clusterId(name, known);
      target.current = { name, id };
      // The next attempt asks anew.
      id.catch(() => (target.current = undefined));
    }
    return target.current!.id;
  };
  const isThere = ({ cluster_id: id = 0 }: Node) => (name === "" ? id === 0 : id === there);
  return (
    <BulkDialog
      {...ask}
      label={t("bulk.move")}
      id={({ id }) => id}
      name={(node) => node.name}
      refuses={(node) => (isThere(node) ? t("bulk_why.there") : undefined)}
      says={(what) => (name === "" ? t("bulk_ask.out", what) : t("bulk_ask.move", { ...what, cluster: name }))}
      incomplete={name === "" && !out}
      fields={
        <>
          <Autocomplete
            label={t("nodes.cluster")}
            description={t("node.cluster_text")}
            data={known.map((cluster) => cluster.name)}
            value={typed}
            onChange={setTyped}
            disabled={out}
            required={!out}
            maxLength={64}
          />
          <Checkbox
            label={t("bulk.no_cluster")}
            checked={out}
            onChange={(event) => setOut(event.currentTarget.checked)}
          />
        </>
      }
      run={async ({ id }) =>
        void (await call("patch", "/v1/nodes/{id}", { path: { id }, body: { cluster: await idOfTarget() } }))
      }
      topics={["nodes"]}
    />
  );
}
