import { Loader, Stack, Text } from "@mantine/core";
import { Info, TriangleAlert } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Order } from "@chancery/shared/api/models.ts";
import { Note } from "@chancery/shared/parts/note.tsx";
import classes from "./bulk_dialog.module.css";
import { useNameList } from "./name_list.ts";
import { useRound } from "./round.ts";
import { Confirm, RoundWindow } from "./round_view.tsx";
import { sortOut } from "./skipped.ts";
import type { Turn } from "./turns.ts";

export interface BulkDialogProps<Row> {
  label: string;
  confirm?: string;
  dangerous?: boolean;
  // It gives power: whoever gives it to many types how many, as where it is dangerous.
  counted?: boolean;
  opened: boolean;
  close: () => void;
  // Once nothing of it is to be seen any more.
  closed?: () => void;
  rows: readonly Row[];
  id: (row: Row) => Turn["id"];
  name: (row: Row) => string;
  // Why nothing can be done with a row.
  refuses?: (row: Row) => string | undefined;
  // What will happen with so many of those names; and more that should be known about them.
  says: (what: { count: number; names: string }) => string;
  notes?: (able: Row[]) => (string | undefined)[];
  // A line for each row, all of which whoever decides can look at.
  line?: (row: Row) => string;
  fields?: ReactNode;
  // The fields do not say yet what is to be done.
  incomplete?: boolean;
  // What it is about is still being looked up.
  pending?: ReactNode;
  run: (row: Row) => Promise<Order | void>;
  topics: readonly string[];
  // When everything was asked and nothing failed: with all of it.
  after?: (done: Row[]) => void;
}

// Does the same with many rows of a list: says what will happen with which of them, then shows what became of each.
export function BulkDialog<Row>(props: BulkDialogProps<Row>) {
  const { label, opened, close, closed, id, run, topics, after, ...ask } = props;
  // As they were when it began: they may leave the list while it goes on.
  const begun = useRef(new Map<Turn["id"], Row>());
  const round = useRound({
    create: async (turn) => (await run(begun.current.get(turn.id)!)) ?? undefined,
    topics,
    after: (done) => after?.(done.map((turn) => begun.current.get(turn.id)!)),
  });
  const start = (rows: Row[]) => {
    begun.current = new Map(rows.map((row) => [id(row), row]));
    void round.start(rows.map((row) => ({ id: id(row), name: ask.name(row) })));
  };
  return (
    <RoundWindow title={label} round={round} opened={opened} close={close} closed={closed}>
      <Ask {...ask} label={label} start={start} close={close} />
    </RoundWindow>
  );
}

type AskProps<Row> = Omit<BulkDialogProps<Row>, "opened" | "closed" | "id" | "run" | "topics" | "after"> & {
  start: (rows: Row[]) => void;
};

function Ask<Row>(props: AskProps<Row>) {
  const {
    label,
    confirm,
    dangerous,
    counted,
    close,
    rows,
    name,
    refuses,
    says,
    notes,
    line,
    fields,
    incomplete,
    pending,
    start,
  } = props;
  const { t } = useTranslation();
  const nameList = useNameList();
  const { able, skipped } = sortOut(rows, refuses ?? (() => undefined));
  const count = pending || incomplete ? 0 : able.length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (count > 0) start(able);
      }}
    >
      <Stack gap="md">
        {fields}
        <div role="status">
          {pending ? (
            <Text size="sm">
              <Loader size="xs" mr="xs" /> {pending}
            </Text>
          ) : incomplete ? null : count === 0 ? (
            <Text size="sm">{t("bulk.nothing")}</Text>
          ) : (
            <Note tone={dangerous ? "bad" : "info"} icon={dangerous ? TriangleAlert : Info}>
              <Text size="sm">{says({ count, names: nameList(able.map(name)) })}</Text>
              {notes?.(able).map(
                (note) =>
                  note && (
                    <Text key={note} size="sm">
                      {note}
                    </Text>
                  ),
              )}
            </Note>
          )}
          {!pending &&
            !incomplete &&
            skipped.map(({ why, rows: some }) => (
              <Text key={why} size="sm" mt="xs">
                {t("bulk.skipped", { count: some.length, why, names: nameList(some.map(name)) })}
              </Text>
            ))}
        </div>
        {line && count > 0 && (
          <ul className={classes.lines} tabIndex={0} aria-label={label}>
            {able.map((row) => (
              <li key={line(row)}>{line(row)}</li>
            ))}
          </ul>
        )}
        <Confirm label={confirm ?? label} count={count} dangerous={dangerous} counted={counted} close={close} />
      </Stack>
    </form>
  );
}
