import { PasswordInput, TextInput, type PasswordInputProps, type TextInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Typed {
  value: string;
  change: (text: string) => void;
}

export function TextField({ change, ...input }: Typed & Omit<TextInputProps, "value" | "onChange">) {
  return <TextInput {...input} onChange={(event) => change(event.currentTarget.value)} />;
}

export function PasswordField({ change, ...input }: Typed & Omit<PasswordInputProps, "value" | "onChange">) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      withAsterisk={false}
      {...input}
      onChange={(event) => change(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
    />
  );
}
