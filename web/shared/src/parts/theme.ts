import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#e9f4f8",
  "#d3e6ed",
  "#a8d0de",
  "#7cbad0",
  "#58a6c2",
  "#3b95b6",
  "#1f7f9f",
  "#0b6481",
  "#08536c",
  "#064156",
];

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 7 },
  colors: { ink },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", "Hiragino Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  headings: {
    fontWeight: "650",
    sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.125rem" }, h3: { fontSize: "1rem" } },
  },
});

// Mantine's own greys for secondary text are too light for WCAG AA.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#525c68",
    "--mantine-color-placeholder": "#66707c",
    "--mantine-color-error": "#b42318",
    "--mantine-color-body": "#ffffff",
  },
  dark: {
    "--mantine-color-dimmed": "#a9b2be",
    "--mantine-color-placeholder": "#9aa3af",
    "--mantine-color-error": "#ff9a8f",
    "--mantine-color-anchor": "#7cc7e2",
    "--mantine-color-body": "#171a1f",
  },
});
