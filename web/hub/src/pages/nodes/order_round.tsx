import { Button, Group, Loader, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { CircleX, Info, Loader as Waiting, RotateCcw, TriangleAlert, type LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Note } from "@chancery/shared/parts/note.tsx";
import { ProblemText, SaidOrQuoted } from "@chancery/shared/parts/said.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useNameList } from "../../parts/name_list.ts";
import { OrderMark } from "../../parts/states.tsx";
import { hasRight, useSession } from "../../session.tsx";
import rows from "../../parts/rows.module.css";
import { hasFailed, isUnderWay, useRound, type OrderBody, type Turn } from "./round.ts";
import { firstTargets, TargetFields, useTargetNodes } from "./targets.tsx";

interface OrderRoundProps {
  label: string;
  icon: LucideIcon;
  dangerous?: boolean;
  // On whose panel the button stands, or which clusters it is for.
  node?: Node;
  clusters?: string[];
  // It concerns that node only.
  alone?: boolean;
  refused?: string;
  // What to ask for; undefined while the fields do not say it.
  body: OrderBody | undefined;
  fields?: ReactNode;
  // What will happen on so many nodes of those names.
  says: (what: { count: number; names: string }) => string;
}

// A button that asks the same of one node or of many: says what will happen on which of them, then shows what became of each.
export function OrderRound({ icon, refused, ...ask }: OrderRoundProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <RoundButton label={ask.label} icon={icon} refused={refused} press={() => setOpen(true)} />
      <RoundDialog {...ask} opened={open} close={() => setOpen(false)} />
    </>
  );
}

interface RoundButtonProps extends Pick<OrderRoundProps, "label" | "icon" | "refused"> {
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

interface RoundDialogProps extends Omit<OrderRoundProps, "icon" | "refused"> {
  opened: boolean;
  close: () => void;
}

// Stands apart from its button for lists whose rows go when their order is done: what became of it is still to be seen then.
export function RoundDialog({ opened, close, ...ask }: RoundDialogProps) {
  const { body } = ask;
  const round = useRound({
    verb: body?.verb,
    create: ({ id }) => call("post", "/v1/nodes/{id}/orders", { path: { id }, body: body! }),
  });
  return (
    <Dialog title={ask.label} opened={opened} close={close} closed={() => !round.asking && round.clear()}>
      {round.turns.length === 0 ? (
        <Ask {...ask} start={(nodes) => void round.start(nodes)} close={close} />
      ) : (
        <Progress turns={round.turns} asking={round.asking} retry={() => void round.retry()} close={close} />
      )}
    </Dialog>
  );
}

interface AskProps extends Omit<OrderRoundProps, "icon" | "refused"> {
  start: (nodes: Node[]) => void;
  close: () => void;
}

function Ask({ label, dangerous, node, clusters, alone, body, fields, says, start, close }: AskProps) {
  const { t } = useTranslation();
  const [targets, setTargets] = useState(() => firstTargets(node, clusters));
  const { nodes, skipped, pending, error } = useTargetNodes(targets, node);
  const count = nodes.length;
  const offline = nodes.filter(({ online }) => !online).length;
  const nameList = useNameList();
  const list = (some: Node[]) => nameList(some.map(({ name }) => name));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (body && count > 0) start(nodes);
      }}
    >
      <Stack gap="md">
        {fields}
        {!alone && <TargetFields targets={targets} change={setTargets} node={node} />}
        <Trouble error={error} />
        <div role="status">
          {pending ? (
            <Loader size="sm" />
          ) : count === 0 ? (
            <Text size="sm">{t("round.nobody")}</Text>
          ) : (
            <Note tone={dangerous ? "bad" : "info"} icon={dangerous ? TriangleAlert : Info}>
              <Text size="sm">{says({ count, names: list(nodes) })}</Text>
              {offline > 0 && <Text size="sm">{t("round.offline", { count: offline })}</Text>}
            </Note>
          )}
          {skipped.length > 0 && (
            <Text size="sm" mt="xs">
              {t("round.skipped", { count: skipped.length, names: list(skipped) })}
            </Text>
          )}
        </div>
        <Confirm label={label} count={count} dangerous={dangerous} close={close} />
      </Stack>
    </form>
  );
}

interface ConfirmProps {
  label: string;
  count: number;
  dangerous?: boolean;
  close: () => void;
}

// The end of the form that begins a round. Whoever disturbs many at once has looked at how many.
export function Confirm({ label, count, dangerous, close }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <>
      {dangerous && count > 1 && (
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

interface ProgressProps {
  turns: Turn[];
  asking: boolean;
  retry: () => void;
  close: () => void;
}

// What failed comes first, what is done last.
const trouble = (turn: Turn) => (hasFailed(turn) ? 2 : isUnderWay(turn) ? 1 : 0);

export function Progress({ turns, asking, retry, close }: ProgressProps) {
  const { t } = useTranslation();
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
        </Text>
        <Group gap="xs">
          {failed > 0 && !asking && (
            <Button variant="default" leftSection={<RotateCcw size={14} aria-hidden />} onClick={retry}>
              {t("round.retry", { count: failed })}
            </Button>
          )}
          <Button variant="default" onClick={close}>
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
          .map(({ id, name, order, problem }) => (
            <li key={id}>
              <div className={rows.line}>
                <strong>{name}</strong>
                {problem !== undefined ? (
                  <Mark tone="bad" icon={CircleX}>
                    {t("round.not_asked")}
                  </Mark>
                ) : order ? (
                  <OrderMark state={order.state} />
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
            </li>
          ))}
      </ul>
    </Stack>
  );
}
