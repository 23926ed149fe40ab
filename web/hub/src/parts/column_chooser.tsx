import { ActionIcon, Checkbox, Popover, Stack } from "@mantine/core";
import { Columns3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Column } from "./data_list.tsx";

interface ColumnChooserProps<Row> {
  columns: Column<Row>[];
  visible: (column: Column<Row>) => boolean;
  choose: (ids: string | undefined) => void;
}

export function ColumnChooser<Row>({ columns, visible, choose }: ColumnChooserProps<Row>) {
  const { t } = useTranslation();
  const toggle = (toggled: Column<Row>) => {
    const ids = columns
      .filter((column) => (column === toggled ? !visible(column) : visible(column)))
      .map((column) => column.id);
    const usual = columns.filter((column) => !column.hidden).map((column) => column.id);
    choose(ids.join() === usual.join() ? undefined : ids.join());
  };
  return (
    <Popover position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <ActionIcon size="input-sm" variant="default" aria-label={t("list.columns")} title={t("list.columns")}>
          <Columns3 size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("list.columns")}>
        <Stack gap="xs">
          {columns.map((column, index) => (
            <Checkbox
              key={column.id}
              label={column.title}
              checked={visible(column)}
              disabled={index === 0}
              onChange={() => toggle(column)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
