import { Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
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
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("certificate.subject")}</Table.Th>
              <Table.Th>{t("requests.reason")}</Table.Th>
              <Table.Th>{t("certificates.endpoint")}</Table.Th>
              <Table.Th>{t("requests.source")}</Table.Th>
              <Table.Th>{t("refused.again")}</Table.Th>
              <Table.Th>{t("refused.last")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.refusals.map((each) => (
              <Table.Tr key={[each.endpoint, each.source, each.subject, each.reason].join(" ")}>
                <Table.Td fw={600}>{commonName(each.subject) || each.subject}</Table.Td>
                <Table.Td>
                  {each.fail_info}: {each.reason}
                </Table.Td>
                <Table.Td>{each.endpoint}</Table.Td>
                <Table.Td>{each.source}</Table.Td>
                <Table.Td>{each.times}</Table.Td>
                <Table.Td>
                  <Moment at={each.last} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
