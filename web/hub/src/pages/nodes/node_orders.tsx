import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { NodeDetails, OrderVerb } from "@chancery/shared/api/models.ts";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { SaidOrQuoted } from "@chancery/shared/parts/said.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { OrderMark } from "../../parts/states.tsx";
import { actorText } from "../audit/event_text.ts";
import { OrderActs } from "../orders/order_acts.tsx";
import rows from "../../parts/rows.module.css";

// What was asked of the node and what it answered.
export function NodeOrders({ node }: { node: NodeDetails }) {
  const { t, i18n } = useTranslation();
  const { data, error, isPending } = useQuery({
    queryKey: ["orders", "node", node.id],
    queryFn: () => call("get", "/v1/nodes/{id}/orders", { path: { id: node.id } }),
  });
  if (isPending) return <Skeleton h={80} />;
  if (!data) return <Trouble error={error} />;
  if (data.orders.length === 0) return <Text size="sm">{t("node.no_orders")}</Text>;
  return (
    <>
      <ul className={rows.rows}>
        {data.orders.map((order) => (
          <li key={order.id}>
            <Stack gap={4}>
              <div className={rows.line}>
                <strong>{t(`verb.${order.verb as OrderVerb}`)}</strong>
                {order.slot && <span>{order.slot}</span>}
                <OrderMark state={order.state} />
              </div>
              {order.text && (
                <Text size="sm" c={order.state === "failed" ? "var(--mantine-color-error)" : undefined}>
                  <SaidOrQuoted {...order} />
                </Text>
              )}
              <Text size="xs" c="dimmed">
                <Moment at={order.finished ?? order.created} /> · {actorText(order.created_by, i18n)}
              </Text>
              <div>
                <OrderActs order={order} />
              </div>
            </Stack>
          </li>
        ))}
      </ul>
      <Text size="sm" mt="sm">
        <Link to="/orders" search={{ node: String(node.id) }}>
          {t("node.all_orders")}
        </Link>
      </Text>
    </>
  );
}
