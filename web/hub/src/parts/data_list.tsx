import { ActionIcon, Button, Checkbox, Group, Loader, Popover, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { flexRender, getCoreRowModel, useReactTable, type ColumnDef, type RowData } from "@tanstack/react-table";
import { ArrowDown, ArrowDownUp, ArrowUp, Columns3, Download } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { download, toCsv } from "@chancery/shared/format/csv.ts";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { useFilters } from "../filters.ts";
import classes from "./data_list.module.css";

declare module "@tanstack/react-table" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData extends RowData, TValue> {
    rank: number;
    sort?: string;
    title: string;
    words: boolean;
  }
}

export interface Column<Row> {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  // The same as text, for CSV.
  text: (row: Row) => string;
  // The server's name of this order; without it the list cannot be sorted by this column.
  sort?: string;
  // 1 stays on the narrowest screen, 2 needs some room, 3 a lot.
  rank?: 1 | 2 | 3;
  hidden?: boolean;
  // It says something in the reader's language: no word breaks where room is scarce, as a name does.
  words?: boolean;
  // Left out while no row has anything in it.
  optional?: boolean;
}

export interface Page<Row> {
  rows: Row[];
  next?: string | number;
}

type Cursor = string | number | undefined;
export type Fetch<Row> = (after: Cursor, limit: number) => Promise<Page<Row>>;

// Where a row leads: the address of its panel.
export interface Place {
  to: string;
  params?: Record<string, string>;
}

interface DataListProps<Row> {
  name: string;
  label: string;
  queryKey: readonly unknown[];
  fetch: Fetch<Row>;
  columns: Column<Row>[];
  rowId: (row: Row) => string;
  place?: (row: Row) => Place;
  openId?: string;
  empty: ReactNode;
  filters?: ReactNode;
  actions?: ReactNode;
  defaultSort?: { by: string; descending: boolean };
  // Where the server itself gives all of it as CSV.
  csv?: string;
}

const pageSize = 50;
const exportPageSize = 200;
const exportLimit = 100_000;

export const rowElementId = (id: string) => `row-${id}`;

