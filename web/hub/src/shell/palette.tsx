import { Modal, TextInput } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Boxes, FileBadge, Router, Search, type LucideIcon } from "lucide-react";
import { Fragment, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { commonName, plainHex } from "@chancery/shared/format/certificate.ts";
import { localDate } from "@chancery/shared/format/time.ts";
import { clustersQuery } from "../queries.ts";
import classes from "./palette.module.css";
import type { PageKey } from "./shell.tsx";

interface PaletteProps {
  pages: readonly { to: string; key: PageKey; icon: LucideIcon }[];
  opened: boolean;
  open: () => void;
  close: () => void;
}

interface Entry {
  key: string;
  group: string;
  label: string;
  text?: string;
  icon: LucideIcon;
  to: string;
}

// Ctrl-K: pages, clusters and nodes by name, certificates by name, serial or fingerprint.
export function Palette({ pages, opened, open, close }: PaletteProps) {
  const { t } = useTranslation();
  useHotkeys([["mod+K", open]], []);
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="8vh"
      attributes={{ content: { "aria-label": t("palette.open") } } as never}
    >
      <Finder pages={pages} close={close} />
    </Modal>
  );
}

function useEntries(pages: PaletteProps["pages"], query: string): { entries: Entry[]; busy: boolean } {
  const { t, i18n } = useTranslation();
  const [wanted] = useDebouncedValue(plainHex(query), 150);
  const found = useQuery({
    queryKey: ["palette", wanted],
    enabled: wanted.length >= 2,
    staleTime: 5_000,
    queryFn: async ({ signal }) => {
      const [nodes, certificates] = await Promise.all([
        call("get", "/v1/nodes", { query: { text: wanted, limit: 6 }, signal }),
        call("get", "/v1/certificates", { query: { text: wanted, limit: 8 }, signal }),
      ]);
      return { nodes: nodes.nodes, certificates: certificates.certificates };
    },
  });
  // There are few, and other pages have them already.
  const clusters = useQuery({ ...clustersQuery, enabled: wanted.length >= 2 });
  const needle = query.trim().toLowerCase();
  const until = (moment: string) => t("certificates.until", { date: localDate(Date.parse(moment), i18n.language) });
  const entries: Entry[] = [
    ...pages
      .map(({ to, key, icon }) => ({ key: to, group: t("palette.pages"), label: t(`pages.${key}`), icon, to }))
      .filter(({ label }) => label.toLowerCase().includes(needle)),
    ...(needle.length < 2 ? [] : (clusters.data?.clusters ?? []))
      .filter(({ name }) => name.toLowerCase().includes(needle))
      .slice(0, 6)
      .map(({ id, name }) => ({
        key: `cluster ${id}`,
        group: t("pages.clusters"),
        label: name,
        icon: Boxes,
        to: `/clusters/${id}`,
      })),
    ...(found.data?.nodes ?? []).map((node) => ({
      key: `node ${node.id}`,
      group: t("pages.nodes"),
      label: node.name,
      text: node.product,
      icon: Router,
      to: `/nodes/${node.id}`,
    })),
    ...(found.data?.certificates ?? []).map((certificate) => ({
      key: certificate.serial,
      group: t("pages.certificates"),
      label: commonName(certificate.subject),
      text: `${certificate.serial} · ${until(certificate.not_after)}`,
      icon: FileBadge,
      to: `/certificates/${certificate.serial}`,
    })),
  ];
  return { entries, busy: found.isFetching };
}

// A combobox with a list that is always open.
function Finder({ pages, close }: Pick<PaletteProps, "pages" | "close">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const { entries, busy } = useEntries(pages, query);
  const current = Math.min(chosen, entries.length - 1);
  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    void navigate({ to: entry.to });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(entries[current]);
    else if (event.key === "ArrowDown") setChosen(current + 1 < entries.length ? current + 1 : 0);
    else if (event.key === "ArrowUp") setChosen(current > 0 ? current - 1 : entries.length - 1);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes.field}
        aria-label={t("palette.open")}
        placeholder={t("palette.placeholder")}
        leftSection={<Search size={18} aria-hidden />}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={entries[current] ? `palette-${current}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
      />
      <div id="palette-list" role="listbox" aria-label={t("palette.open")} className={classes.list}>
        {entries.map((entry, index) => (
          <Fragment key={entry.key}>
            {entry.group !== entries[index - 1]?.group && (
              <div className={classes.group} role="presentation">
                {entry.group}
              </div>
            )}
            <div
              id={`palette-${index}`}
              role="option"
              aria-selected={index === current}
              className={classes.entry}
              ref={(element) => {
                if (index === current) element?.scrollIntoView({ block: "nearest" });
              }}
              onClick={() => go(entry)}
            >
              <entry.icon size={18} aria-hidden />
              <span>
                {entry.label}
                {entry.text && <span className={classes.text}>{entry.text}</span>}
              </span>
            </div>
          </Fragment>
        ))}
      </div>
      {entries.length === 0 && (
        <p className={classes.empty} role="status">
          {busy ? t("common.loading") : t("palette.nothing")}
        </p>
      )}
    </>
  );
}
