import { ActionIcon, AppShell, Burger, Button, Group, Kbd, Menu, NavLink, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import {
  Boxes,
  CircleUser,
  FileBadge,
  Inbox,
  Landmark,
  LayoutDashboard,
  ListChecks,
  LogOut,
  Router,
  ScrollText,
  Search,
  Unplug,
  Users,
  type LucideIcon,
} from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { useLiveUpdates } from "../live.ts";
import { overviewQuery } from "../queries.ts";
import { hasRight, useSession, useSetSession } from "../session.tsx";
import { Palette } from "./palette.tsx";
import { headerIcon, LanguageMenu, SchemeButton } from "./preferences.tsx";
import classes from "./shell.module.css";

const pages = [
  { to: "/", key: "overview", icon: LayoutDashboard },
  { to: "/nodes", key: "nodes", icon: Router },
  { to: "/clusters", key: "clusters", icon: Boxes },
  { to: "/certificates", key: "certificates", icon: FileBadge },
  { to: "/requests", key: "requests", icon: Inbox },
  { to: "/orders", key: "orders", icon: ListChecks },
  { to: "/authority", key: "authority", icon: Landmark },
  { to: "/audit", key: "audit", icon: ScrollText },
  { to: "/users", key: "users", icon: Users },
] as const satisfies { to: string; key: string; icon: LucideIcon }[];

export type PageKey = (typeof pages)[number]["key"];

export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const setSession = useSetSession();
  const navigate = useNavigate();
  const connected = useLiveUpdates();
  const { data: overview } = useQuery(overviewQuery);
  const [menuOpen, { toggle, close }] = useDisclosure(false);
  const [paletteOpen, palette] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [path, close]);

  const waiting: Partial<Record<(typeof pages)[number]["key"], number | undefined>> = {
    nodes: overview && overview.waiting_nodes + overview.failed_slots,
    certificates: overview && overview.expired + overview.expiring_7_days,
    requests: overview?.pending_requests,
  };
  const allowed = pages.filter((page) => page.key !== "users" || hasRight(session, "administer"));
  const current = pages.find((page) => (page.to === "/" ? path === "/" : path.startsWith(page.to)));
  useEffect(() => {
    document.title = current ? `${t(`pages.${current.key}`)} · Chancery` : "Chancery";
  }, [current, t]);

  const signOut = async () => {
    await call("delete", "/v1/session").catch(() => undefined);
    setSession(null);
    void navigate({ to: "/" });
  };

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !menuOpen } }}
      padding={0}
    >
      <a className={classes.skip} href="#content">
        {t("shell.skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={menuOpen}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t("shell.menu")}
            aria-expanded={menuOpen}
          />
          <Link to="/" className={classes.brand}>
            <img src="/icon.svg" width={26} height={26} alt="" />
            <span>Chancery</span>
          </Link>
          <Button
            className={classes.search}
            variant="default"
            size="sm"
            leftSection={<Search size={15} aria-hidden />}
            rightSection={<Kbd size="xs">Ctrl K</Kbd>}
            onClick={palette.open}
            visibleFrom="sm"
          >
            {t("palette.open")}
          </Button>
          <Group gap={4} ml="auto" wrap="nowrap">
            <span role="status">
              {!connected && (
                <Mark tone="bad" icon={Unplug}>
                  {t("shell.disconnected")}
                </Mark>
              )}
            </span>
            <ActionIcon {...headerIcon} hiddenFrom="sm" aria-label={t("palette.open")} onClick={palette.open}>
              <Search size={18} />
            </ActionIcon>
            <LanguageMenu />
            <SchemeButton />
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon {...headerIcon} aria-label={t("shell.account")} title={t("shell.account")}>
                  <CircleUser size={20} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>
                  {session?.user} · {session && t(`role.${session.role}`)}
                </Menu.Label>
                <Menu.Item leftSection={<CircleUser size={16} aria-hidden />} component={Link} to="/account">
                  {t("shell.account")}
                </Menu.Item>
                <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => void signOut()}>
                  {t("shell.sign_out")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar} aria-label={t("shell.menu")}>
        {allowed.map(({ to, key, icon: Icon }) => {
          const count = waiting[key] ?? 0;
          return (
            <NavLink
              key={key}
              component={Link}
              to={to}
              activeOptions={{ exact: to === "/" }}
              label={t(`pages.${key}`)}
              leftSection={<Icon size={18} aria-hidden />}
              active={current?.key === key}
              aria-current={current?.key === key ? "page" : undefined}
              className={classes.navLink}
              rightSection={
                count > 0 && (
                  <span className={classes.count} aria-label={t("shell.to_do", { count })}>
                    {count > 999 ? "999+" : count}
                  </span>
                )
              }
            />
          );
        })}
        <Text size="xs" c="dimmed" mt="auto" p="xs">
          {session && `Chancery ${session.version}`}
        </Text>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <Outlet />
      </AppShell.Main>
      <Palette pages={allowed} opened={paletteOpen} open={palette.open} close={palette.close} />
    </AppShell>
  );
}
