import { Loader, Stack, Text } from "@mantine/core";
import { Info, TriangleAlert } from "lucide-react";
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Node } from "@chancery/shared/api/models.ts";
import { Note } from "@chancery/shared/parts/note.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { useNameList } from "../../parts/name_list.ts";
import { useRound, type OrderBody } from "../../parts/round.ts";
import { Confirm, RoundWindow } from "../../parts/round_view.tsx";
import { firstTargets, TargetFields, useTargetNodes } from "./targets.tsx";

interface RoundProps {
  label: string;
  dangerous?: boolean;
  // On whose panel somebody asks, or for which clusters.
  node?: Node;
  clusters?: string[];
  // Those and no others: somebody has selected them already.
  nodes?: Node[];
  // It concerns that node only.
  alone?: boolean;
  // What to ask for; undefined while the fields do not say it.
  body: OrderBody | undefined;
  fields?: ReactNode;
  // What will happen on so many nodes of those names.
  says: (what: { count: number; names: string }) => string;
}

export interface RoundDialogProps extends RoundProps {
  opened: boolean;
  close: () => void;
  // Once nothing of it is to be seen any more.
  closed?: () => void;
}

// Asks the same of one node or of many: says what will happen on which of them, then shows what became of each. It stands apart from its
// button for lists whose rows go when their order is done: what became of it is still to be seen then.
export function RoundDialog({ opened, close, closed, ...ask }: RoundDialogProps) {
  const { body } = ask;
  // As it was when it began: what is asked once more is the same.
  const begun = useRef<OrderBody>(undefined);
  const round = useRound({
    verb: body?.verb,
    create: ({ id }) => call("post", "/v1/nodes/{id}/orders", { path: { id: Number(id) }, body: begun.current! }),
  });
  const start = (nodes: Node[]) => {
    begun.current = body;
    void round.start(nodes);
  };
  return (
    <RoundWindow title={ask.label} round={round} opened={opened} close={close} closed={closed}>
      <Ask {...ask} start={start} close={close} />
    </RoundWindow>
  );
}

interface AskProps extends RoundProps {
  start: (nodes: Node[]) => void;
  close: () => void;
}

function Ask({ label, dangerous, node, clusters, nodes: given, alone, body, fields, says, start, close }: AskProps) {
  const { t } = useTranslation();
  const [targets, setTargets] = useState(() => firstTargets(node, clusters));
  const { nodes, skipped, pending, error } = useTargetNodes(targets, node, given);
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
        {!alone && !given && <TargetFields targets={targets} change={setTargets} node={node} />}
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
