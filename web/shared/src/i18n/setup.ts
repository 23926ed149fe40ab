// Languages: English is always there, others are fetched when they are wanted.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en, type Texts } from "../texts/en.ts";

export const languages = {
  en: { name: "English", load: () => Promise.resolve(en as Texts) },
  de: { name: "Deutsch", load: () => import("../texts/de.ts").then((texts) => texts.de) },
  "pt-BR": { name: "Português (Brasil)", load: () => import("../texts/pt_br.ts").then((texts) => texts.ptBr) },
  nl: { name: "Nederlands", load: () => import("../texts/nl.ts").then((texts) => texts.nl) },
  ja: { name: "日本語", load: () => import("../texts/ja.ts").then((texts) => texts.ja) },
} as const;

export type Language = keyof typeof languages;

const storageKey = "chancery-language";

// The first language of `wanted` that is there; "pt" and "pt-PT" get the Portuguese that there is.
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const exact = Object.keys(languages).find((name) => name.toLowerCase() === tag.toLowerCase());
    const primary = Object.keys(languages).find((name) => name.split("-")[0] === tag.toLowerCase().split("-")[0]);
    if (exact ?? primary) return (exact ?? primary) as Language;
  }
  return "en";
}

export async function chooseLanguage(language: Language): Promise<void> {
  i18next.addResourceBundle(language, "translation", await languages[language].load());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(storageKey, language);
}

export async function startLanguages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  });
  const stored = localStorage.getItem(storageKey);
  const language = pickLanguage(stored ? [stored] : navigator.languages);
  document.documentElement.lang = language;
  if (language !== "en") {
    i18next.addResourceBundle(language, "translation", await languages[language].load());
    await i18next.changeLanguage(language);
  }
}
