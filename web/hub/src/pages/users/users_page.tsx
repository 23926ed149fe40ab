import { NativeSelect, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { KeyRound, LockKeyhole, LockKeyholeOpen, Plus, ShieldCheck, Trash2, UserCog, Users } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import { call } from "@chancery/shared/api/client.ts";
import type { Role, User } from "@chancery/shared/api/models.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { DataList, type Column } from "../../parts/data_list.tsx";
import { PageHead } from "../../parts/page.tsx";
import { hasRight, useSession } from "../../session.tsx";

const roles = ["administrator", "operator", "auditor"] as const;

export function UsersPage() {
  const { t } = useTranslation();
  const session = useSession();
  const columns = useMemo<Column<User>[]>(
    () => [
      { id: "name", title: t("nodes.name"), cell: (user) => user.name, text: (user) => user.name },
      { id: "role", title: t("users.role"), cell: (user) => t(`role.${user.role}`), text: (user) => user.role },
      {
        id: "state",
        title: t("nodes.state"),
        cell: (user) => <UserMark user={user} />,
        text: (user) => user.locked_until ?? "",
        rank: 2,
      },
      {
        id: "last",
        title: t("users.last_sign_in"),
        cell: (user) => <Moment at={user.last_sign_in} />,
        text: (user) => user.last_sign_in ?? "",
        rank: 2,
      },
      {
        id: "created",
        title: t("users.created"),
        cell: (user) => <Moment at={user.created} show="date" />,
        text: (user) => user.created,
        rank: 3,
      },
      { id: "actions", title: t("node.actions"), cell: (user) => <UserActions user={user} />, text: () => "" },
    ],
    [t],
  );
  if (!hasRight(session, "administer")) return <Note tone="info" icon={LockKeyhole} title={t("rights.administer")} />;
  return (
    <>
      <PageHead title={t("pages.users")} text={t("users.text")} />
      <DataList
        name="users"
        label={t("pages.users")}
        queryKey={["users", "list"]}
        fetch={async () => ({ rows: (await call("get", "/v1/users")).users })}
        columns={columns}
        rowId={(user) => user.name}
        actions={<AddUser />}
        empty={<Empty icon={Users} title={t("list.nothing")} />}
      />
    </>
  );
}

function isLocked(user: User): boolean {
  return user.locked_until !== undefined && Date.parse(user.locked_until) > Date.now();
}

function UserMark({ user }: { user: User }) {
  const { t } = useTranslation();
  if (isLocked(user)) {
    return (
      <Mark tone="bad" icon={LockKeyhole}>
        {t("users.locked")} <Moment at={user.locked_until} />
      </Mark>
    );
  }
  return user.must_change_password ? (
    <Mark tone="warn" icon={KeyRound}>
      {t("users.must_change")}
    </Mark>
  ) : (
    <Mark tone="ok" icon={ShieldCheck}>
      {t("users.active")}
    </Mark>
  );
}

interface RoleFieldProps {
  role: Role;
  change: (role: Role) => void;
}

function RoleField({ role, change }: RoleFieldProps) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={t("users.role")}
      description={t(`role_text.${role}`)}
      data={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
      value={role}
      onChange={(event) => change(event.currentTarget.value as Role)}
    />
  );
}

function PasswordField({ value, change }: { value: string; change: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t("users.password")}
      description={t("users.password_text")}
      autoComplete="new-password"
      minLength={12}
      required
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
    />
  );
}

function AddUser() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [password, setPassword] = useState("");
  return (
    <Act
      label={t("users.add")}
      icon={Plus}
      needs="administer"
      button={{ size: "sm" }}
      ask={
        <Stack gap="sm">
          <TextInput
            label={t("nodes.name")}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
          <RoleField role={role} change={setRole} />
          <PasswordField value={password} change={setPassword} />
        </Stack>
      }
      run={() => call("post", "/v1/users", { body: { name, role, password } })}
      done={t("users.added", { name })}
      topics={["users"]}
      after={() => {
        setName("");
        setPassword("");
      }}
    />
  );
}

function UserActions({ user }: { user: User }) {
  const { t } = useTranslation();
  const session = useSession();
  const [role, setRole] = useState<Role>(user.role);
  const [password, setPassword] = useState("");
  const path = { name: user.name };
  const own = session?.user === user.name ? t("users.own") : undefined;
  const common = { needs: "administer", topics: ["users"] } as const;
  return (
    <Buttons>
      <Act
        {...common}
        label={t("users.change_role")}
        icon={UserCog}
        refused={own}
        ask={<RoleField role={role} change={setRole} />}
        run={() => call("patch", "/v1/users/{name}", { path, body: { role } })}
      />
      <Act
        {...common}
        label={t("users.reset_password")}
        icon={KeyRound}
        refused={own}
        ask={<PasswordField value={password} change={setPassword} />}
        run={() => call("patch", "/v1/users/{name}", { path, body: { password } })}
        after={() => setPassword("")}
      />
      {isLocked(user) && (
        <Act
          {...common}
          label={t("users.unlock")}
          icon={LockKeyholeOpen}
          run={() => call("patch", "/v1/users/{name}", { path, body: { unlock: true } })}
        />
      )}
      <Act
        {...common}
        label={t("users.remove")}
        icon={Trash2}
        dangerous
        refused={own}
        ask={<Text size="sm">{t("users.remove_text", { name: user.name })}</Text>}
        run={() => call("delete", "/v1/users/{name}", { path })}
      />
    </Buttons>
  );
}
