import { defineConfig } from "vite";

// The build goes into the Python package; the gateway serves it at "/".
// Vite 6 and TypeScript 5.9 are the newest that run on Debian 12's Node 18.
export default defineConfig({
  base: "./",
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  build: { outDir: "../src/tinygest/web/page", emptyOutDir: true, target: "es2022" },
  server: { proxy: { "/api": { target: "http://127.0.0.1:5555", ws: true } } },
});
