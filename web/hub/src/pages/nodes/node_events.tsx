import { Button, Skeleton, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import rows from "../../parts/rows.module.css";

// What the node reported of itself, newest first and in its own words.
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
              <strong lang="en">{event.what.replaceAll("_", " ")}</strong>
              {event.slot && <span>{event.slot}</span>}
              <Text size="xs" c="dimmed" ml="auto">
                <Moment at={event.at} />
              </Text>
            </div>
            {event.text && (
              <Text size="sm" lang="en">
                {event.text}
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
