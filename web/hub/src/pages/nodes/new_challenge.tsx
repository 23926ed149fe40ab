import { Stack, Text, TextInput } from "@mantine/core";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { MintedChallenge, NodeDetails } from "@chancery/shared/api/models.ts";
import { Act } from "../../parts/act.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { EndpointField, LifetimeField, NamesField, useChallengeFields } from "./challenge_fields.tsx";
import { HandOver } from "./hand_over.tsx";

// Another challenge for a node that is known: for a slot more, or because the first was not used in time.
export function NewChallenge({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const [slot, setSlot] = useState("");
  const [subject, setSubject] = useState("");
  const [minted, setMinted] = useState<MintedChallenge>();
  const fields = useChallengeFields();
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
            <EndpointField fields={fields} />
            <TextInput
              label={t("certificate.subject")}
              value={subject}
              onChange={(event) => setSubject(event.currentTarget.value)}
            />
            <NamesField fields={fields} />
            <LifetimeField fields={fields} />
          </Stack>
        }
        fresh={() => {
          setSlot(node.slots[0]?.name ?? "default");
          setSubject(`CN=${node.name}`);
          fields.clear();
        }}
        run={async () => {
          setMinted(
            await call("post", "/v1/nodes/{id}/challenges", {
              path: { id: node.id },
              body: { ...fields.body, slot, subject: subject || undefined },
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
          <HandOver
            minted={minted}
            name={node.name}
            product={node.product}
            slot={slot}
            subject={subject}
            names={fields.names}
          />
        )}
      </Dialog>
    </>
  );
}
