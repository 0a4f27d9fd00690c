import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { variable } from "./test/matrix/binaries.js";

/** Levels that may ask for databases (test/support/database.ts). Nothing else starts the PostgreSQL server. */
const withServer = ["test/{cli,e2e,fuzz,golden}/**/*.test.ts"];
const tests = ["test/**/*.test.{ts,tsx}"];

/** What runs on other servers, with `npm run test:matrix`; the folder of that name runs nowhere else. */
const matrix = ["test/matrix/**/*.test.ts"];
const onEveryServer = [
  ...matrix,
  "test/e2e/{pitfalls/pitfalls-values,pitfalls/pitfalls-keys,every-type}.test.ts",
  "test/fuzz/types.test.ts",
];
const globalSetup = ["test/global-setup.ts"];
const servers = process.env[variable];

export default defineConfig({
  test: {
    // The matrix runs for long, and beside other things.
    testTimeout: servers === undefined ? 30_000 : 300_000,
    hookTimeout: servers === undefined ? 60_000 : 300_000,
    // Processes, not threads: DuckDB is a native module, and some tests change the working directory or are killed.
    pool: "forks",
    // All of them ask one PostgreSQL, which needs processors, too.
    maxWorkers: Math.min(4, availableParallelism()),
    projects:
      servers === undefined
        ? [
            { extends: true, test: { name: "alone", include: tests, exclude: [...withServer, ...matrix] } },
            { extends: true, test: { name: "server", include: withServer, globalSetup } },
          ]
        : [{ extends: true, test: { name: `on ${servers}`, include: onEveryServer, globalSetup } }],
  },
});
