import { Trash2 } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Challenge } from "@chancery/shared/api/models.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { Operation } from "../../parts/operations.ts";

// What can be done with many challenges at once.
export function useChallengeOperations(): Operation<Challenge>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "remove",
        label: t("challenges.remove"),
        icon: Trash2,
        needs: "operate",
        dangerous: true,
        dialog: (ask) => (
          <BulkDialog
            {...ask}
            label={t("challenges.remove")}
            dangerous
            id={({ id }) => id}
            name={({ id, subject, note }) => [subject ?? id, note].filter(Boolean).join(" · ")}
            refuses={({ state }) => (state === "open" ? undefined : t("bulk_why.used"))}
            says={(what) => t("bulk_ask.take_back", what)}
            run={async ({ id }) => void (await call("delete", "/v1/challenges/{id}", { path: { id } }))}
            topics={["authority"]}
          />
        ),
      },
    ],
    [t],
  );
}
