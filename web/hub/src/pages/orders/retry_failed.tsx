import { Loader, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Info, RotateCcw, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Order } from "@chancery/shared/api/models.ts";
import { Note } from "@chancery/shared/parts/note.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { useNameList } from "../../parts/name_list.ts";
import { useRound } from "../../parts/round.ts";
import { Confirm, RoundButton, RoundWindow } from "../../parts/round_view.tsx";
import { failedOrders, type OrderFilter, type Retry } from "./failed_orders.ts";
import { orderName } from "./order_name.ts";

// What disturbs those who use the service.
const disturbing = ["restart", "remove_trust"];

// A button that gives every failed order of the list once more: says which, then shows what became of each.
export function RetryFailed({ filter }: { filter: OrderFilter }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <RoundButton label={t("orders.retry_all")} icon={RotateCcw} size="sm" press={() => setOpened(true)} />
      <RetryDialog
        label={t("orders.retry_all")}
        name={["failed", filter]}
        load={() => failedOrders(filter)}
        opened={opened}
        close={() => setOpened(false)}
      />
    </>
  );
}

interface RetryDialogProps {
  label: string;
  // Of what is loaded, for the cache.
  name: readonly unknown[];
  load: () => Promise<Retry>;
  opened: boolean;
  close: () => void;
  // Once nothing of it is to be seen any more.
  closed?: () => void;
}

export function RetryDialog({ label, name: key, load, opened, close, closed }: RetryDialogProps) {
  const { t } = useTranslation();
  const round = useRound({ create: ({ id }) => call("post", "/v1/orders/{id}/repeat", { path: { id: Number(id) } }) });
  const name = (order: Order) => orderName(order, t);
  return (
    <RoundWindow title={label} round={round} opened={opened} close={close} closed={closed}>
      <Preview
        queryKey={key}
        load={load}
        name={name}
        start={(orders) => void round.start(orders.map((order) => ({ id: order.id, name: name(order) })))}
        close={close}
      />
    </RoundWindow>
  );
}

interface PreviewProps {
  queryKey: readonly unknown[];
  load: () => Promise<Retry>;
  name: (order: Order) => string;
  start: (orders: Order[]) => void;
  close: () => void;
}

function Preview({ queryKey, load, name, start, close }: PreviewProps) {
  const { t } = useTranslation();
  const nameList = useNameList();
  // Each time anew: what failed a while ago may have been repeated since.
  const { data, error } = useQuery({ queryKey: ["orders", "retry", ...queryKey], queryFn: load, gcTime: 0 });
  const { orders, over, gone, repeated } = data ?? { orders: [], over: 0, gone: 0, repeated: 0 };
  const count = orders.length;
  const dangerous = orders.some(({ verb }) => disturbing.includes(verb));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (count > 0) start(orders);
      }}
    >
      <Stack gap="md">
        <Trouble error={error} />
        <div role="status">
          {!data ? (
            !error && <Loader size="sm" />
          ) : count === 0 ? (
            <Text size="sm">{t("orders.retry_all_none")}</Text>
          ) : (
            <Note tone={dangerous ? "bad" : "info"} icon={dangerous ? TriangleAlert : Info}>
              <Text size="sm">{t("orders.retry_all_text", { count, names: nameList(orders.map(name)) })}</Text>
            </Note>
          )}
          {over > 0 && (
            <Text size="sm" mt="xs">
              {t("orders.retry_over", { count: over })}
            </Text>
          )}
          {gone > 0 && (
            <Text size="sm" mt="xs">
              {t("orders.retry_all_gone", { count: gone })}
            </Text>
          )}
          {repeated > 0 && (
            <Text size="sm" mt="xs">
              {t("orders.retry_all_repeated", { count: repeated })}
            </Text>
          )}
        </div>
        <Confirm label={t("orders.retry")} count={count} dangerous={dangerous} close={close} />
      </Stack>
    </form>
  );
}
