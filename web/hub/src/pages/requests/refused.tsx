import { Group, List, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { Moment } from "@chancery/shared/parts/moment.tsx";

// Devices that knock and are not let in. Nothing is shown when there are none.
export function Refused() {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ["requests", "refused"], queryFn: () => call("get", "/v1/refusals") });
  if (!data || data.refusals.length === 0) return null;
  return (
    <section aria-labelledby="refused">
      <Title id="refused" order={2} size="h4" mt="xl">
        {t("refused.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("refused.text")}
      </Text>
      <List listStyleType="none" spacing="sm">
        {data.refusals.map((each) => (
          <List.Item key={[each.endpoint, each.source, each.subject, each.reason].join(" ")}>
            <Text fw={600}>{commonName(each.subject) || each.subject}</Text>
            <Text>
              {each.fail_info}: {each.reason}
            </Text>
            <Group gap="md">
              <Detail name={t("certificates.endpoint")}>{each.endpoint}</Detail>
              <Detail name={t("requests.source")}>{each.source}</Detail>
              <Detail name={t("refused.again")}>{each.times}</Detail>
              <Detail name={t("refused.last")}>
                <Moment at={each.last} />
              </Detail>
            </Group>
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Text component="span" size="sm" c="dimmed">
      {name}: {children}
    </Text>
  );
}
