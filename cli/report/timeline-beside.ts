import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type RecoveryFile,
  type TimelineSummary,
  timelineFile,
  timelineFileNames,
  UsageError,
} from "../../src/index.js";
import { planFile, writeFiles } from "../files.js";
import { readTimeline, timelineIn } from "../timeline/read-timeline.js";

/**
 * The timeline that lies beside a plan; undefined where none does.
 * @param folder absolute
 * @throws UsageError when the file is not one
 */
export async function timelineBeside(folder: string): Promise<TimelineSummary | undefined> {
  const file = timelineIn(folder);
  return file === undefined ? undefined : readTimeline(file);
}

/** Whether a folder holds a plan: a timeline is then put beside it. */
export async function isRecoveryFolder(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [] as string[])).includes(planFile);
}

/** @throws UsageError where one is there already, and nobody said that it may go */
export async function checkBeside(folder: string, asked: string, overwrite: boolean): Promise<void> {
  if (overwrite || !(await readdir(folder)).includes(timelineFile)) return;
  const what = "a timeline is in this recovery folder already";
  throw new UsageError([{ where: `--out ${asked}`, what }], "replace it with --overwrite");
}

/** Puts a timeline into a folder that is there, each file whole or not at all. */
export async function putBeside(
  folder: string,
  files: readonly RecoveryFile[],
  signal: AbortSignal,
): Promise<void> {
  const made = join(folder, `.timeline-${process.pid}`);
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { mode: 0o700 });
  try {
    await writeFiles(made, files, signal);
    for (const { name } of files) await rename(join(made, name), join(folder, name));
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** A new plan takes the place of an old one, or of nothing; the timeline that was there stays with it. */
export async function carryTimeline(out: string, next: string, cwd: string): Promise<void> {
  const folder = resolve(cwd, out);
  const there = await readdir(folder).catch(() => [] as string[]);
  for (const name of timelineFileNames)
    if (there.includes(name)) await copyFile(join(folder, name), join(next, name));
}
