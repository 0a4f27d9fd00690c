import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CheckSummary, Finding } from "../../src/index.js";
import { newFolder } from "./folder.js";
import type { Databases, Wishes } from "./incident.js";
import { pgmend, type Run } from "./program.js";

export interface Checked extends Run {
  readonly summary: CheckSummary;
  /** Of one level, as `pre, post: public.device: text`. */
  told(level: Finding["level"]): readonly string[];
}

/** `pgmend check --json`, as a person would run it in a folder of its own. */
export async function makeCheck(databases: Databases, wishes: Wishes = {}): Promise<Checked> {
  const cwd = newFolder();
  const { pre, post, current, mode } = databases;
  writeFileSync(join(cwd, "pgmend.yaml"), wishes.config ?? "");
  const env = { PGMEND_PRE: pre, PGMEND_POST: post, PGMEND_CURRENT: current };
  const words = ["check", "--json", "--mode", mode, ...(wishes.words ?? [])];
  const run = await pgmend(words, { cwd, env });
  if (run.stdout === "") throw new Error(`check: exit code ${run.exitCode}\n${run.stderr}`);
  const summary = JSON.parse(run.stdout) as CheckSummary;
  return { ...run, summary, told: (level) => summary.findings.filter((f) => f.level === level).map(asTold) };
}

function asTold({ databases, subject, text }: Finding): string {
  return [databases.join(", "), subject ?? "", text].filter((part) => part !== "").join(": ");
}
