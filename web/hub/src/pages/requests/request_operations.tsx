import { Textarea } from "@mantine/core";
import { Check, X } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Request } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { BulkDialog, type BulkDialogProps } from "../../parts/bulk_dialog.tsx";
import type { Operation, OperationDialog } from "../../parts/operations.ts";

const topics = ["requests", "certificates", "nodes"];

// What can be decided on many requests at once.
export function useRequestOperations(): Operation<Request>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "approve",
        label: t("requests.approve"),
        icon: Check,
        needs: "operate",
        dialog: (ask) => <Approve {...ask} />,
      },
      {
        id: "reject",
        label: t("requests.reject"),
        icon: X,
        needs: "operate",
        dangerous: true,
        dialog: (ask) => <Reject {...ask} />,
      },
    ],
    [t],
  );
}

// Whoever decides has seen every subject, with the names beside it.
function useDecision(ask: OperationDialog<Request>): Omit<BulkDialogProps<Request>, "label" | "says" | "run"> {
  const { t } = useTranslation();
  return {
    ...ask,
    id: ({ id }) => id,
    name: ({ subject, transaction_id }) => commonName(subject) || transaction_id,
    line: ({ id, subject, alternative_names: names, endpoint }) =>
      [subject, names.join(" "), endpoint, `#${id}`].filter(Boolean).join(" · "),
    refuses: ({ state }) => (state === "pending" ? undefined : t("bulk_why.decided")),
    topics,
  };
}

function Approve(ask: OperationDialog<Request>) {
  const { t } = useTranslation();
  const decision = useDecision(ask);
  return (
    <BulkDialog
      {...decision}
      label={t("requests.approve")}
      counted
      says={({ count }) => t("bulk_ask.approve", { count })}
      run={async ({ id }) => void (await call("post", "/v1/requests/{id}/approve", { path: { id } }))}
    />
  );
}

function Reject(ask: OperationDialog<Request>) {
  const { t } = useTranslation();
  const decision = useDecision(ask);
  const [reason, setReason] = useState("");
  return (
    <BulkDialog
      {...decision}
      label={t("requests.reject")}
      dangerous
      says={({ count }) => t("bulk_ask.reject", { count })}
      fields={
        <Textarea
          label={t("requests.reason")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={200}
        />
      }
      run={async ({ id }) =>
        void (await call("post", "/v1/requests/{id}/reject", { path: { id }, body: reason ? { reason } : {} }))
      }
    />
  );
}
