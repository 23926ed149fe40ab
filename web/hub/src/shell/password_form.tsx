import { Button, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { PasswordField } from "../parts/fields.tsx";
import { useSetSession } from "../session.tsx";

const leastLength = 12;

// Changes one's own password. The hub ends all other sessions of the user then.
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const setSession = useSetSession();
  const [old, setOld] = useState("");
  const [wanted, setWanted] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const differs = again !== "" && again !== wanted;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted !== again) return;
    setBusy(true);
    setError(undefined);
    try {
      // The other sessions of the user end; this one goes on with a new token.
      setSession(await call("post", "/v1/session/password", { body: { old_password: old, new_password: wanted } }));
      setOld("");
      setWanted("");
      setAgain("");
      onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack>
        <PasswordField label={t("password.old")} autoComplete="current-password" value={old} change={setOld} required />
        <PasswordField
          label={t("password.new")}
          description={t("password.rule", { count: leastLength })}
          autoComplete="new-password"
          minLength={leastLength}
          value={wanted}
          change={setWanted}
          required
        />
        <PasswordField
          label={t("password.again")}
          autoComplete="new-password"
          value={again}
          error={differs ? t("password.differs") : undefined}
          change={setAgain}
          required
        />
        <Trouble error={error} />
        <Button type="submit" loading={busy} disabled={differs}>
          {t("password.submit")}
        </Button>
      </Stack>
    </form>
  );
}
