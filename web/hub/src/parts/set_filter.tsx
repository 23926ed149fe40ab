import { Button, Group, Text } from "@mantine/core";
import { Filter } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFilters } from "../filters.ts";

interface SetFilterProps {
  // In the address.
  names: string[];
  label: string;
  value: string;
}

// A filter that a link set and the list has no field for, with the way out of it.
export function SetFilter({ names, label, value }: SetFilterProps) {
  const { t } = useTranslation();
  const [, change] = useFilters();
  return (
    <Group gap="xs" mb="sm">
      <Filter size={16} aria-hidden />
      <Text size="sm">
        {label}: {value}
      </Text>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${t("list.clear")}: ${label}`}
        onClick={() => change(Object.fromEntries(names.map((name) => [name, undefined])))}
      >
        {t("list.clear")}
      </Button>
    </Group>
  );
}
