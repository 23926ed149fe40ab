import { ActionIcon, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Check, Languages, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, languages, type Language } from "@chancery/shared/i18n/setup.ts";

// How the buttons in the header look.
export const headerIcon = { variant: "subtle", color: "gray", c: "dimmed", size: "lg" } as const;

export function SchemeButton() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? t("shell.light") : t("shell.dark");
  return (
    <Tooltip label={label}>
      <ActionIcon {...headerIcon} aria-label={label} onClick={() => setColorScheme(dark ? "light" : "dark")}>
        {dark ? <Sun size={18} /> : <Moon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon {...headerIcon} aria-label={t("shell.language")} title={t("shell.language")}>
          <Languages size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(languages) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={i18n.language === language ? "true" : undefined}
            rightSection={i18n.language === language ? <Check size={14} aria-hidden /> : undefined}
            onClick={() => void chooseLanguage(language)}
          >
            {languages[language].name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
