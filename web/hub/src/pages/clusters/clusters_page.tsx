import { Group, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Boxes, Pencil, Plus, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Cluster } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Act } from "../../parts/act.tsx";
import { DataList, type Column } from "../../parts/data_list.tsx";
import { PageHead } from "../../parts/page.tsx";
import { allNodes } from "../nodes/all_nodes.ts";
import { AddTrust } from "../nodes/trust_round.tsx";

const topics = ["nodes"];

// Nodes that are administered together: their names, and what is asked of all of them at once.
export function ClustersPage() {
  const { t } = useTranslation();
  const columns = useMemo<Column<Cluster>[]>(
    () => [
      {
        id: "name",
        title: t("nodes.name"),
        cell: (cluster) => (
          <Link to="/nodes" search={{ cluster: String(cluster.id) }}>
            {cluster.name}
          </Link>
        ),
        text: (cluster) => cluster.name,
      },
      {
        id: "created",
        title: t("clusters.created"),
        cell: (cluster) => <Moment at={cluster.created} show="date" />,
        text: (cluster) => cluster.created,
        rank: 3,
      },
      {
        id: "actions",
        title: t("node.actions"),
        cell: (cluster) => (
          <Group gap="xs">
            <Rename cluster={cluster} />
            <AddTrust clusters={[String(cluster.id)]} />
            <Remove cluster={cluster} />
          </Group>
        ),
        text: () => "",
      },
    ],
    [t],
  );
  return (
    <>
      <PageHead title={t("pages.clusters")} text={t("clusters.text")} />
      <DataList
        name="clusters"
        label={t("pages.clusters")}
        queryKey={["nodes", "clusters", "list"]}
        fetch={async () => ({ rows: (await call("get", "/v1/clusters")).clusters })}
        columns={columns}
        rowId={(cluster) => String(cluster.id)}
        actions={<Add />}
        empty={
          <Empty icon={Boxes} title={t("clusters.none")}>
            <Text size="sm">{t("clusters.none_text")}</Text>
            <Snippet label={t("first_steps.command")} text="chancery cluster add NAME" />
          </Empty>
        }
      />
    </>
  );
}

function NameField({ name, change }: { name: string; change: (name: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("nodes.name")}
      value={name}
      onChange={(event) => change(event.currentTarget.value)}
      required
      maxLength={64}
    />
  );
}

function Add() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  return (
    <Act
      label={t("clusters.add")}
      icon={Plus}
      needs="operate"
      button={{ size: "sm" }}
      ask={<NameField name={name} change={setName} />}
      run={() => call("post", "/v1/clusters", { body: { name } })}
      topics={topics}
      after={() => setName("")}
    />
  );
}

function Rename({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  const [name, setName] = useState(cluster.name);
  return (
    <Act
      label={t("clusters.rename")}
      icon={Pencil}
      needs="operate"
      ask={<NameField name={name} change={setName} />}
      run={() => call("patch", "/v1/clusters/{id}", { path: { id: cluster.id }, body: { name } })}
      topics={topics}
    />
  );
}

function Remove({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  return (
    <Act
      label={t("clusters.remove")}
      icon={Trash2}
      needs="operate"
      dangerous
      ask={<Removal cluster={cluster} />}
      run={() => call("delete", "/v1/clusters/{id}", { path: { id: cluster.id } })}
      done={t("clusters.removed", { name: cluster.name })}
      topics={topics}
    />
  );
}

// Is fetched when somebody asks.
function Removal({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["nodes", "targets", "chosen", [String(cluster.id)]],
    queryFn: () => allNodes(cluster.id),
  });
  return (
    <Text size="sm" aria-busy={!data}>
      {data ? t("clusters.remove_text", { name: cluster.name, count: data.length }) : t("common.loading")}
    </Text>
  );
}