// A list that the server filters, sorts and pages. What it shows is in the address.
export function DataList<Row>(props: DataListProps<Row>) {
  const { name, label, queryKey, fetch, columns, rowId, place, openId, empty, filters, actions, defaultSort, csv } =
    props;
  const { t } = useTranslation();
  const [search, change] = useFilters();
  const navigate = useNavigate();
  const [exporting, setExporting] = useState(false);

  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetch(pageParam, pageSize),
    initialPageParam: undefined as Cursor,
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  // The server looks at so many rows a page, and gives those that belong to the list: fewer than asked for, or none.
  const [wanted, setWanted] = useState(pageSize);
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const searching = hasNextPage && rows.length < wanted;
  useEffect(() => {
    if (searching && !isFetching && !isError) void fetchNextPage();
  }, [searching, isFetching, isError, fetchNextPage]);
  const more = () => {
    setWanted(rows.length + pageSize);
    void fetchNextPage();
  };

  const shown = search.columns?.split(",");
  const visible = (column: Column<Row>) => (shown ? shown.includes(column.id) : !column.hidden);
  const isVoid = (column: Column<Row>) => column.optional === true && rows.every((row) => column.text(row) === "");
  const definitions = useMemo<ColumnDef<Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.title,
        cell: (context) => column.cell(context.row.original),
        meta: { rank: column.rank ?? 1, sort: column.sort, title: column.title, words: column.words === true },
      })),
    [columns],
  );
  const table = useReactTable({
    data: rows,
    columns: definitions,
    state: {
      columnVisibility: Object.fromEntries(columns.map((column) => [column.id, visible(column) && !isVoid(column)])),
    },
    getCoreRowModel: getCoreRowModel(),
    getRowId: rowId,
    manualSorting: true,
    manualFiltering: true,
  });

  const sortedBy = search.sort ?? defaultSort?.by;
  const descending = search.sort ? search.descending === "true" : (defaultSort?.descending ?? false);
  const sortBy = (key: string) =>
    change({ sort: key, descending: sortedBy === key && !descending ? "true" : undefined });

  const go = (row: Row, replace: boolean) => {
    if (!place) return;
    const { to, params } = place(row);
    void navigate({ to, params: params as never, search: ((old: object) => old) as never, replace });
  };
  useRowKeys({ rows, rowId, openId, go, more: hasNextPage ? more : undefined });

  const exportCsv = async () => {
    setExporting(true);
    try {
      const chosen = columns.filter(visible);
      const lines = [chosen.map((column) => column.title)];
      let after: Cursor;
      do {
        const page = await fetch(after, exportPageSize);
        lines.push(...page.rows.map((row) => chosen.map((column) => column.text(row))));
        after = page.next || undefined;
      } while (after !== undefined && lines.length < exportLimit);
      download(`${name}.csv`, "text/csv", toCsv(lines));
    } finally {
      setExporting(false);
    }
  };
  const onRowClick = (event: MouseEvent, row: Row) => {
    if ((event.target as Element).closest("a,button,input") || window.getSelection()?.toString()) return;
    go(row, openId !== undefined);
  };

  return (
    <Stack gap="sm" className={classes.root}>
      <Group gap="sm" align="flex-end" className={classes.tools}>
        {filters}
        <Group gap="xs" ml="auto" justify="flex-end">
          {actions}
          <ColumnChooser columns={columns} visible={visible} choose={(ids) => change({ columns: ids })} />
          <Tooltip label={t("list.csv")}>
            {csv ? (
              <ActionIcon
                component="a"
                href={csv}
                download={`${name}.csv`}
                size="input-sm"
                variant="default"
                aria-label={t("list.csv")}
              >
                <Download size={16} />
              </ActionIcon>
            ) : (
              <ActionIcon
                size="input-sm"
                variant="default"
                aria-label={t("list.csv")}
                loading={exporting}
                onClick={() => void exportCsv()}
              >
                <Download size={16} />
              </ActionIcon>
            )}
          </Tooltip>
        </Group>
      </Group>
      {query.error && rows.length === 0 ? (
        <Trouble error={query.error} retry={() => void query.refetch()} />
      ) : query.isPending || (rows.length === 0 && searching) ? (
        <Stack gap={6} aria-busy="true">
          {[0, 1, 2, 3, 4, 5].map((index) => (
            <Skeleton key={index} h={36} />
          ))}
        </Stack>
      ) : rows.length === 0 ? (
        empty
      ) : (
        <>
          <table className={classes.table} aria-label={label} aria-busy={query.isFetching}>
            <thead>
              <tr>
                {table.getFlatHeaders().map((header) => {
                  const meta = header.column.columnDef.meta;
                  const sorted = meta?.sort !== undefined && meta.sort === sortedBy;
                  const Arrow = sorted ? (descending ? ArrowDown : ArrowUp) : ArrowDownUp;
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      data-rank={meta?.rank}
                      aria-sort={sorted ? (descending ? "descending" : "ascending") : undefined}
                    >
                      {meta?.sort ? (
                        <button
                          type="button"
                          className={classes.sort}
                          data-sorted={sorted || undefined}
                          onClick={() => sortBy(meta.sort!)}
                        >
                          {meta.title}
                          <Arrow size={13} aria-hidden />
                        </button>
                      ) : (
                        meta?.title
                      )}
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {table.getRowModel().rows.map((row) => (
                <tr
                  key={row.id}
                  data-open={row.id === openId || undefined}
                  data-link={place ? true : undefined}
                  onClick={(event) => onRowClick(event, row.original)}
                >
                  {row.getVisibleCells().map((cell, index) => (
                    <td
                      key={cell.id}
                      data-rank={cell.column.columnDef.meta?.rank}
                      data-words={cell.column.columnDef.meta?.words || undefined}
                    >
                      {index === 0 && place ? (
                        <Link
                          id={rowElementId(row.id)}
                          className={classes.rowLink}
                          {...(place(row.original) as { to: string })}
                          search={((old: object) => old) as never}
                          aria-current={row.id === openId ? "true" : undefined}
                        >
                          {flexRender(cell.column.columnDef.cell, cell.getContext())}
                        </Link>
                      ) : (
                        flexRender(cell.column.columnDef.cell, cell.getContext())
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <Group justify="center" gap="md">
            <Text size="sm" c="dimmed" role="status">
              {hasNextPage ? t("list.shown_more", { count: rows.length }) : t("list.shown", { count: rows.length })}
            </Text>
            {hasNextPage && (
              <Button size="xs" variant="default" loading={query.isFetchingNextPage} onClick={more}>
                {t("list.more")}
              </Button>
            )}
            {query.isFetching && !query.isFetchingNextPage && <Loader size="xs" aria-hidden />}
          </Group>
        </>
      )}
    </Stack>
  );
}

interface ColumnChooserProps<Row> {
  columns: Column<Row>[];
  visible: (column: Column<Row>) => boolean;
  choose: (ids: string | undefined) => void;
}

function ColumnChooser<Row>({ columns, visible, choose }: ColumnChooserProps<Row>) {
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

interface RowKeys<Row> {
  rows: Row[];
  rowId: (row: Row) => string;
  openId: string | undefined;
  go: (row: Row, replace: boolean) => void;
  more: (() => void) | undefined;
}

// While a panel is open, arrow up and down open the row before or after, unless the keys mean something where the focus is.
function useRowKeys<Row>(keys: RowKeys<Row>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const active = keys.openId !== undefined;
  useEffect(() => {
    if (!active) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const target = event.target as Element;
      if (
        target.closest("input,textarea,select,pre,[role=tab],[role=menu],[role=listbox],[role=dialog],[aria-haspopup]")
      )
        return;
      const { rows, rowId, openId, go, more } = latest.current;
      const step = event.key === "ArrowDown" ? 1 : -1;
      const index = rows.findIndex((row) => rowId(row) === openId);
      const next = rows[index + step];
      event.preventDefault();
      if (index + step >= rows.length - 5) more?.();
      if (index < 0 || !next) return;
      go(next, true);
      const element = document.getElementById(rowElementId(rowId(next)));
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: "nearest" });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [active]);
}
