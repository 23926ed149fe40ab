import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { reasons, type Reason } from "./reasons.ts";

interface ReasonFieldProps {
  reason: Reason;
  change: (reason: Reason) => void;
  // What is suspended already can only be revoked for good.
  suspended?: boolean;
}

export function ReasonField({ reason, change, suspended = false }: ReasonFieldProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t("certificate.reason")}
      value={reason}
      data={reasons
        .filter((value) => !suspended || value !== "certificateHold")
        .map((value) => ({ value, label: t(`reason.${value}`) }))}
      onChange={(event) => change(event.currentTarget.value as Reason)}
    />
  );
}
