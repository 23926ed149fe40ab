import { Group, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { LanguageMenu, SchemeButton } from "./preferences.tsx";
import classes from "./shell.module.css";

// The frame of the pages that come before the shell.
export function Doorway({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.doorway}>
      <Group justify="flex-end" p="sm" component="header">
        <LanguageMenu />
        <SchemeButton />
      </Group>
      <main className={classes.doorwayMain}>
        <Stack gap="lg" className={classes.doorwayBox}>
          <Group gap="sm" justify="center">
            <img src="/icon.svg" width={36} height={36} alt="" />
            <span className={classes.brandLarge}>Chancery</span>
          </Group>
          <Paper withBorder p="lg" radius="lg" shadow="sm">
            <Stack>
              <Title order={1} size="h2">
                {title}
              </Title>
              {children}
            </Stack>
          </Paper>
        </Stack>
      </main>
    </div>
  );
}
