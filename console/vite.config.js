import { defineConfig } from "vite";

// Two files with fixed names: the server adds the digest of each to its address, so that a browser may keep it for a year.
export default defineConfig({
  publicDir: false,
  build: {
    // The floor of the design: the last Chrome on Windows 7, and Firefox ESR.
    target: ["chrome109", "firefox115", "safari16"],
    cssTarget: ["chrome109", "firefox115", "safari16"],
    outDir: "dist",
    emptyOutDir: true,
    cssCodeSplit: false,
    modulePreload: false,
    rollupOptions: {
      // htmx can evaluate expressions; src/main.ts turns that off, and the content policy forbids it.
      onwarn: (warning, warn) => warning.code !== "EVAL" && warn(warning),
      input: "src/main.ts",
      output: { entryFileNames: "app.js", assetFileNames: "app[extname]", inlineDynamicImports: true },
    },
  },
});
