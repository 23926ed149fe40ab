import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What is built is embedded in the server and served with `default-src 'self'`: no inline scripts, no data: addresses.
export default defineConfig({
  root: here("."),
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    port: 5174,
    proxy: { "/api": { target: process.env.CHANCERY_HUB ?? "http://127.0.0.1:5175", secure: false } },
  },
  build: {
    outDir: here("../dist/hub"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name]-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        manualChunks: (id) => {
          if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return "react";
          if (/node_modules\/@tanstack\//.test(id)) return "tanstack";
          return undefined;
        },
      },
    },
  },
});
