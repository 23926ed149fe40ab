import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CornerDownRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AuthorityCertificate, CertificateDetails } from "@chancery/shared/api/models.ts";
import { localDate } from "@chancery/shared/format/time.ts";
import { authorityQuery } from "../../queries.ts";
import classes from "./chain.module.css";

// From the root down to this certificate.
export function Chain({ certificate }: { certificate: CertificateDetails }) {
  const { t, i18n } = useTranslation();
  const { data: authority } = useQuery(authorityQuery);
  const generation = authority?.generations.find(({ number }) => number === certificate.generation);
  const above: AuthorityCertificate[] = [authority?.root, generation?.issuing].filter((each) => each !== undefined);
  const until = (moment: string) => t("certificates.until", { date: localDate(Date.parse(moment), i18n.language) });
  return (
    <ol className={classes.chain}>
      {above.map((each, depth) => (
        <li key={each.sha256} style={{ marginLeft: `${depth}rem` }}>
          {depth > 0 && <CornerDownRight size={14} aria-hidden />}
          <div>
            {each.subject}
            <Text size="xs" c="dimmed">
              {until(each.not_after)}
            </Text>
          </div>
        </li>
      ))}
      <li style={{ marginLeft: `${above.length}rem` }}>
        {above.length > 0 && <CornerDownRight size={14} aria-hidden />}
        <div>
          <strong>{certificate.subject}</strong>
          <Text size="xs" c="dimmed">
            {until(certificate.not_after)}
          </Text>
        </div>
      </li>
    </ol>
  );
}
