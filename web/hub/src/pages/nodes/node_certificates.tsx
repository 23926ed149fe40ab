import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { Code } from "@chancery/shared/parts/facts.tsx";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import rows from "../../parts/rows.module.css";

// All certificates that the node keeps, in use or not.
export function NodeCertificates({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  if (node.stored.length === 0) return <Text size="sm">{t("node.no_held")}</Text>;
  return (
    <ul className={rows.rows}>
      {node.stored.map((held) => (
        <li key={`${held.slot} ${held.sha256}`}>
          <div className={rows.line}>
            {held.serial ? (
              <Link to="/certificates/$serial" params={{ serial: held.serial }}>
                {held.subject ?? held.serial}
              </Link>
            ) : (
              <strong>{held.subject ?? "–"}</strong>
            )}
            <span>{held.slot}</span>
            {held.active && (
              <Mark tone="ok" icon={CircleCheck}>
                {t("certificate.active")}
              </Mark>
            )}
            {held.not_after && (
              <Text size="xs" c="dimmed" ml="auto">
                {t("certificates.expires")} <Moment at={held.not_after} />
              </Text>
            )}
          </div>
          <Code text={held.sha256} label={t("certificate.sha256")} />
        </li>
      ))}
    </ul>
  );
}
