import { CircleX, RotateCcw } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Order } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { Operation } from "../../parts/operations.ts";
import { retryOfSelected } from "./failed_orders.ts";
import { orderName } from "./order_name.ts";
import { RetryDialog } from "./retry_failed.tsx";

// What can be done with many orders at once.
export function useOrderOperations(): Operation<Order>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "retry",
        label: t("orders.retry"),
        icon: RotateCcw,
        needs: "operate",
        dialog: ({ rows, ...at }) => (
          <RetryDialog
            {...at}
            label={t("orders.retry")}
            name={["selected", rows.map(({ id, state }) => `${id} ${state}`)]}
            load={() => retryOfSelected(rows)}
          />
        ),
      },
      {
        id: "cancel",
        label: t("orders.cancel_all"),
        icon: CircleX,
        needs: "operate",
        dialog: (ask) => (
          <BulkDialog
            {...ask}
            label={t("orders.cancel_all")}
            id={({ id }) => id}
            name={(order) => orderName(order, t)}
            refuses={({ state }) => (state === "queued" || state === "delivered" ? undefined : t("bulk_why.over"))}
            says={(what) => t("bulk_ask.cancel", what)}
            run={async ({ id }) => void (await call("post", "/v1/orders/{id}/cancel", { path: { id } }))}
            topics={["orders"]}
          />
        ),
      },
    ],
    [t],
  );
}
