import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Facts } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { useTell } from "../../parts/tell.ts";
import { PageHead } from "../../parts/page.tsx";
import { Section } from "../../parts/side_panel.tsx";
import { useSession } from "../../session.tsx";
import { PasswordForm } from "../../shell/password_form.tsx";

export function AccountPage() {
  const { t } = useTranslation();
  const session = useSession();
  const tell = useTell();
  if (!session) return null;
  return (
    <Stack gap="xl" maw={480}>
      <div>
        <PageHead title={t("shell.account")} />
        <Facts
          facts={[
            [t("sign_in.user"), session.user],
            [t("users.role"), `${t(`role.${session.role}`)}: ${t(`role_text.${session.role}`)}`],
            [t("account.expires"), <Moment key="expires" at={session.expires} show="both" />],
          ]}
        />
      </div>
      <Section title={t("password.title")}>
        <PasswordForm onDone={() => tell(t("password.changed"))} />
      </Section>
    </Stack>
  );
}
