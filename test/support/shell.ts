import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newFolder } from "./folder.js";
import { ended, type Run } from "./program.js";

/** A folder to put in front of PATH, in which `pgmend` is a shell script. */
export function folderWithPgmend(script: string): string {
  const folder = newFolder();
  writeFileSync(join(folder, "pgmend"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

/** The program itself as that script. */
export function callOf(command: readonly string[]): string {
  return `exec ${command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")} "$@"`;
}

export interface Scripted extends Run {
  /** What the script ran, in order, each with its exit code. */
  readonly steps: readonly (readonly [step: string, exitCode: number])[];
}

export interface Shell {
  readonly cwd: string;
  /** In front of PATH. */
  readonly bin: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one of docs/runbook as a person, cron or CI would. */
export async function runScript(script: string, words: readonly string[], shell: Shell): Promise<Scripted> {
  const run = await ended(startScript(script, words, shell));
  const lines = [...run.stderr.matchAll(/^(?:== (\w+)|-- exit code (\d+))$/gm)];
  const names = lines.flatMap(([, name]) => name ?? []);
  const codes = lines.flatMap(([, , code]) => (code === undefined ? [] : Number(code)));
  return { ...run, steps: names.map((name, at) => [name, codes[at] ?? Number.NaN] as const) };
}

function startScript(script: string, words: readonly string[], { cwd, bin, env }: Shell): ChildProcess {
  return spawn("/bin/sh", [script, ...words], {
    cwd,
    // Nothing of ours gets in.
    env: { PATH: `${bin}:${process.env["PATH"]}`, HOME: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
