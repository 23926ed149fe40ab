import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./page_tabs.module.css";

interface PageTab {
  // Its address, or that of a page below it, unless it stands alone.
  to: string;
  alone?: boolean;
  text: string;
}

// The parts of a page that have addresses of their own: links, and not tabs. Where they need more room than there is, the one that is
// shown is in sight, with what is beside it.
export function PageTabs({ label, tabs }: { label: string; tabs: PageTab[] }) {
  const { i18n } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname.replace(/\/$/, "") });
  const bar = useRef<HTMLElement>(null);
  const current = tabs.find(({ to, alone }) => path === to || (!alone && path.startsWith(`${to}/`)))?.to;
  useEffect(() => {
    const shown = bar.current?.querySelector<HTMLElement>("[aria-current]");
    if (shown) bar.current!.scrollLeft = shown.offsetLeft + (shown.offsetWidth - bar.current!.clientWidth) / 2;
  }, [current, i18n.language]);
  return (
    <nav ref={bar} className={classes.tabs} aria-label={label}>
      {tabs.map(({ to, text }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true }}
          className={classes.tab}
          aria-current={to === current ? "page" : undefined}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
