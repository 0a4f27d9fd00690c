import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type TimelineSummary, timelineFile, UsageError } from "../../src/index.js";

const operation = z.enum(["insert", "update", "delete"]);
const counts = z.object({ insert: z.number(), update: z.number(), delete: z.number() });
const kind = z.object({
  operation,
  rows: z.number(),
  columns: z.array(
    z.object({
      name: z.string(),
      transition: z.enum(["to-null", "from-null", "between"]),
      value: z.string().nullable(),
    }),
  ),
});

/** As much of it as is shown; a stranger's file may hold anything. */
const summary = z.object({
  formatVersion: z.literal(1),
  abnormal: z.number(),
  intervals: z
    .array(
      z.object({
        from: z.string(),
        to: z.string(),
        minutes: z.number().nullable(),
        counts,
        abnormal: z.boolean(),
        findings: z.array(
          kind.extend({
            reason: z.enum(["emptied", "dropped", "unusual"]),
            table: z.string(),
            usual: z.number().nullable(),
          }),
        ),
        tables: z.array(z.object({ table: z.string(), counts, kinds: z.array(kind) })),
      }),
    )
    .min(1),
  suggestions: z.array(z.object({ pre: z.string(), post: z.string(), command: z.string() })),
});

/** The file that is meant: itself, or the one in a folder; undefined: there is none. @param path absolute */
export function timelineIn(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return path;
  const file = join(path, timelineFile);
  return existsSync(file) ? file : undefined;
}

/** @throws UsageError where it is no timeline of ours */
export async function readTimeline(file: string): Promise<TimelineSummary> {
  const what = await complaint(file);
  if (typeof what !== "string") return what;
  throw new UsageError([{ where: file, what }], "pgmend timeline --out DIR writes one");
}

async function complaint(file: string): Promise<TimelineSummary | string> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const { error } = summary.safeParse(found);
  if (error === undefined) return found as TimelineSummary;
  const [issue] = error.issues;
  return `it is no timeline of this version: ${issue?.path.join(".")}: ${issue?.message}`;
}
