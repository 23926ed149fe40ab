import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Doorway } from "./doorway.tsx";
import { PasswordForm } from "./password_form.tsx";

// Whoever got a password from somebody else makes one that nobody else knows.
export function FirstPassword() {
  const { t } = useTranslation();
  return (
    <Doorway title={t("password.first_title")}>
      <Text size="sm">{t("password.first_text")}</Text>
      <PasswordForm onDone={() => undefined} />
    </Doorway>
  );
}
