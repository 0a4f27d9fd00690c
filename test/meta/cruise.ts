import { existsSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";

export const repository = join(import.meta.dirname, "..", "..");

/** The parts of the tree that hold our code. The package's script `layers` names the same. */
const parts = ["src", "cli", "merge-strategies", "sample-data", "report-page", "test", "bench"];

/** Every import of a tree, held against the rules of `.dependency-cruiser.mjs`. */
export async function cruiseTree(folder: string): Promise<ICruiseResult> {
  const options = await extractDepcruiseOptions(join(repository, ".dependency-cruiser.mjs"));
  const there = parts.filter((part) => existsSync(join(folder, part)));
  const { output } = await cruise(there, { ...options, baseDir: folder });
  return output as ICruiseResult;
}
