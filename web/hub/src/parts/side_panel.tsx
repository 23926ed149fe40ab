import { ActionIcon, Skeleton, Stack, Title, Tooltip } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { createContext, useContext, useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { rowElementId } from "./row_element.ts";
import classes from "./split.module.css";

interface SidePanelProps {
  id: string;
  title: string;
  marks?: ReactNode;
  // The list's address; filters stay.
  listAt: string;
  pending?: boolean;
  error?: unknown;
  children: ReactNode;
}

// Sections are one level below the title of what they are in: a page, or a panel on it.
const HeadingLevel = createContext<2 | 3>(2);

// Details of one row beside its list, with an address of its own. On a narrow screen it covers the list.
export function SidePanel({ id, title, marks, listAt, pending, error, children }: SidePanelProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const panel = useRef<HTMLElement>(null);
  const close = () => {
    void navigate({ to: listAt, search: ((old: object) => old) as never }).then(() =>
      document.getElementById(rowElementId(id))?.focus(),
    );
  };
  const latestClose = useRef(close);
  useEffect(() => {
    latestClose.current = close;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (
        event.key === "Escape" &&
        !event.defaultPrevented &&
        !document.querySelector("[aria-modal=true],[role=dialog],[role=listbox],[role=menu]")
      ) {
        latestClose.current();
      }
    };
    // Before a dialog or menu on top takes the key and is gone.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, []);
  useEffect(() => {
    panel.current?.scrollTo(0, 0);
    if (window.matchMedia("(max-width: 62em)").matches) panel.current?.focus();
  }, [id]);

  return (
    <aside ref={panel} className={classes.panel} aria-label={title} tabIndex={-1}>
      <div className={classes.panelHead}>
        <div className={classes.panelTitle}>
          <Title order={2} size="h2">
            {title}
          </Title>
          <div className={classes.marks}>{marks}</div>
        </div>
        <Tooltip label={t("common.close")}>
          <ActionIcon variant="subtle" color="gray" c="dimmed" aria-label={t("common.close")} onClick={close}>
            <X size={18} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.panelBody}>
        <HeadingLevel value={3}>
          {error ? (
            <Trouble error={error} />
          ) : pending ? (
            <Stack aria-busy="true">
              <Skeleton h={24} />
              <Skeleton h={120} />
              <Skeleton h={80} />
            </Stack>
          ) : (
            children
          )}
        </HeadingLevel>
      </div>
    </aside>
  );
}

// A part of a panel or page under its own heading.
export function Section({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHead}>
        <Title order={useContext(HeadingLevel)} size="h3">
          {title}
        </Title>
        {side}
      </div>
      {children}
    </section>
  );
}
