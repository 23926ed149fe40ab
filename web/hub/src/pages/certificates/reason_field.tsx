import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { reasons, type Reason } from "./reasons.ts";

export function ReasonField({ reason, change }: { reason: Reason; change: (reason: Reason) => void }) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t("certificate.reason")}
      value={reason}
      data={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))}
      onChange={(event) => change(event.currentTarget.value as Reason)}
    />
  );
}
