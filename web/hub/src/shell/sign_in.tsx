import { Button, Stack } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { PasswordField, TextField } from "../parts/fields.tsx";
import { useSetSession } from "../session.tsx";
import { Doorway } from "./doorway.tsx";

export function SignIn() {
  const { t } = useTranslation();
  const setSession = useSetSession();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      setSession(await call("post", "/v1/session", { body: { user, password } }));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Doorway title={t("sign_in.title")}>
      <form onSubmit={(event) => void signIn(event)}>
        <Stack>
          <TextField
            label={t("sign_in.user")}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            withAsterisk={false}
            value={user}
            change={setUser}
          />
          <PasswordField
            label={t("sign_in.password")}
            name="password"
            autoComplete="current-password"
            required
            value={password}
            change={setPassword}
          />
          <Trouble error={error} />
          <Button type="submit" loading={busy} fullWidth>
            {t("sign_in.submit")}
          </Button>
        </Stack>
      </form>
    </Doorway>
  );
}
