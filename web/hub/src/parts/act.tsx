import { Button, Group, Stack, Tooltip, type ButtonProps } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { LucideIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemText } from "@chancery/shared/parts/said.tsx";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { invalidate } from "../live.ts";
import { Dialog } from "./dialog.tsx";
import { useTell } from "./tell.ts";
import { hasRight, useSession, type Right } from "../session.tsx";

interface ActProps {
  label: string;
  icon?: LucideIcon;
  needs: Right;
  // What will happen, and fields, shown before anything does; without it the button acts at once.
  ask?: ReactNode;
  // Sets these fields as they are at first: whoever gave up left nothing for the next time.
  fresh?: () => void;
  confirm?: string;
  dangerous?: boolean;
  // Why it cannot be done now.
  refused?: string;
  run: () => Promise<unknown>;
  done?: string;
  topics: readonly string[];
  after?: () => void;
  button?: ButtonProps;
}

// A button that changes something on the hub: says what will happen, does it, and says what the hub said when it fails.
export function Act({
  label,
  icon: Icon,
  needs,
  ask,
  fresh,
  confirm,
  dangerous,
  refused,
  run,
  done,
  topics,
  after,
  button,
}: ActProps) {
  const { t } = useTranslation();
  const session = useSession();
  const client = useQueryClient();
  const tell = useTell();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const why = hasRight(session, needs) ? refused : t(`rights.${needs}`);

  const act = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await run();
      setOpen(false);
      invalidate(client, topics);
      if (done) tell(done);
      after?.();
    } catch (problem) {
      setError(problem);
      if (!ask) {
        tell(<ProblemText error={problem} />, { title: label });
      }
    } finally {
      setBusy(false);
    }
  };
  const press = () => {
    if (why !== undefined) return;
    setError(undefined);
    if (!ask) return void act();
    fresh?.();
    setOpen(true);
  };

  const trigger = (
    <Button
      size="xs"
      variant="default"
      leftSection={Icon && <Icon size={14} aria-hidden />}
      loading={busy && !open}
      onClick={press}
      aria-disabled={why !== undefined}
      data-disabled={why !== undefined || undefined}
      {...button}
    >
      {label}
    </Button>
  );
  return (
    <>
      {why === undefined ? trigger : <Tooltip label={why}>{trigger}</Tooltip>}
      {ask && (
        <Dialog title={label} opened={open} close={() => setOpen(false)}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void act();
            }}
          >
            <Stack gap="md">
              {ask}
              <Trouble error={error} />
              <Group justify="flex-end">
                <Button variant="default" onClick={() => setOpen(false)}>
                  {t("common.cancel")}
                </Button>
                <Button type="submit" loading={busy} color={dangerous ? "red.9" : undefined}>
                  {confirm ?? label}
                </Button>
              </Group>
            </Stack>
          </form>
        </Dialog>
      )}
    </>
  );
}
