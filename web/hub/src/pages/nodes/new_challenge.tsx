import { NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { MintedChallenge, NodeDetails } from "@chancery/shared/api/models.ts";
import { Act } from "../../parts/act.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useChallengeEndpoints } from "./challenge_endpoints.ts";
import { HandOver } from "./hand_over.tsx";

// Another challenge for a node that is known: for a slot more, or because the first was not used in time.
export function NewChallenge({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const [slot, setSlot] = useState(node.slots[0]?.name ?? "default");
  const [chosen, setChosen] = useState("");
  const [subject, setSubject] = useState(`CN=${node.name}`);
  const [minted, setMinted] = useState<MintedChallenge>();
  const names = useChallengeEndpoints() ?? [];
  const endpoint = chosen || names[0] || "";
  return (
    <>
      <Act
        label={t("node.challenge")}
        icon={KeyRound}
        needs="operate"
        ask={
          <Stack gap="sm">
            <Text size="sm">{t("node.challenge_text", { name: node.name })}</Text>
            <TextInput
              label={t("new_node.slot")}
              value={slot}
              onChange={(event) => setSlot(event.currentTarget.value)}
              required
            />
            <NativeSelect
              label={t("certificates.endpoint")}
              data={names}
              value={endpoint}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
            <TextInput
              label={t("certificate.subject")}
              value={subject}
              onChange={(event) => setSubject(event.currentTarget.value)}
            />
          </Stack>
        }
        run={async () => {
          setMinted(
            await call("post", "/v1/nodes/{id}/challenges", {
              path: { id: node.id },
              body: { slot, endpoint, subject: subject || undefined },
            }),
          );
        }}
        topics={["authority", "nodes"]}
      />
      <Dialog
        keep
        opened={minted !== undefined}
        close={() => setMinted(undefined)}
        size="xl"
        title={t("hand_over.title", { name: node.name })}
      >
        {minted && (
          <HandOver minted={minted} name={node.name} product={node.product} slot={slot} subject={subject} names={[]} />
        )}
      </Dialog>
    </>
  );
}
