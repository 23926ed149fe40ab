import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Overview } from "@chancery/shared/api/models.ts";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { PageHead } from "../../parts/page.tsx";
import { Section } from "../../parts/side_panel.tsx";
import { clustersQuery, overviewQuery } from "../../queries.ts";
import { Findings } from "./findings.tsx";
import { FirstSteps } from "./first_steps.tsx";
import { Timeline } from "./timeline.tsx";
import { Risks, Totals } from "./tiles.tsx";
import classes from "./overview.module.css";

// What needs a person first; totals last.
export function OverviewPage() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(overviewQuery);
  const clusters = useQuery(clustersQuery);
  return (
    <>
      <PageHead title={t("pages.overview")} text={data && summary(data) === 0 ? t("overview.calm") : undefined} />
      {isPending ? (
        <Stack aria-busy="true">
          <Skeleton h={160} />
          <Skeleton h={240} />
        </Stack>
      ) : !data ? (
        <Trouble error={error} retry={() => void refetch()} />
      ) : (
        <Stack gap="xl">
          <Risks overview={data} />
          {/* The server has a certificate of its own. */}
          {data.nodes === 0 && data.certificates <= 1 && <FirstSteps />}
          {/* A table of clusters takes the whole width. */}
          <div className={clusters.data?.clusters.length === 0 ? classes.columns : classes.stack}>
            <Section title={t("overview.timeline")}>
              {clusters.data ? (
                <Timeline clusters={clusters.data.clusters} />
              ) : clusters.error ? (
                <Trouble error={clusters.error} retry={() => void clusters.refetch()} />
              ) : (
                <Skeleton h={220} />
              )}
            </Section>
            <Section title={t("overview.findings")}>
              <Findings />
            </Section>
          </div>
          <Section title={t("overview.totals")}>
            <Totals overview={data} />
          </Section>
        </Stack>
      )}
    </>
  );
}

// How much needs a person.
function summary(overview: Overview): number {
  return (
    overview.expired +
    overview.expiring_7_days +
    overview.revoked_slots +
    overview.failed_slots +
    overview.waiting_nodes +
    overview.unseen_nodes +
    overview.pending_requests +
    overview.failed_orders
  );
}
