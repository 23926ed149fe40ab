import { MapPinOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Empty } from "@chancery/shared/parts/empty.tsx";

export function Lost() {
  const { t } = useTranslation();
  return <Empty icon={MapPinOff} title={t("lost.title")} />;
}
