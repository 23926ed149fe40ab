import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { environment: "node", include: ["{hub,shared}/src/**/*.test.{ts,tsx}"], env: { TZ: "UTC" } },
});
