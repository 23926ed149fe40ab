import { Group } from "@mantine/core";
import type { ReactNode } from "react";

export function Buttons({ children }: { children: ReactNode }) {
  return <Group gap="xs">{children}</Group>;
}
