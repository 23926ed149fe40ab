import { Card, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { FileKey2, RefreshCw, RotateCcw, RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { NodeDetails, SlotStatus } from "@chancery/shared/api/models.ts";
import { withdrawn } from "@chancery/shared/format/certificate.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Facts } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { ValidityBar } from "@chancery/shared/parts/validity_bar.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section } from "../../parts/side_panel.tsx";
import { SlotMarks } from "../../parts/states.tsx";
import { InstallCertificate } from "./install_certificate.tsx";

interface SlotCardProps {
  node: NodeDetails;
  slot: SlotStatus;
}

// One identity of a node: what it holds, what comes next, and what can be asked of it.
export function SlotCard({ node, slot }: SlotCardProps) {
  const { t } = useTranslation();
  // It renews nothing by itself any more, whatever it planned.
  const isRevoked = slot.certificate_status === "revoked";
  return (
    <Card withBorder mb="md" padding="md">
      <Section title={slot.name} side={<SlotMarks slot={slot} />}>
        {slot.not_before && slot.not_after && (
          <ValidityBar
            notBefore={slot.not_before}
            notAfter={slot.not_after}
            renewAt={isRevoked ? undefined : slot.renew_at}
            withdrawn={withdrawn(slot.certificate_status)}
          />
        )}
        {slot.last_error && (
          <Text size="sm" c="var(--mantine-color-error)" role="note">
            {t("slot.last_error")}: <span lang="en">{slot.last_error}</span>
          </Text>
        )}
        <Facts
          facts={[
            [t("slot.service"), slot.service],
            [
              t("slot.certificate"),
              slot.serial ? (
                <Link to="/certificates/$serial" params={{ serial: slot.serial }}>
                  {slot.subject ?? slot.serial}
                </Link>
              ) : (
                slot.subject
              ),
            ],
            [
              t("slot.renew_at"),
              isRevoked ? t("slot.renewal_revoked") : slot.renew_at && <Moment at={slot.renew_at} show="both" />,
            ],
            [t("slot.next_attempt"), slot.next_attempt && <Moment at={slot.next_attempt} show="both" />],
          ]}
        />
        <Text size="sm">
          <Link to="/certificates" search={{ node: String(node.id), slot: slot.name }}>
            {t("slot.certificates")}
          </Link>
        </Text>
        {slot.csr && <Snippet label={t("slot.csr")} text={slot.csr} />}
        {node.state === "admitted" && <SlotOrders node={node} slot={slot} />}
      </Section>
    </Card>
  );
}

function SlotOrders({ node, slot }: SlotCardProps) {
  const { t } = useTranslation();
  const order = (verb: "renew_slot" | "generate_csr" | "reload" | "restart") => () =>
    call("post", "/v1/nodes/{id}/orders", { path: { id: node.id }, body: { verb, slot: slot.name } });
  const common = { needs: "operate", topics: ["orders", "nodes"], done: t("node.ordered") } as const;
  const say = (text: string) => (
    <Stack gap="xs">
      <Text size="sm">{text}</Text>
      {!node.online && (
        <Text size="sm" c="dimmed">
          {t("node.offline_text", { name: node.name })}
        </Text>
      )}
    </Stack>
  );
  const what = { slot: slot.name, name: node.name };
  return (
    <Buttons>
      <Act
        {...common}
        label={t("verb.renew_slot")}
        icon={RefreshCw}
        ask={say(t("ask.renew_slot", what))}
        run={order("renew_slot")}
      />
      <Act
        {...common}
        label={t("verb.generate_csr")}
        icon={FileKey2}
        ask={say(t("ask.generate_csr", what))}
        run={order("generate_csr")}
      />
      <InstallCertificate node={node} slot={slot} />
      <Act
        {...common}
        label={t("verb.reload")}
        icon={RotateCw}
        ask={say(t("ask.reload", what))}
        run={order("reload")}
      />
      <Act
        {...common}
        label={t("verb.restart")}
        icon={RotateCcw}
        dangerous
        ask={say(t("ask.restart", what))}
        run={order("restart")}
      />
    </Buttons>
  );
}
