import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../build.js";

const repository = join(import.meta.dirname, "..", "..");

/**
 * Builds the program as it is shipped, in a folder where it finds its packages. Whoever asked removes that.
 * @returns the folder, as the package is installed, and the file that node runs
 */
export function buildProgram(): { readonly folder: string; readonly main: string } {
  const cache = join(repository, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "program-"));
  cpSync(join(repository, "package.json"), join(folder, "package.json"));
  bundle(join(folder, "dist"));
  return { folder, main: join(folder, "dist", "cli", "main.js") };
}
