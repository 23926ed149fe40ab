import { CloseButton, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFilters } from "../filters.ts";

// The text that a list is searched for. `tidy` makes of it what the server keeps.
export function TextFilter({
  label,
  tidy = (text) => text.trim(),
}: {
  label: string;
  tidy?: (text: string) => string;
}) {
  const { t } = useTranslation();
  const [search, change] = useFilters();
  const [typed, setTyped] = useState(search.text ?? "");
  const [sent, setSent] = useState(search.text ?? "");
  // The address changed by other means: a link, or the browser's back button.
  if ((search.text ?? "") !== sent) {
    setSent(search.text ?? "");
    setTyped(search.text ?? "");
  }
  const send = useDebouncedCallback((text: string) => {
    setSent(tidy(text));
    change({ text: tidy(text) });
  }, 250);
  const type = (text: string) => {
    setTyped(text);
    send(text);
  };
  return (
    <TextInput
      label={t("list.search")}
      placeholder={label}
      size="sm"
      w={{ base: "100%", xs: 240 }}
      leftSection={<Search size={15} aria-hidden />}
      rightSection={typed !== "" && <CloseButton size="sm" aria-label={t("list.clear")} onClick={() => type("")} />}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

interface ChoiceFilterProps {
  name: string;
  label: string;
  // What the list shows without a choice.
  usual: string;
  choices: { value: string; label: string }[];
}

export function ChoiceFilter({ name, label, usual, choices }: ChoiceFilterProps) {
  const [search, change] = useFilters();
  const value = search[name] ?? "";
  // A value from the address that this page has no word for is still a choice.
  const extra = value !== "" && !choices.some((choice) => choice.value === value) ? [{ value, label: value }] : [];
  return (
    <NativeSelect
      label={label}
      size="sm"
      w={{ base: "calc(50% - 0.4rem)", xs: "auto" }}
      maw={{ xs: 240 }}
      value={value}
      data={[{ value: "", label: usual }, ...choices, ...extra]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
}

// A day, from or until which the list goes.
export function DayFilter({ name, label }: { name: string; label: string }) {
  const [search, change] = useFilters();
  return (
    <TextInput
      type="date"
      label={label}
      size="sm"
      w={{ base: "calc(50% - 0.4rem)", xs: "auto" }}
      value={search[name] ?? ""}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
}
