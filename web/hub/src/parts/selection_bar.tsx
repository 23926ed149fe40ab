import { Button, Group, Loader, Menu, Text, Tooltip } from "@mantine/core";
import { ChevronDown, CircleStop, Download, ListChecks, X } from "lucide-react";
import { Fragment, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { hasRight, useSession } from "../session.tsx";
import type { Operation } from "./operations.ts";
import classes from "./selection_bar.module.css";
import type { SelectionHandle } from "./use_selection.ts";

interface SelectionBarProps<Row> {
  handle: SelectionHandle<Row>;
  operations: Operation<Row>[];
  // There is more than what is loaded.
  more: boolean;
  // Of the list, in pixels.
  width: number;
  exportCsv: (rows: Row[]) => void;
}

// Where there is room, so many operations are buttons of their own.
const ownButtons = (width: number) => (width >= 1200 ? 3 : width >= 600 ? 2 : 0);

// How much is selected, and what can be done with it.
export function SelectionBar<Row>({ handle, operations, more, width, exportCsv }: SelectionBarProps<Row>) {
  const { t } = useTranslation();
  const session = useSession();
  // Each opening is a dialog of its own, with nothing left of the one before.
  const openings = useRef(0);
  const [open, setOpen] = useState<{ id: string; opening: number; opened: boolean }>();
  const bar = useRef<HTMLDivElement>(null);
  // What somebody pressed may be gone by now: the bar is where they were.
  const afterDialog = () => {
    const focused = document.activeElement;
    if (focused === document.body || focused?.closest("[role=dialog]")) bar.current?.focus({ preventScroll: true });
    setOpen((old) => (old?.opened ? old : undefined));
  };
  const { selection, gathering } = handle;
  const rows = [...selection.chosen.values()];
  const count = rows.length;
  const shown = count > 0 || selection.left > 0 || gathering !== undefined || handle.problem !== undefined;
  const why = ({ needs }: Operation<Row>) => (needs && !hasRight(session, needs) ? t(`rights.${needs}`) : undefined);
  const press = async ({ id }: Operation<Row>) => {
    if (!(await handle.lookAgain())) return;
    openings.current += 1;
    setOpen({ id, opening: openings.current, opened: true });
  };
  const own = operations.slice(0, ownButtons(width));
  const asked = operations.find(({ id }) => id === open?.id);
  return (
    <>
      {shown && (
        <div ref={bar} tabIndex={-1} className={classes.bar} role="region" aria-label={t("bulk.actions")}>
          <Text size="sm" fw={600} role="status">
            {gathering !== undefined
              ? t(gathering.why === "all" ? "bulk.selecting" : "bulk.looking", { number: String(gathering.number) })
              : selection.whole
                ? t("bulk.whole", { count })
                : t("bulk.selected", { count })}
          </Text>
          {gathering !== undefined ? (
            <Group gap="xs">
              <Loader size="xs" aria-hidden />
              <Button
                size="xs"
                variant="default"
                leftSection={<CircleStop size={14} aria-hidden />}
                onClick={handle.stop}
              >
                {t("bulk.stop")}
              </Button>
            </Group>
          ) : (
            <>
              {more && !selection.whole && (
                <Button
                  size="xs"
                  variant="subtle"
                  className={classes.all}
                  leftSection={<ListChecks size={14} aria-hidden />}
                  onClick={() => void handle.gather()}
                >
                  {t("bulk.select_all", { number: String(selection.loaded.length) })}
                </Button>
              )}
              <Group gap="xs" className={classes.acts}>
                {count > 0 &&
                  own.map((operation) => {
                    const { id, label, icon: Icon } = operation;
                    const refused = why(operation);
                    const button = (
                      <Button
                        key={id}
                        size="xs"
                        variant="default"
                        leftSection={<Icon size={14} aria-hidden />}
                        onClick={() => refused === undefined && void press(operation)}
                        aria-disabled={refused !== undefined}
                        data-disabled={refused !== undefined || undefined}
                      >
                        {label}
                      </Button>
                    );
                    return refused === undefined ? (
                      button
                    ) : (
                      <Tooltip key={id} label={refused}>
                        {button}
                      </Tooltip>
                    );
                  })}
                {count > 0 && (
                  <Menu
                    position="bottom-end"
                    withinPortal={false}
                    withInitialFocusPlaceholder={false}
                    middlewares={{ flip: false, shift: true }}
                  >
                    <Menu.Target>
                      <Button size="xs" variant="default" rightSection={<ChevronDown size={14} aria-hidden />}>
                        {own.length > 0 ? t("bulk.more") : t("node.actions")}
                      </Button>
                    </Menu.Target>
                    <Menu.Dropdown className={classes.menu}>
                      {operations.slice(own.length).map((operation) => {
                        const { id, label, icon: Icon, dangerous } = operation;
                        const refused = why(operation);
                        return (
                          <Menu.Item
                            key={id}
                            leftSection={<Icon size={14} aria-hidden />}
                            color={dangerous && refused === undefined ? "var(--mantine-color-error)" : undefined}
                            aria-disabled={refused !== undefined}
                            data-disabled={refused !== undefined || undefined}
                            closeMenuOnClick={refused === undefined}
                            onClick={() => refused === undefined && void press(operation)}
                          >
                            {label}
                            {refused !== undefined && <span className={classes.why}>{refused}</span>}
                          </Menu.Item>
                        );
                      })}
                      <Menu.Item leftSection={<Download size={14} aria-hidden />} onClick={() => exportCsv(rows)}>
                        {t("bulk.csv")}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                )}
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  c="dimmed"
                  leftSection={<X size={14} aria-hidden />}
                  onClick={handle.clear}
                >
                  {t("bulk.clear")}
                </Button>
              </Group>
            </>
          )}
          {selection.left > 0 && (
            <Text size="sm" c="dimmed" role="status" className={classes.line}>
              {t("bulk.left", { count: selection.left })}
            </Text>
          )}
          {handle.problem !== undefined && (
            <div className={classes.line}>
              <Trouble
                error={handle.problem.error}
                retry={handle.problem.why === "all" ? () => void handle.gather() : undefined}
              />
            </div>
          )}
        </div>
      )}
      {asked && (
        <Fragment key={open?.opening}>
          {asked.dialog({
            rows,
            opened: open?.opened === true,
            close: () => setOpen((old) => old && { ...old, opened: false }),
            closed: afterDialog,
          })}
        </Fragment>
      )}
    </>
  );
}
