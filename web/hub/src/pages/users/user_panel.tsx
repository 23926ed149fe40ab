import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Ban, CircleCheck, KeyRound, LockKeyholeOpen, Trash2, UserCog } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Role, User } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Facts } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Act } from "../../parts/act.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section, SidePanel } from "../../parts/side_panel.tsx";
import { usersQuery } from "../../queries.ts";
import { useSession } from "../../session.tsx";
import { FirstPasswordField, isLocked, OwnPasswordField, RoleField, UserMark } from "./user_parts.tsx";

export function UserPanel() {
  const { t } = useTranslation();
  const { name = "" } = useParams({ strict: false });
  const { data, error, isPending } = useQuery(usersQuery);
  const user = data?.users.find((each) => each.name === name);
  return (
    <SidePanel
      id={name}
      listAt="/users"
      title={name}
      pending={isPending}
      error={user || isPending ? undefined : (error ?? t("list.nothing"))}
      marks={user && <UserMark user={user} />}
    >
      {user && (
        <>
          <Section title={t("node.actions")}>
            <UserActions key={user.name} user={user} />
          </Section>
          <Facts
            facts={[
              [t("users.role"), `${t(`role.${user.role}`)}: ${t(`role_text.${user.role}`)}`],
              [t("users.last_sign_in"), user.last_sign_in && <Moment at={user.last_sign_in} show="both" />],
              [t("users.locked"), isLocked(user) && <Moment at={user.locked_until} show="both" />],
              [t("users.created"), <Moment key="created" at={user.created} show="both" />],
            ]}
          />
        </>
      )}
    </SidePanel>
  );
}

function UserActions({ user }: { user: User }) {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const [role, setRole] = useState<Role>(user.role);
  const [password, setPassword] = useState("");
  const [ownPassword, setOwnPassword] = useState("");
  const [generated, setGenerated] = useState<string>();
  const path = { name: user.name };
  const own = session?.user === user.name ? t("users.own") : undefined;
  const common = { needs: "administer", topics: ["users"], refused: own } as const;
  // What will happen, and the question that somebody at an unlocked screen cannot answer.
  const asked = (what: ReactNode) => (
    <Stack gap="sm">
      {what}
      <OwnPasswordField value={ownPassword} change={setOwnPassword} />
    </Stack>
  );
  const told = (text: string) => asked(<Text size="sm">{text}</Text>);
  return (
    <Buttons>
      <Act
        {...common}
        label={t("users.change_role")}
        icon={UserCog}
        confirm={t("common.save")}
        ask={asked(<RoleField role={role} change={setRole} />)}
        fresh={() => setRole(user.role)}
        run={() => call("patch", "/v1/users/{name}", { path, body: { role, own_password: ownPassword } })}
      />
      <Act
        {...common}
        label={t("users.reset_password")}
        icon={KeyRound}
        ask={asked(<FirstPasswordField value={password} change={setPassword} />)}
        fresh={() => setPassword("")}
        run={async () => {
          const body = { ...(password === "" ? { generate_password: true } : { password }), own_password: ownPassword };
          setGenerated((await call("patch", "/v1/users/{name}", { path, body })).password);
        }}
        after={() => setPassword("")}
      />
      {isLocked(user) && (
        <Act
          {...common}
          label={t("users.unlock")}
          icon={LockKeyholeOpen}
          ask={told(t("users.unlock_text", { name: user.name }))}
          run={() => call("patch", "/v1/users/{name}", { path, body: { unlock: true, own_password: ownPassword } })}
        />
      )}
      <Act
        {...common}
        label={user.disabled ? t("users.enable") : t("users.disable")}
        icon={user.disabled ? CircleCheck : Ban}
        ask={told(t(user.disabled ? "users.enable_text" : "users.disable_text", { name: user.name }))}
        run={() =>
          call("patch", "/v1/users/{name}", { path, body: { disabled: !user.disabled, own_password: ownPassword } })
        }
      />
      <Act
        {...common}
        label={t("users.remove")}
        icon={Trash2}
        dangerous
        ask={told(t("users.remove_text", { name: user.name }))}
        run={() => call("delete", "/v1/users/{name}", { path, body: { own_password: ownPassword } })}
        after={() => void navigate({ to: "/users" })}
      />
      <NewPassword name={user.name} password={generated} close={() => setGenerated(undefined)} />
    </Buttons>
  );
}

interface NewPasswordProps {
  name: string;
  password: string | undefined;
  close: () => void;
}

// A password that the hub made, shown this once.
export function NewPassword({ name, password, close }: NewPasswordProps) {
  const { t } = useTranslation();
  return (
    <Dialog keep opened={password !== undefined} close={close} title={t("users.generated", { name })}>
      <Stack>
        <Text size="sm">{t("users.generated_text")}</Text>
        <Snippet label={t("users.password")} text={password ?? ""} />
      </Stack>
    </Dialog>
  );
}
