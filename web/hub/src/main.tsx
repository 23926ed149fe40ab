import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@chancery/shared/parts/theme.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem, watchUse, whenSignedOut } from "@chancery/shared/api/client.ts";
import { startLanguages } from "@chancery/shared/i18n/setup.ts";
import { theme, variables } from "@chancery/shared/parts/theme.ts";
import { makeRouter } from "./router.tsx";
import { sessionQuery } from "./session.tsx";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What is shown is fetched anew when the hub says that it changed (live.ts).
      staleTime: 60_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
  },
});
watchUse();
whenSignedOut(() => {
  if (client.getQueryData(sessionQuery.queryKey)) client.setQueryData(sessionQuery.queryKey, null);
});

const router = makeRouter();

void startLanguages().then(() =>
  createRoot(document.getElementById("root")!).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <Notifications position="bottom-right" />
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  ),
);
