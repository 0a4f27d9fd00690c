import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Levels that may ask for databases (test/support/database.ts). Nothing else starts the PostgreSQL server. */
const withServer = ["test/{cli,e2e,fuzz,golden}/**/*.test.ts"];
const tests = ["test/**/*.test.{ts,tsx}"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Processes, not threads: DuckDB is a native module, and some tests change the working directory or are killed.
    pool: "forks",
    // All of them ask one PostgreSQL, which needs processors, too.
    maxWorkers: Math.min(4, availableParallelism()),
    projects: [
      { extends: true, test: { name: "alone", include: tests, exclude: withServer } },
      {
        extends: true,
        test: { name: "server", include: withServer, globalSetup: ["test/global-setup.ts"] },
      },
    ],
  },
});
