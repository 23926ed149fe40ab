import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import { Link } from "@tanstack/react-router";
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CertificateDetails } from "@chancery/shared/api/models.ts";
import { local } from "@chancery/shared/format/time.ts";
import { Facts } from "@chancery/shared/parts/facts.tsx";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { useNow } from "@chancery/shared/parts/moment.tsx";
import { Note } from "@chancery/shared/parts/note.tsx";
import { Section } from "../../parts/side_panel.tsx";
import { authorityQuery, nodeQuery } from "../../queries.ts";
import { findingsOf, type CertificateFinding } from "./findings_of.ts";

const looks = {
  error: ["bad", CircleX],
  warning: ["warn", TriangleAlert],
  info: ["info", Info],
} as const;

// What is wrong with this certificate: the rule, what it expects, what was found, and what to do.
export function Findings({ certificate }: { certificate: CertificateDetails }) {
  const { t } = useTranslation();
  const now = useNow();
  const { data: authority } = useQuery(authorityQuery);
  const holder = certificate.active ? certificate.node_id : undefined;
  const { data: node } = useQuery({ ...nodeQuery(holder ?? 0), enabled: holder !== undefined });
  const slot = node?.slots.find(({ serial }) => serial === certificate.serial);
  const findings = findingsOf(certificate, { now, authority, slot });
  return (
    <Section title={t("certificate.findings")}>
      {findings.length === 0 ? (
        <div>
          <Mark tone="ok" icon={CircleCheck}>
            {t("findings.none")}
          </Mark>
        </div>
      ) : (
        findings.map((finding) => <OneFinding key={finding.rule} finding={finding} />)
      )}
      {findings.length > 0 && holder !== undefined && (
        <Text size="sm">
          <Link to="/nodes/$id" params={{ id: String(holder) }}>
            {t("certificate.to_node", { name: certificate.node ?? String(holder) })}
          </Link>
        </Text>
      )}
    </Section>
  );
}

function OneFinding({ finding: { rule, severity, values } }: { finding: CertificateFinding }) {
  const { t, i18n } = useTranslation();
  const [tone, icon] = looks[severity];
  const isTime = (value: string) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  const shown = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isTime(value) ? local(Date.parse(value), i18n.language) : value,
    ]),
  );
  // Which of the rule's texts have which of the values, the texts' own test knows.
  const say = t as unknown as (key: string, values: Record<string, string>) => string;
  return (
    <Note
      tone={tone}
      icon={icon}
      title={`${t(`severity.${severity}`)}: ${say(`certificate_finding.${rule}.what`, shown)}`}
    >
      <Facts
        facts={[
          [t("certificate.expected"), say(`certificate_finding.${rule}.expected`, shown)],
          [
            t("certificate.found"),
            // A device's own words are English.
            <span key="found" lang={rule === "renewal_failed" ? "en" : undefined}>
              {say(`certificate_finding.${rule}.found`, shown)}
            </span>,
          ],
          [t("certificate.fix"), say(`certificate_finding.${rule}.fix`, shown)],
        ]}
      />
    </Note>
  );
}
