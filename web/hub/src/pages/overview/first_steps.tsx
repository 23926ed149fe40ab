import { Button, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Plus, Rocket } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import { Snippet } from "@chancery/shared/parts/copy.tsx";

// The first device, when there is none: the page's way and the command's.
export function FirstSteps() {
  const { t } = useTranslation();
  return (
    <Note tone="info" icon={Rocket} title={t("first_steps.title")}>
      <Stack gap="sm">
        <Text size="sm">{t("first_steps.text")}</Text>
        <Group>
          <Button component={Link} to="/nodes/new" size="xs" leftSection={<Plus size={14} aria-hidden />}>
            {t("nodes.add")}
          </Button>
        </Group>
        <Snippet label={t("first_steps.command")} text={"chancery challenge add ENDPOINT --subject CN=my-device"} />
      </Stack>
    </Note>
  );
}
