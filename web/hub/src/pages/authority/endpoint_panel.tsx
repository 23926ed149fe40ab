import { Button, Code as Literal, Group, NativeSelect, Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { KeyRound, Save, Trash2, TriangleAlert, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import { call } from "@chancery/shared/api/client.ts";
import type { Endpoint, EndpointSetting } from "@chancery/shared/api/models.ts";
import { Code, Facts } from "@chancery/shared/parts/facts.tsx";
import { sentenceText } from "@chancery/shared/format/sentence.ts";
import { SaidLines, SaidOrQuoted } from "@chancery/shared/parts/said.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section, SidePanel } from "../../parts/side_panel.tsx";
import { endpointSettingsQuery } from "../../queries.ts";
import { OwnPasswordField } from "../users/user_parts.tsx";
import { ServesMark } from "./endpoints_tab.tsx";
import { changedSettings, choicesOf, kindOf } from "./setting_kind.ts";

export function EndpointPanel() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { name = "" } = useParams({ strict: false });
  const {
    data: endpoint,
    error,
    isPending,
  } = useQuery({
    queryKey: ["authority", "endpoints", "endpoint", name],
    queryFn: () => call("get", "/v1/endpoints/{name}", { path: { name } }),
  });
  const settings = useQuery(endpointSettingsQuery);
  return (
    <SidePanel
      id={name}
      listAt="/authority/endpoints"
      title={name}
      pending={isPending || settings.isPending}
      error={endpoint ? undefined : error}
      marks={endpoint && <ServesMark endpoint={endpoint} />}
    >
      {endpoint && (
        <>
          {endpoint.warnings.length > 0 && (
            <Note tone="warn" icon={TriangleAlert}>
              <SaidLines sentences={endpoint.warning_sentences} />
            </Note>
          )}
          <Facts facts={[["URL", <Code key="url" text={endpoint.scep_url} label="URL" />]]} />
          <Buttons>
            <Button
              component={Link}
              to={`/authority/challenges?endpoint=${encodeURIComponent(name)}`}
              size="xs"
              variant="default"
              leftSection={<KeyRound size={14} aria-hidden />}
            >
              {t("authority.challenges")}
            </Button>
            <Act
              label={t("endpoints.remove")}
              icon={Trash2}
              needs="administer"
              dangerous
              ask={<Text size="sm">{t("endpoints.remove_text", { name })}</Text>}
              run={() => call("delete", "/v1/endpoints/{name}", { path: { name } })}
              done={t("endpoints.removed", { name })}
              topics={["authority"]}
              after={() => void navigate({ to: "/authority/endpoints" })}
            />
          </Buttons>
          <Section title={t("endpoints.settings")}>
            {settings.data && <Editor key={name} endpoint={endpoint} settings={settings.data.settings} />}
          </Section>
        </>
      )}
    </SidePanel>
  );
}

// All settings with the hub's own help; only what was changed is sent, after a look at it.
function Editor({ endpoint, settings }: { endpoint: Endpoint; settings: EndpointSetting[] }) {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Record<string, string>>({});
  const [ownPassword, setOwnPassword] = useState("");
  const changed = changedSettings(endpoint.settings, edited);
  const count = Object.keys(changed).length;
  // They say where a secret is read, and where it is sent.
  const needsPassword = Object.keys(changed).some((key) => key.startsWith("web_hook_"));
  return (
    <Stack gap="md">
      {settings.map((setting) => (
        <Field
          key={setting.key}
          setting={setting}
          value={edited[setting.key] ?? endpoint.settings[setting.key] ?? setting.default}
          change={(value) => setEdited({ ...edited, [setting.key]: value })}
        />
      ))}
      <Group gap="xs" pos="sticky" bottom={0} py="sm" bg="var(--mantine-color-body)">
        <Act
          label={t("endpoints.save", { count })}
          icon={Save}
          needs="administer"
          refused={count === 0 ? t("endpoints.unchanged") : undefined}
          ask={
            <Stack gap="xs">
              <Text size="sm">{t("endpoints.save_text", { name: endpoint.name })}</Text>
              {Object.entries(changed).map(([key, value]) => (
                <Literal key={key} block>
                  {key}: {endpoint.settings[key] || "–"} → {value || "–"}
                </Literal>
              ))}
              {needsPassword && <OwnPasswordField value={ownPassword} change={setOwnPassword} />}
            </Stack>
          }
          run={() =>
            call("patch", "/v1/endpoints/{name}", {
              path: { name: endpoint.name },
              body: { settings: changed, ...(needsPassword ? { own_password: ownPassword } : {}) },
            })
          }
          done={t("endpoints.saved", { name: endpoint.name })}
          topics={["authority"]}
          after={() => setEdited({})}
          button={{ variant: "filled" }}
        />
        {count > 0 && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Undo2 size={14} aria-hidden />}
            onClick={() => setEdited({})}
          >
            {t("endpoints.undo")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface FieldProps {
  setting: EndpointSetting;
  value: string;
  change: (value: string) => void;
}

function Field({ setting, value, change }: FieldProps) {
  const { t, i18n } = useTranslation();
  const common = {
    label: <span lang="en">{setting.key}</span>,
    description: <SaidOrQuoted sentence={setting.help_sentence} text={setting.help} />,
  };
  switch (kindOf(setting.type)) {
    case "boolean":
      return (
        <Switch
          {...common}
          checked={value === "true"}
          onChange={(event) => change(String(event.currentTarget.checked))}
        />
      );
    case "choice":
      return (
        <NativeSelect
          {...common}
          data={choicesOf(setting.type)}
          value={value}
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
    case "list":
      return (
        <TagsInput
          {...common}
          value={value === "" ? [] : value.split(",")}
          onChange={(items) => change(items.join(","))}
          clearButtonProps={{ "aria-label": t("list.clear") }}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          placeholder={setting.type_sentence ? sentenceText(setting.type_sentence, i18n) : setting.type}
          value={value}
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
  }
}
