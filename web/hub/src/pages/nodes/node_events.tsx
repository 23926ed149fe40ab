import { Button, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import rows from "../../parts/rows.module.css";

const isTime = (text: string) => /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(text);

// A newer agent may tell of what these pages do not know.
function What({ what }: { what: string }) {
  const { t, i18n } = useTranslation();
  const key = `node_event.${what}`;
  return i18n.exists(key) ? (
    <strong>{t(key as "node_event.started")}</strong>
  ) : (
    <strong lang="en">{what.replaceAll("_", " ")}</strong>
  );
}

// What the node reported of itself, newest first; the details in its own words.
export function NodeEvents({ id }: { id: number }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery({
    queryKey: ["nodes", "events", id],
    queryFn: ({ pageParam }) =>
      call("get", "/v1/nodes/{id}/events", { path: { id }, query: { after: pageParam, limit: 50 } }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
  if (query.isPending) return <Skeleton h={80} />;
  if (!query.data) return <Trouble error={query.error} />;
  const events = query.data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <Text size="sm">{t("node.no_events")}</Text>;
  return (
    <>
      <ul className={rows.rows}>
        {events.map((event) => (
          <li key={event.number}>
            <div className={rows.line}>
              <What what={event.what} />
              {event.slot && <span>{event.slot}</span>}
              <Text size="xs" c="dimmed" ml="auto">
                <Moment at={event.at} />
              </Text>
            </div>
            {event.text && (
              <Text size="sm" lang={isTime(event.text) ? undefined : "en"}>
                {isTime(event.text) ? <Moment at={event.text} /> : event.text}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("list.more")}
        </Button>
      )}
    </>
  );
}
