import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { findingPieces } from "@chancery/shared/format/sentence.ts";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Pieces } from "@chancery/shared/parts/said.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { findingsQuery } from "../../queries.ts";
import classes from "./overview.module.css";

const looks = {
  error: ["bad", CircleX],
  warning: ["warn", TriangleAlert],
  info: ["info", Info],
} as const;

// What the hub finds wrong with itself, and what to do about it.
export function Findings() {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(findingsQuery);
  if (isPending) return <Skeleton h={100} />;
  if (!data) return <Trouble error={error} retry={() => void refetch()} />;
  if (data.findings.length === 0) {
    return (
      <div>
        <Mark tone="ok" icon={CircleCheck}>
          {t("findings.none")}
        </Mark>
      </div>
    );
  }
  return (
    <ul className={classes.findings}>
      {data.findings.map((finding) => {
        const { severity } = finding;
        const [tone, icon] = looks[severity];
        const { what, fix } = findingPieces(finding, i18n);
        return (
          <li key={finding.what}>
            <Mark tone={tone} icon={icon}>
              {t(`severity.${severity}`)}
            </Mark>
            <Text size="sm">
              <Pieces pieces={what} />
            </Text>
            <Text size="sm" c="dimmed">
              → <Pieces pieces={fix} />
            </Text>
          </li>
        );
      })}
    </ul>
  );
}
