import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageHead } from "../../parts/page.tsx";
import classes from "./authority.module.css";

const tabs = [
  { to: "/authority", key: "generations" },
  { to: "/authority/endpoints", key: "endpoints" },
  { to: "/authority/challenges", key: "challenges" },
  { to: "/authority/crls", key: "crls" },
] as const;

// Its parts have addresses of their own, so they are links and not tabs.
export function AuthorityPage() {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname.replace(/\/$/, "") });
  return (
    <>
      <PageHead title={t("pages.authority")} />
      <nav className={classes.tabs} aria-label={t("pages.authority")}>
        {tabs.map(({ to, key }) => {
          const current = to === "/authority" ? path === to : path.startsWith(to);
          return (
            <Link
              key={key}
              to={to}
              activeOptions={{ exact: to === "/authority" }}
              className={classes.tab}
              aria-current={current ? "page" : undefined}
            >
              {t(`authority.${key}`)}
            </Link>
          );
        })}
      </nav>
      <Outlet />
    </>
  );
}
