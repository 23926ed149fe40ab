import { Button, Card, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Download, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { address, call } from "@chancery/shared/api/client.ts";
import { Code, Facts } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { ValidityBar } from "@chancery/shared/parts/validity_bar.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section } from "../../parts/side_panel.tsx";
import { crlsQuery } from "../../queries.ts";
import classes from "./authority.module.css";

export function CrlsTab() {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(crlsQuery);
  if (isPending) return <Skeleton h={200} />;
  if (!data) return <Trouble error={error} retry={() => void refetch()} />;
  const size = new Intl.NumberFormat(i18n.language, { style: "unit", unit: "byte", unitDisplay: "long" });
  return (
    <Stack gap="lg">
      <Buttons>
        <Act
          label={t("crls.publish")}
          icon={RefreshCw}
          needs="operate"
          ask={<Text size="sm">{t("crls.publish_text")}</Text>}
          run={() => call("post", "/v1/crls/publish", { body: {} })}
          done={t("crls.published")}
          topics={["authority"]}
        />
      </Buttons>
      <div className={classes.cards}>
        {data.crls.map((crl) => (
          <Card withBorder key={crl.generation}>
            <Section
              title={
                crl.generation === 0
                  ? t("authority.root")
                  : t("authority.generation", { number: String(crl.generation) })
              }
              side={
                <Button
                  component="a"
                  href={address("/v1/crls/{generation}", { generation: crl.generation })}
                  download={`${crl.generation === 0 ? "root" : crl.generation}.crl`}
                  size="xs"
                  variant="default"
                  leftSection={<Download size={14} aria-hidden />}
                >
                  .crl
                </Button>
              }
            >
              <ValidityBar notBefore={crl.this_update} notAfter={crl.next_update} />
              <Facts
                facts={[
                  [t("crls.number"), crl.number],
                  [t("crls.this_update"), <Moment key="this" at={crl.this_update} show="both" />],
                  [t("crls.next_update"), <Moment key="next" at={crl.next_update} show="both" />],
                  [t("crls.size"), size.format(crl.size)],
                  ["URL", <Code key="url" text={crl.url} label="URL" />],
                ]}
              />
            </Section>
          </Card>
        ))}
      </div>
    </Stack>
  );
}
