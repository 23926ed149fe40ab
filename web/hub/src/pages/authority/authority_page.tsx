import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHead } from "../../parts/page.tsx";
import { PageTabs } from "../../parts/page_tabs.tsx";

const tabs = [
  { to: "/authority", key: "generations", alone: true },
  { to: "/authority/endpoints", key: "endpoints" },
  { to: "/authority/challenges", key: "challenges" },
  { to: "/authority/crls", key: "crls" },
] as const;

export function AuthorityPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("pages.authority")} />
      <PageTabs
        label={t("pages.authority")}
        tabs={tabs.map(({ key, ...tab }) => ({ ...tab, text: t(`authority.${key}`) }))}
      />
      <Outlet />
    </>
  );
}
