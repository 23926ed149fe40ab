import { Button, Card, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Download, Megaphone, Power } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call } from "@chancery/shared/api/client.ts";
import type { Authority, AuthorityCertificate } from "@chancery/shared/api/models.ts";
import { commonName, keyName } from "@chancery/shared/format/certificate.ts";
import { Code, Facts } from "@chancery/shared/parts/facts.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { ValidityBar } from "@chancery/shared/parts/validity_bar.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section } from "../../parts/side_panel.tsx";
import { GenerationMark } from "../../parts/states.tsx";
import { authorityQuery } from "../../queries.ts";
import { AddTrust } from "../nodes/trust_round.tsx";
import classes from "./authority.module.css";

// The root, and the generations of issuing CAs below it.
export function GenerationsTab() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(authorityQuery);
  if (isPending) return <Skeleton h={300} />;
  if (!data) return <Trouble error={error} retry={() => void refetch()} />;
  return (
    <Stack gap="lg">
      <Rollover authority={data} />
      <div className={classes.cards}>
        <Card withBorder>
          <Section title={t("authority.root")}>
            <CertificateFacts certificate={data.root} />
            <div>
              <AddTrust sha256={data.root.sha256} />
            </div>
          </Section>
        </Card>
        {[...data.generations]
          .sort((a, b) => b.number - a.number)
          .map((generation) => (
            <Card withBorder key={generation.number}>
              <Section
                title={t("authority.generation", { number: String(generation.number) })}
                side={<GenerationMark state={generation.state} />}
              >
                <CertificateFacts certificate={generation.issuing} />
                <div>
                  <AddTrust sha256={generation.issuing.sha256} />
                </div>
                <Text size="sm" fw={600} mt="xs">
                  {t("authority.ra")}
                </Text>
                <CertificateFacts certificate={generation.ra} />
              </Section>
            </Card>
          ))}
      </div>
    </Stack>
  );
}

function CertificateFacts({ certificate }: { certificate: AuthorityCertificate }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <ValidityBar notBefore={certificate.not_before} notAfter={certificate.not_after} />
      <Facts
        facts={[
          [t("certificate.subject"), certificate.subject],
          [t("certificate.key"), keyName(certificate.key_type)],
          [
            t("certificate.sha256"),
            <Code key="sha256" text={certificate.sha256} label={t("certificate.sha256")} hex />,
          ],
        ]}
      />
    </Stack>
  );
}

// A change of the issuing CA in two steps: clients learn of the next one before it signs.
function Rollover({ authority }: { authority: Authority }) {
  const { t } = useTranslation();
  const [issuing, setIssuing] = useState("");
  const next = authority.generations.find(({ state }) => state === "next");
  const current = authority.generations.find(({ state }) => state === "current");
  const names = {
    next: next ? commonName(next.issuing.subject) : "",
    current: current ? commonName(current.issuing.subject) : "",
  };
  return (
    <Buttons>
      <Button
        component="a"
        href={address("/v1/authority/chain")}
        download="chain.pem"
        size="xs"
        variant="default"
        leftSection={<Download size={14} aria-hidden />}
      >
        {t("authority.chain")}
      </Button>
      <Act
        label={t("authority.announce")}
        icon={Megaphone}
        needs="administer"
        refused={next ? t("authority.announced_already", names) : undefined}
        ask={
          <Stack gap="sm">
            <Text size="sm">{t("authority.announce_text", names)}</Text>
            <TextInput
              label={t("authority.next_name")}
              description={t("authority.next_name_text")}
              value={issuing}
              onChange={(event) => setIssuing(event.currentTarget.value)}
            />
          </Stack>
        }
        fresh={() => setIssuing("")}
        run={() => call("post", "/v1/authority/announce", { body: issuing ? { issuing } : {} })}
        done={t("authority.announced")}
        topics={["authority"]}
      />
      <Act
        label={t("authority.activate")}
        icon={Power}
        needs="administer"
        dangerous
        refused={next ? undefined : t("authority.nothing_announced")}
        ask={<Text size="sm">{t("authority.activate_text", names)}</Text>}
        run={() => call("post", "/v1/authority/activate", {})}
        done={t("authority.activated")}
        topics={["authority"]}
      />
    </Buttons>
  );
}
