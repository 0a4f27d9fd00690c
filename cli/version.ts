import { createRequire } from "node:module";

/** From package.json, wherever the program was installed: beside `dist/` once built, beside `cli/` in a checkout. */
export const version: string = readVersion();

function readVersion(): string {
  const require = createRequire(import.meta.url);
  for (const place of ["../../package.json", "../package.json"]) {
    try {
      const { name, version } = require(place) as { name?: string; version?: string };
      if (name === "pgmend" && version !== undefined) return version;
    } catch {
      // Not there: it is at the other place.
    }
  }
  throw new Error("package.json of pgmend was not found");
}
