import { NativeSelect, TagsInput, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useChallengeEndpoints } from "./challenge_endpoints.ts";

// What a challenge is made for, as every form that makes one asks for it.
export function useChallengeFields() {
  const [chosen, setEndpoint] = useState("");
  const [names, setNames] = useState<string[]>([]);
  const [lifetime, setLifetime] = useState("");
  const serving = useChallengeEndpoints();
  const endpoint = chosen || serving?.[0] || "";
  return {
    // Undefined until they are known.
    serving,
    endpoint,
    setEndpoint,
    names,
    setNames,
    lifetime,
    setLifetime,
    clear: () => {
      setEndpoint("");
      setNames([]);
      setLifetime("");
    },
    body: {
      endpoint,
      alternative_names: names.length > 0 ? names : undefined,
      lifetime: lifetime || undefined,
    },
  };
}

export type ChallengeFields = ReturnType<typeof useChallengeFields>;

export function EndpointField({ fields, description }: { fields: ChallengeFields; description?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t("certificates.endpoint")}
      description={description}
      data={fields.serving ?? []}
      value={fields.endpoint}
      onChange={(event) => fields.setEndpoint(event.currentTarget.value)}
      required
    />
  );
}

export function NamesField({ fields }: { fields: ChallengeFields }) {
  const { t } = useTranslation();
  return (
    <TagsInput
      label={t("certificate.names")}
      description={t("new_node.names_text")}
      placeholder="dns:my-device.example.com"
      value={fields.names}
      onChange={fields.setNames}
      clearButtonProps={{ "aria-label": t("list.clear") }}
    />
  );
}

export function LifetimeField({ fields }: { fields: ChallengeFields }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("new_node.lifetime")}
      description={t("new_node.lifetime_text")}
      placeholder="1h"
      value={fields.lifetime}
      onChange={(event) => fields.setLifetime(event.currentTarget.value)}
    />
  );
}
