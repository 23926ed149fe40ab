import { Button, Group, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { CircleStop, Loader as Waiting, RotateCcw, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { ProblemText, SaidOrQuoted } from "@chancery/shared/parts/said.tsx";
import { hasRight, useSession } from "../session.tsx";
import { Dialog } from "./dialog.tsx";
import type { Round } from "./round.ts";
import rows from "./rows.module.css";
import { OrderMark } from "./states.tsx";
import { hasFailed, isUnderWay, type Turn } from "./turns.ts";

// More are counted, and not shown one by one.
const turnsShown = 200;

interface RoundButtonProps {
  label: string;
  icon: LucideIcon;
  refused?: string;
  size?: "xs" | "sm";
  press: () => void;
}

export function RoundButton({ label, icon: Icon, refused, size = "xs", press }: RoundButtonProps) {
  const { t } = useTranslation();
  const session = useSession();
  const why = hasRight(session, "operate") ? refused : t("rights.operate");
  const button = (
    <Button
      size={size}
      variant="default"
      leftSection={<Icon size={14} aria-hidden />}
      onClick={() => why === undefined && press()}
      aria-disabled={why !== undefined}
      data-disabled={why !== undefined || undefined}
    >
      {label}
    </Button>
  );
  return why === undefined ? button : <Tooltip label={why}>{button}</Tooltip>;
}

interface ConfirmProps {
  label: string;
  count: number;
  dangerous?: boolean;
  // With many, how many is typed, though it disturbs nobody.
  counted?: boolean;
  close: () => void;
}

// The end of the form that begins a round. Whoever disturbs many at once, or lets them in, has looked at how many.
export function Confirm({ label, count, dangerous = false, counted = dangerous, close }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <>
      {counted && count > 1 && (
        <TextInput
          label={t("round.type_count", { number: String(count) })}
          required
          pattern={String(count)}
          inputMode="numeric"
          autoComplete="off"
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("common.cancel")}
        </Button>
        <Button type="submit" color={dangerous ? "red.9" : undefined} disabled={count === 0}>
          {label}
        </Button>
      </Group>
    </>
  );
}

interface RoundWindowProps {
  title: string;
  round: Round;
  opened: boolean;
  close: () => void;
  // Once nothing of it is to be seen any more.
  closed?: () => void;
  // What asks, before the round has begun.
  children: ReactNode;
}

// The question, then what becomes of it; it stays while the round asks.
export function RoundWindow({ title, round, opened, close, closed, children }: RoundWindowProps) {
  return (
    <Dialog
      title={title}
      opened={opened}
      close={close}
      closed={() => {
        round.clear();
        closed?.();
      }}
      busy={round.asking}
    >
      {round.begun ? <Progress round={round} close={close} /> : children}
    </Dialog>
  );
}

interface ProgressProps {
  round: Round;
  close: () => void;
}

// What failed comes first, what is done last.
const trouble = (turn: Turn) => (hasFailed(turn) ? 2 : isUnderWay(turn) ? 1 : 0);

export function Progress({ round, close }: ProgressProps) {
  const { t } = useTranslation();
  const { turns, asking, unasked } = round;
  const failed = turns.filter(hasFailed).length;
  const open = turns.filter(isUnderWay).length;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text size="sm" role="status">
          {t("round.progress", {
            done: String(turns.length - failed - open),
            failed: String(failed),
            open: String(open),
          })}
          {unasked > 0 && <> · {t("bulk.stopped", { count: unasked })}</>}
        </Text>
        <Group gap="xs">
          {asking && (
            <Button variant="default" leftSection={<CircleStop size={14} aria-hidden />} onClick={round.stop}>
              {t("bulk.stop")}
            </Button>
          )}
          {failed > 0 && !asking && (
            <Button
              variant="default"
              leftSection={<RotateCcw size={14} aria-hidden />}
              onClick={() => void round.retry()}
            >
              {t("round.retry", { count: failed })}
            </Button>
          )}
          <Button variant="default" onClick={close} disabled={asking}>
            {t("common.close")}
          </Button>
        </Group>
      </Group>
      {open > 0 && !asking && (
        <Text size="sm" c="dimmed">
          {t("round.may_close")}
        </Text>
      )}
      <ul className={rows.rows}>
        {[...turns]
          .sort((a, b) => trouble(b) - trouble(a))
          .slice(0, turnsShown)
          .map((turn) => (
            <li key={turn.id}>
              <TurnLine turn={turn} />
            </li>
          ))}
      </ul>
      {turns.length > turnsShown && <Text size="sm">{t("bulk.more_rows", { count: turns.length - turnsShown })}</Text>}
    </Stack>
  );
}

function TurnLine({ turn: { name, order, done, problem } }: { turn: Turn }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={rows.line}>
        <strong>{name}</strong>
        {problem !== undefined ? (
          <OrderMark state="failed" />
        ) : order || done ? (
          <OrderMark state={order?.state ?? "done"} />
        ) : (
          <Mark tone="muted" icon={Waiting}>
            {t("common.loading")}
          </Mark>
        )}
      </div>
      {(problem ?? order?.text) !== undefined && (
        <Text size="sm" component="div" c={order?.state === "done" ? undefined : "var(--mantine-color-error)"}>
          {problem === undefined ? (
            <SaidOrQuoted sentence={order?.sentence} text={order?.text} />
          ) : (
            <ProblemText error={problem} />
          )}
        </Text>
      )}
    </>
  );
}
