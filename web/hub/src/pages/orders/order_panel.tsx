import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { OrderVerb } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Facts, type Fact } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { SaidOrQuoted } from "@chancery/shared/parts/said.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { SidePanel } from "../../parts/side_panel.tsx";
import { OrderMark } from "../../parts/states.tsx";
import { actorText } from "../audit/event_text.ts";
import { OrderActs } from "./order_acts.tsx";

// One order: what was asked, of whom, and what came of it.
export function OrderPanel() {
  const { t, i18n } = useTranslation();
  const { id = "" } = useParams({ strict: false });
  const {
    data: order,
    error,
    isPending,
  } = useQuery({
    queryKey: ["orders", "order", Number(id)],
    queryFn: () => call("get", "/v1/orders/{id}", { path: { id: Number(id) } }),
  });
  const bad = order?.state === "failed" || order?.state === "expired";
  return (
    <SidePanel
      id={id}
      listAt="/orders"
      title={order ? t(`verb.${order.verb as OrderVerb}`) : id}
      pending={isPending}
      error={order ? undefined : error}
      marks={order && <OrderMark state={order.state} />}
    >
      {order && (
        <>
          {order.text && (
            <Text size="sm" c={bad ? "var(--mantine-color-error)" : undefined}>
              <SaidOrQuoted {...order} />
            </Text>
          )}
          <Buttons>
            <OrderActs order={order} />
          </Buttons>
          <Facts
            facts={[
              [
                t("orders.node"),
                order.node_id === undefined ? (
                  t("orders.gone")
                ) : (
                  <Link to="/nodes/$id" params={{ id: String(order.node_id) }}>
                    {order.node ?? order.node_id}
                  </Link>
                ),
              ],
              [t("new_node.slot"), order.slot],
              ...Object.entries(order.parameters).map(([name, value]): Fact => [
                name === "store" ? t("node.store") : name === "sha256" ? t("certificate.sha256") : name,
                <span key={name} className="mono">
                  {value}
                </span>,
              ]),
              [t("orders.created"), <Moment key="created" at={order.created} show="both" />],
              [t("orders.created_by"), actorText(order.created_by, i18n)],
              [t("orders.deadline"), <Moment key="deadline" at={order.deadline} show="both" />],
              [t("orders.finished"), order.finished && <Moment at={order.finished} show="both" />],
              [t("requests.number"), order.id],
            ]}
          />
          {Object.entries(order.data).map(([name, value]) => (
            <Snippet key={name} label={name === "csr" ? t("slot.csr") : name} text={value} />
          ))}
        </>
      )}
    </SidePanel>
  );
}
