import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Unplug } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import type { MintedChallenge } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { statusQuery } from "../../queries.ts";
import { agentToml, commands, slotToml, type AgentSetup } from "./agent_configuration.ts";

interface HandOverProps {
  minted: MintedChallenge;
  name: string;
  product: string;
  slot: string;
  subject: string;
  names: string[];
}

// The challenge, shown this once, and what to paste on the device.
export function HandOver({ minted, name, product, slot, subject, names }: HandOverProps) {
  const { t } = useTranslation();
  const { data: status, error, refetch } = useQuery(statusQuery);
  const setup: AgentSetup = {
    name,
    product,
    slot,
    subject,
    names,
    url: minted.url,
    fingerprint: minted.fingerprint,
    hubUrl: status?.link_url,
  };
  return (
    <Stack>
      {status && !status.link_url && (
        <Note tone="warn" icon={Unplug} title={t("hand_over.no_link")}>
          <Text size="sm">{t("hand_over.no_link_text")}</Text>
        </Note>
      )}
      <Note tone="info" icon={KeyRound} title={t("hand_over.once")}>
        <Text size="sm">
          {t("hand_over.expires")} <Moment at={minted.expires} show="both" />
        </Text>
      </Note>
      <Snippet label={t("hand_over.challenge")} text={minted.challenge} />
      {/* Not before it is whole: without the hub's address the device would never call. */}
      {status ? (
        <Snippet label="/etc/chancery-agent/agent.toml" text={agentToml(setup)} />
      ) : error ? (
        <Trouble error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton h={140} />
      )}
      <Snippet label={`/etc/chancery-agent/slots.d/${slot}.toml`} text={slotToml(setup)} />
      <Snippet label={t("hand_over.commands")} text={commands(setup)} />
      <Text size="sm" c="dimmed">
        {t("hand_over.next")}
      </Text>
    </Stack>
  );
}
