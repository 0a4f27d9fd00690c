import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { ExpectedConflict } from "../../sample-data/story.js";

/** Holds `conflicts.jsonl` against the conflicts a story knows of. @returns what is missing and what is too much */
export async function checkConflicts(
  file: string,
  expected: readonly ExpectedConflict[],
): Promise<readonly string[]> {
  const wanted = new Set(expected.map(nameOf));
  const surplus: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const conflict = JSON.parse(line) as ConflictLine;
    // Those that a strategy settled are listed, too.
    if (conflict.resolution !== null) continue;
    const name = nameOf(conflict);
    if (!wanted.delete(name)) surplus.push(`not expected: ${name}`);
  }
  return [...surplus, ...[...wanted].map((name) => `missing: ${name}`)];
}

interface ConflictLine extends ExpectedConflict {
  readonly resolution: string | null;
}

function nameOf({ table, key, kind, columns }: ExpectedConflict): string {
  return `${table} ${JSON.stringify(key)} ${kind} ${columns.join(", ")}`.trim();
}
