import { MultiSelect } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FolderInput } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Cluster, Node } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import { RoundButton } from "../../parts/round_view.tsx";
import { useClusterNames } from "../nodes/clusters.ts";
import { nodesElsewhere } from "./nodes_elsewhere.ts";

const offered = 20;
const atOnce = 200;

// Puts chosen nodes into the cluster, out of those that they are in.
export function MoveNodesHere({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<Node[]>([]);
  return (
    <>
      <RoundButton label={t("cluster.move_here")} icon={FolderInput} press={() => setOpened(true)} />
      <BulkDialog
        label={t("cluster.move_here")}
        opened={opened}
        close={() => setOpened(false)}
        closed={() => setChosen([])}
        rows={chosen}
        id={({ id }) => id}
        name={({ name }) => name}
        refuses={(node) => (node.cluster_id === cluster.id ? t("bulk_why.there") : undefined)}
        says={(what) => t("bulk_ask.move", { ...what, cluster: cluster.name })}
        fields={<NodeField cluster={cluster} chosen={chosen} choose={setChosen} />}
        run={async ({ id }) =>
          void (await call("patch", "/v1/nodes/{id}", { path: { id }, body: { cluster: cluster.id } }))
        }
        topics={["nodes"]}
      />
    </>
  );
}

interface NodeFieldProps {
  cluster: Cluster;
  chosen: Node[];
  choose: (nodes: Node[]) => void;
}

// The hub searches, in more than the name. Nodes that are here already are not offered.
function NodeField({ cluster, chosen, choose }: NodeFieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const clusterNames = useClusterNames();
  const { data: elsewhere = [] } = useQuery({
    queryKey: ["nodes", "offered", "move", cluster.id, wanted],
    placeholderData: keepPreviousData,
    queryFn: () =>
      nodesElsewhere(cluster.id, offered, (after) =>
        call("get", "/v1/nodes", { query: { text: wanted, after, limit: atOnce } }),
      ),
  });
  const known = new Map([...chosen, ...elsewhere].map((each) => [String(each.id), each]));
  const label = ({ name, cluster_id: id }: Node) => [name, clusterNames.get(id ?? 0)].filter(Boolean).join(" · ");
  return (
    <MultiSelect
      label={t("pages.nodes")}
      description={t("cluster.move_text")}
      placeholder={t("nodes.search")}
      data={[...known].map(([value, node]) => ({ value, label: label(node) }))}
      value={chosen.map(({ id }) => String(id))}
      onChange={(ids) => choose(ids.flatMap((id) => known.get(id) ?? []))}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage={t("list.nothing")}
    />
  );
}
