import { Text } from "@mantine/core";
import { CircleX, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Order, OrderVerb } from "@chancery/shared/api/models.ts";
import { Act } from "../../parts/act.tsx";

const topics = ["orders"];

// What can be done about an order: giving it up while something may come of it, asking again when nothing did.
export function OrderActs({ order }: { order: Order }) {
  const { t } = useTranslation();
  const path = { id: order.id };
  if (order.state === "queued" || order.state === "delivered") {
    return (
      <Act
        label={t("node.cancel_order")}
        icon={CircleX}
        needs="operate"
        run={() => call("post", "/v1/orders/{id}/cancel", { path })}
        topics={topics}
      />
    );
  }
  if (order.state === "done") return null;
  const what = { verb: t(`verb.${order.verb as OrderVerb}`), name: order.node ?? "" };
  return (
    <Act
      label={t("orders.retry")}
      icon={RotateCcw}
      needs="operate"
      refused={order.node_id === undefined ? t("orders.gone") : undefined}
      ask={<Text size="sm">{t("orders.retry_text", what)}</Text>}
      run={() => call("post", "/v1/orders/{id}/repeat", { path })}
      done={t("orders.retried", what)}
      topics={topics}
    />
  );
}
