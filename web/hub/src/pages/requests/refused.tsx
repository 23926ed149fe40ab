import { Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { SaidLines } from "@chancery/shared/parts/said.tsx";
import rows from "../../parts/rows.module.css";

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
      <ul className={rows.rows}>
        {data.refusals.map((each) => (
          <li key={[each.endpoint, each.source, each.subject, each.reason].join(" ")}>
            <div className={rows.line}>
              <strong>{commonName(each.subject) || t("refused.nameless")}</strong>
              <Mark tone="warn" icon={Ban}>
                {each.fail_info}
              </Mark>
            </div>
            <Text size="sm" component="div">
              <SaidLines sentences={each.sentences} />
            </Text>
            <div className={rows.details}>
              <Detail name={t("certificates.endpoint")}>{each.endpoint}</Detail>
              <Detail name={t("requests.source")}>{each.source}</Detail>
              <Detail name={t("refused.again")}>{each.times}</Detail>
              <Detail name={t("refused.last")}>
                <Moment at={each.last} />
              </Detail>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span>
      {name}: {children}
    </span>
  );
}
