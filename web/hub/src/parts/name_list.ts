import { useTranslation } from "react-i18next";

const namesShown = 5;

// "a, b, c and 7 more".
export function useNameList(): (names: string[]) => string {
  const { t, i18n } = useTranslation();
  return (names) => {
    const shown = names.slice(0, namesShown);
    if (names.length > namesShown) shown.push(t("round.more", { count: names.length - namesShown }));
    return new Intl.ListFormat(i18n.language).format(shown);
  };
}
