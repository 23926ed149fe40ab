import { Stack, Text, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { CircleCheck, CircleOff, Plug, Plus, TriangleAlert } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Endpoint } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Act } from "../../parts/act.tsx";
import { DataList, type Column } from "../../parts/data_list.tsx";
import split from "../../parts/split.module.css";
import { TextField } from "../../parts/fields.tsx";
import { endpointSettingsQuery } from "../../queries.ts";
import { choicesOf } from "./setting_kind.ts";

export function EndpointsTab() {
  const { t } = useTranslation();
  const { name } = useParams({ strict: false });
  const columns = useMemo<Column<Endpoint>[]>(
    () => [
      { id: "name", title: t("nodes.name"), cell: (each) => each.name, text: (each) => each.name },
      {
        id: "serves",
        title: t("nodes.state"),
        cell: (each) => <ServesMark endpoint={each} />,
        text: (each) => t(each.serves ? "endpoints.serves" : "endpoints.silent"),
      },
      {
        id: "authorisers",
        title: t("endpoints.authorisers"),
        cell: (each) => each.settings.authorisers?.replaceAll(",", ", "),
        text: (each) => each.settings.authorisers ?? "",
        rank: 2,
      },
      {
        id: "validity",
        title: t("endpoints.validity"),
        cell: (each) => each.settings.validity,
        text: (each) => each.settings.validity ?? "",
        rank: 3,
      },
      {
        id: "url",
        title: "URL",
        cell: (each) => <span className="mono">{each.scep_url}</span>,
        text: (each) => each.scep_url,
        rank: 3,
      },
    ],
    [t],
  );
  return (
    <div className={split.split}>
      <div className={split.list}>
        <DataList
          name="endpoints"
          label={t("authority.endpoints")}
          queryKey={["authority", "endpoints", "list"]}
          fetch={async () => ({ rows: (await call("get", "/v1/endpoints")).endpoints })}
          columns={columns}
          rowId={(each) => each.name}
          place={(each) => ({ to: "/authority/endpoints/$name", params: { name: each.name } })}
          openId={name}
          actions={<AddEndpoint />}
          empty={
            <Empty icon={Plug} title={t("endpoints.none")}>
              <Text size="sm">{t("endpoints.none_text")}</Text>
              <Snippet
                label={t("first_steps.command")}
                text="chancery endpoint add printers --set authorisers=challenge"
              />
            </Empty>
          }
        />
      </div>
      <Outlet />
    </div>
  );
}

export function ServesMark({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  if (!endpoint.serves) {
    return (
      <Mark tone="bad" icon={CircleOff}>
        {t("endpoints.silent")}
      </Mark>
    );
  }
  return endpoint.warnings.length > 0 ? (
    <Mark tone="warn" icon={TriangleAlert}>
      {t("endpoints.warnings", { count: endpoint.warnings.length })}
    </Mark>
  ) : (
    <Mark tone="ok" icon={CircleCheck}>
      {t("endpoints.serves")}
    </Mark>
  );
}

function AddEndpoint() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const settings = useQuery(endpointSettingsQuery);
  const [name, setName] = useState("");
  const [preset, setPreset] = useState("rfc8894");
  const [authorisers, setAuthorisers] = useState("challenge");
  const presets = choicesOf(settings.data?.settings.find(({ key }) => key === "preset")?.type ?? "") ?? ["rfc8894"];
  return (
    <Act
      label={t("endpoints.add")}
      icon={Plus}
      needs="administer"
      button={{ size: "sm" }}
      ask={
        <Stack gap="sm">
          <Text size="sm">{t("endpoints.add_text")}</Text>
          <TextField label={t("nodes.name")} value={name} change={setName} required />
          <NativeSelect
            label={t("endpoints.preset")}
            data={presets}
            value={preset}
            onChange={(event) => setPreset(event.currentTarget.value)}
          />
          <NativeSelect
            label={t("endpoints.authorisers")}
            data={["challenge", "manual", "challenge,manual"]}
            value={authorisers}
            onChange={(event) => setAuthorisers(event.currentTarget.value)}
          />
        </Stack>
      }
      fresh={() => {
        setName("");
        setPreset("rfc8894");
        setAuthorisers("challenge");
      }}
      run={() => call("post", "/v1/endpoints", { body: { name, settings: { preset, authorisers } } })}
      done={t("endpoints.added", { name })}
      topics={["authority"]}
      after={() => void navigate({ to: `/authority/endpoints/${name}` })}
    />
  );
}
