import { Text, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Cluster } from "@chancery/shared/api/models.ts";
import { Act } from "../../parts/act.tsx";

const topics = ["nodes"];

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

export function AddCluster() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const made = useRef<Cluster>(undefined);
  return (
    <Act
      label={t("clusters.add")}
      icon={Plus}
      needs="operate"
      button={{ size: "sm" }}
      ask={<NameField name={name} change={setName} />}
      fresh={() => setName("")}
      run={async () => {
        made.current = await call("post", "/v1/clusters", { body: { name } });
      }}
      topics={topics}
      after={() => {
        if (made.current) void navigate({ to: "/clusters/$cluster", params: { cluster: String(made.current.id) } });
      }}
    />
  );
}

export function RenameCluster({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  const [name, setName] = useState(cluster.name);
  return (
    <Act
      label={t("clusters.rename")}
      icon={Pencil}
      needs="operate"
      ask={<NameField name={name} change={setName} />}
      fresh={() => setName(cluster.name)}
      run={() => call("patch", "/v1/clusters/{id}", { path: { id: cluster.id }, body: { name } })}
      topics={topics}
    />
  );
}

export function RemoveCluster({ cluster }: { cluster: Cluster }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Act
      label={t("clusters.remove")}
      icon={Trash2}
      needs="operate"
      dangerous
      ask={<Text size="sm">{t("clusters.remove_text", { name: cluster.name, count: cluster.node_count ?? 0 })}</Text>}
      run={() => call("delete", "/v1/clusters/{id}", { path: { id: cluster.id } })}
      done={t("clusters.removed", { name: cluster.name })}
      topics={topics}
      after={() => void navigate({ to: "/clusters" })}
    />
  );
}
