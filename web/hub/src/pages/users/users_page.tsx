import { Stack } from "@mantine/core";
import { Outlet, useParams } from "@tanstack/react-router";
import { LockKeyhole, Plus, Users } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Role, User } from "@chancery/shared/api/models.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Note } from "@chancery/shared/parts/note.tsx";
import { Act } from "../../parts/act.tsx";
import { textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column } from "../../parts/data_list.tsx";
import { TextField } from "../../parts/fields.tsx";
import { PageHead } from "../../parts/page.tsx";
import split from "../../parts/split.module.css";
import { hasRight, useSession } from "../../session.tsx";
import { NewPassword } from "./user_panel.tsx";
import { FirstPasswordField, OwnPasswordField, RoleField, UserMark } from "./user_parts.tsx";

export function UsersPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { name } = useParams({ strict: false });
  const columns = useMemo<Column<User>[]>(
    () => [
      textColumn({ id: "name", title: t("nodes.name"), text: (user) => user.name }),
      {
        id: "role",
        title: t("users.role"),
        cell: (user) => t(`role.${user.role}`),
        text: (user) => user.role,
        rank: 2,
      },
      {
        id: "state",
        title: t("nodes.state"),
        cell: (user) => <UserMark user={user} />,
        text: (user) => user.locked_until ?? "",
      },
      timeColumn({ id: "last", title: t("users.last_sign_in"), at: (user) => user.last_sign_in, rank: 2 }),
      timeColumn({ id: "created", title: t("users.created"), at: (user) => user.created, show: "date", rank: 3 }),
    ],
    [t],
  );
  if (!hasRight(session, "administer")) return <Note tone="info" icon={LockKeyhole} title={t("rights.administer")} />;
  return (
    <div className={split.split}>
      <div className={split.list}>
        <PageHead title={t("pages.users")} text={t("users.text")} />
        <DataList
          name="users"
          label={t("pages.users")}
          queryKey={["users", "list"]}
          fetch={async () => ({ rows: (await call("get", "/v1/users")).users })}
          columns={columns}
          rowId={(user) => user.name}
          place={(user) => ({ to: "/users/$name", params: { name: user.name } })}
          openId={name}
          actions={<AddUser />}
          empty={<Empty icon={Users} title={t("list.nothing")} />}
        />
      </div>
      <Outlet />
    </div>
  );
}

function AddUser() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [password, setPassword] = useState("");
  const [own, setOwn] = useState("");
  const [made, setMade] = useState<{ name: string; password?: string }>();
  const fresh = () => {
    setName("");
    setRole("operator");
    setPassword("");
    setOwn("");
  };
  return (
    <>
      <Act
        label={t("users.add")}
        icon={Plus}
        needs="administer"
        button={{ size: "sm" }}
        ask={
          <Stack gap="sm">
            <TextField label={t("nodes.name")} autoComplete="off" value={name} change={setName} required />
            <RoleField role={role} change={setRole} />
            <FirstPasswordField value={password} change={setPassword} />
            <OwnPasswordField value={own} change={setOwn} />
          </Stack>
        }
        fresh={fresh}
        run={async () =>
          setMade(
            await call("post", "/v1/users", {
              body: { name, role, password: password || undefined, own_password: own },
            }),
          )
        }
        done={t("users.added", { name })}
        topics={["users"]}
        after={fresh}
      />
      <NewPassword name={made?.name ?? ""} password={made?.password} close={() => setMade(undefined)} />
    </>
  );
}
