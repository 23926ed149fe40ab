import { ActionIcon, Button, Group, Loader, Skeleton, Stack, Text, Tooltip } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { flexRender, getCoreRowModel, useReactTable, type ColumnDef, type RowData } from "@tanstack/react-table";
import { ArrowDown, ArrowDownUp, ArrowUp, Download } from "lucide-react";
import { useEffect, useMemo, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { download, toCsv } from "@chancery/shared/format/csv.ts";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { useFilters } from "../filters.ts";
import { ColumnChooser } from "./column_chooser.tsx";
import type { Operation } from "./operations.ts";
import { rowElementId } from "./row_element.ts";
import { useRowKeys } from "./row_keys.ts";
import { SelectBox } from "./select_box.tsx";
import { SelectionBar } from "./selection_bar.tsx";
import { useSelection } from "./use_selection.ts";
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
  // What nobody takes for another row, for who hears the list; missing: the text of the first column.
  rowName?: (row: Row) => string;
  place?: (row: Row) => Place;
  openId?: string;
  empty: ReactNode;
  filters?: ReactNode;
  actions?: ReactNode;
  defaultSort?: { by: string; descending: boolean };
  // Where the server itself gives all of it as CSV.
  csv?: string;
  // What can be done with many rows at once; with it, rows can be selected.
  operations?: Operation<Row>[];
}

const pageSize = 50;
const exportPageSize = 200;
const exportLimit = 100_000;

// What the list is filtered by, of all that names its query: another order does not change what belongs to it.
const filterOf = (queryKey: readonly unknown[]) =>
  JSON.stringify(queryKey, (name, value: unknown) => (name === "sort" || name === "descending" ? undefined : value));

// A list that the server filters, sorts and pages. What it shows is in the address.
export function DataList<Row>(props: DataListProps<Row>) {
  const { name, label, queryKey, fetch, columns, rowId, place, openId, empty, filters, actions, defaultSort, csv } =
    props;
  const { operations, rowName = columns[0]!.text } = props;
  const { t } = useTranslation();
  const [search, change] = useFilters();
  const navigate = useNavigate();
  const [exporting, setExporting] = useState(false);
  const { ref, width } = useElementSize();

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

  const handle = useSelection({
    filter: filterOf(queryKey),
    order: JSON.stringify([search.sort, search.descending]),
    rows,
    rowId,
    complete: !hasNextPage,
    settled: query.data !== undefined && !query.isPlaceholderData,
    fetch,
  });
  const { chosen } = handle.selection;
  const loadedChosen = operations ? rows.filter((row) => chosen.has(rowId(row))).length : 0;

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

  const save = (some: Row[]) => {
    const used = columns.filter(visible);
    const lines = some.map((row) => used.map((column) => column.text(row)));
    download(`${name}.csv`, "text/csv", toCsv([used.map((column) => column.title), ...lines]));
  };
  const exportCsv = async () => {
    setExporting(true);
    try {
      const found: Row[] = [];
      let after: Cursor;
      do {
        const page = await fetch(after, exportPageSize);
        found.push(...page.rows);
        after = page.next || undefined;
      } while (after !== undefined && found.length < exportLimit);
      save(found);
    } finally {
      setExporting(false);
    }
  };
  const onRowClick = (event: MouseEvent, row: Row) => {
    if ((event.target as Element).closest("a,button,input,label") || window.getSelection()?.toString()) return;
    go(row, openId !== undefined);
  };
  const onRowKey = (event: KeyboardEvent, id: string) => {
    if (event.key !== " " || !operations || (event.target as Element).id !== rowElementId(id)) return;
    event.preventDefault();
    handle.touch(id, !chosen.has(id), event.shiftKey);
  };

  return (
    <Stack ref={ref} gap="sm" className={classes.root}>
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
      {operations && (
        <SelectionBar handle={handle} operations={operations} more={hasNextPage} width={width} exportCsv={save} />
      )}
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
                {operations && (
                  <td className={classes.box}>
                    <SelectBox
                      label={t("bulk.select_loaded")}
                      checked={loadedChosen === rows.length}
                      some={loadedChosen > 0 || chosen.size > 0}
                      toggle={(on) => handle.head(on)}
                    />
                  </td>
                )}
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
                  data-chosen={chosen.has(row.id) || undefined}
                  onClick={(event) => onRowClick(event, row.original)}
                  onKeyDown={(event) => onRowKey(event, row.id)}
                >
                  {operations && (
                    <td className={classes.box}>
                      <SelectBox
                        label={t("bulk.select", { name: rowName(row.original) })}
                        checked={chosen.has(row.id)}
                        toggle={(on, range) => handle.touch(row.id, on, range)}
                      />
                    </td>
                  )}
                  {row.getVisibleCells().map((cell, index) => (
                    <td
                      key={cell.id}
                      data-first={index === 0 || undefined}
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
