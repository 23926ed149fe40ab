import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

// Says in a corner what was done or went wrong.
export function useTell(): (message: ReactNode, failed?: { title: string }) => void {
  const { t } = useTranslation();
  return (message, failed) =>
    notifications.show({
      message,
      title: failed?.title,
      color: failed ? "red" : "ink",
      autoClose: failed ? 15_000 : 5_000,
      role: failed ? "alert" : "status",
      closeButtonProps: { "aria-label": t("common.close") },
    });
}
