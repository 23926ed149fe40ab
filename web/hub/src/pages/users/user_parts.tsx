import { NativeSelect } from "@mantine/core";
import { Ban, KeyRound, LockKeyhole, ShieldCheck } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Role, User } from "@chancery/shared/api/models.ts";
import { Mark } from "@chancery/shared/parts/mark.tsx";
import { PasswordField } from "../../parts/fields.tsx";

const roles = ["administrator", "operator", "auditor"] as const;

export function isLocked(user: User): boolean {
  return user.locked_until !== undefined && Date.parse(user.locked_until) > Date.now();
}

export function UserMark({ user }: { user: User }) {
  const { t } = useTranslation();
  if (user.disabled) {
    return (
      <Mark tone="muted" icon={Ban}>
        {t("users.disabled")}
      </Mark>
    );
  }
  if (isLocked(user)) {
    return (
      <Mark tone="bad" icon={LockKeyhole}>
        {t("users.locked_now")}
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

export function RoleField({ role, change }: { role: Role; change: (role: Role) => void }) {
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

interface PasswordProps {
  value: string;
  change: (text: string) => void;
}

export function FirstPasswordField(props: PasswordProps) {
  const { t } = useTranslation();
  return (
    <PasswordField
      label={t("users.password")}
      description={t("users.password_text")}
      autoComplete="new-password"
      minLength={12}
      {...props}
    />
  );
}

// Somebody at an unlocked screen should not be able to make an account of his own, to take one over, or to shut others out.
export function OwnPasswordField({ value, change }: PasswordProps) {
  const { t } = useTranslation();
  // Nor to find it typed already, where somebody gave up: it goes with the dialog. `change` is a state's, and stays.
  useEffect(() => () => change(""), [change]);
  return (
    <PasswordField
      value={value}
      change={change}
      label={t("users.own_password")}
      description={t("users.own_password_text")}
      autoComplete="current-password"
      required
      withAsterisk
    />
  );
}
