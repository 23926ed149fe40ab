import { Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Cluster } from "@chancery/shared/api/models.ts";
import { isoMinute, localDays } from "@chancery/shared/format/time.ts";
import { useNow } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { TimelineCalendar } from "./timeline_calendar.tsx";
import { shownDays } from "./timeline_days.ts";
import { TimelineTable } from "./timeline_table.tsx";
import classes from "./timeline.module.css";

const fewClusters = 8;
const mostClusters = 1000;

// When certificates in use end, on the days of the viewer's zone: by cluster, or where there are none, as a calendar.
export function Timeline({ clusters }: { clusters: Cluster[] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const date = new Date(useNow(60_000)).toDateString();
  const days = useMemo(() => localDays(Date.parse(date), shownDays), [date]);
  const limit = all ? mostClusters : fewClusters;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["overview", "timeline", days[0], limit],
    queryFn: async () => {
      const timeline = await call("get", "/v1/timeline", { query: { days: days.map(isoMinute).join(","), limit } });
      return { timeline, limit };
    },
    placeholderData: keepPreviousData,
  });
  if (isPending) return <Skeleton h={220} />;
  if (!data) return <Trouble error={error} retry={() => void refetch()} />;
  const { timeline } = data;
  const total = timeline.all.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <p className={classes.text}>{t("timeline.text", { count: total })}</p>
      {clusters.length === 0 ? (
        <TimelineCalendar days={days} counts={timeline.all} />
      ) : (
        <TimelineTable
          days={days}
          timeline={timeline}
          clusters={clusters}
          // While all are asked for, what is there tells of few.
          most={Math.min(limit, data.limit)}
          expand={clusters.length > fewClusters ? { all, setAll } : undefined}
        />
      )}
    </>
  );
}
