import { MapPinOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { PageHead } from "../parts/page.tsx";

export function Lost() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("lost.title")} />
      <Empty icon={MapPinOff} title={t("lost.text")} />
    </>
  );
}
