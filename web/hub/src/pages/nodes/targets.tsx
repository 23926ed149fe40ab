import { MultiSelect, Radio, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { clustersQuery } from "../../queries.ts";
import { allNodes } from "./all_nodes.ts";

type Where = "this" | "chosen" | "all";
const offered = 20;

export interface Targets {
  where: Where;
  clusters: string[];
  chosen: Node[];
}

// `node`: where somebody was when they asked; its own choice comes first then.
export const firstTargets = (node: Node | undefined, clusters: string[] = []): Targets => ({
  where: node ? "this" : "chosen",
  clusters,
  chosen: [],
});

interface Found {
  // Those that can be given orders, and those that cannot.
  nodes: Node[];
  skipped: Node[];
  pending: boolean;
  error: unknown;
}

// Which nodes were chosen, each once, by name. `given`: those and no others.
export function useTargetNodes(targets: Targets, node: Node | undefined, given?: Node[]): Found {
  const { where, clusters, chosen } = targets;
  const needed = !given && (where === "all" || (where === "chosen" && clusters.length > 0));
  const query = useQuery({
    queryKey: ["nodes", "targets", where, clusters],
    enabled: needed,
    queryFn: async () =>
      where === "all" ? allNodes() : (await Promise.all(clusters.map((id) => allNodes(Number(id))))).flat(),
  });
  const all =
    given ?? (where === "this" ? (node ? [node] : []) : [...(query.data ?? []), ...(where === "chosen" ? chosen : [])]);
  const once = [...new Map(all.map((each) => [each.id, each])).values()].sort((a, b) => a.name.localeCompare(b.name));
  return {
    nodes: once.filter(({ state }) => state === "admitted"),
    skipped: once.filter(({ state }) => state !== "admitted"),
    pending: needed && query.isPending,
    error: query.error,
  };
}

interface TargetFieldsProps {
  targets: Targets;
  change: (targets: Targets) => void;
  node: Node | undefined;
}

export function TargetFields({ targets, change, node }: TargetFieldsProps) {
  const { t } = useTranslation();
  const clusters = useQuery(clustersQuery);
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({
    queryKey: ["nodes", "offered", wanted],
    enabled: targets.where === "chosen",
    placeholderData: keepPreviousData,
    queryFn: () => call("get", "/v1/nodes", { query: { text: wanted, state: "admitted", limit: offered } }),
  });
  const known = new Map([...targets.chosen, ...(found.data?.nodes ?? [])].map((each) => [String(each.id), each]));
  return (
    <>
      <Radio.Group
        label={t("round.where")}
        value={targets.where}
        onChange={(where) => change({ ...targets, where: where as Where })}
      >
        <Stack gap="xs" mt={4}>
          {node && <Radio value="this" label={t("round.this", { name: node.name })} />}
          <Radio value="chosen" label={t("round.chosen")} />
          <Radio value="all" label={t("round.all")} />
        </Stack>
      </Radio.Group>
      {targets.where === "chosen" && (
        <>
          {clusters.data && clusters.data.clusters.length > 0 && (
            <MultiSelect
              label={t("pages.clusters")}
              data={clusters.data.clusters.map(({ id, name }) => ({ value: String(id), label: name }))}
              value={targets.clusters}
              onChange={(ids) => change({ ...targets, clusters: ids })}
              searchable
            />
          )}
          <MultiSelect
            label={t("pages.nodes")}
            placeholder={t("nodes.search")}
            data={[...known].map(([value, { name }]) => ({ value, label: name }))}
            value={targets.chosen.map(({ id }) => String(id))}
            onChange={(ids) => change({ ...targets, chosen: ids.flatMap((id) => known.get(id) ?? []) })}
            searchable
            searchValue={text}
            onSearchChange={setText}
            // The hub has searched already, in more than the name.
            filter={({ options }) => options}
            nothingFoundMessage={t("list.nothing")}
          />
        </>
      )}
    </>
  );
}
