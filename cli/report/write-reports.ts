import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  InterruptedError,
  type PlanStore,
  type ReportOptions,
  reportFiles,
  type Summary,
} from "../../src/index.js";
import { NewFolder, planFile, writeFiles } from "../files.js";
import { NextFiles } from "../resolve/next-files.js";
import { openFolder } from "../resolve/open-folder.js";
import type { Terminal } from "../terminal.js";
import { timelineBeside } from "./timeline-beside.js";

export interface Written {
  readonly summary: Summary;
  readonly files: readonly string[];
  /** Decisions that are not in the patch yet, and so in no report either. */
  readonly waiting: number;
}

/** Writes the reports of a recovery folder again, all or none. The plan and its patches are left as they are. */
export async function rewriteReports(folder: string, { signal }: Terminal): Promise<Written> {
  for (;;) {
    const { store, isThere } = await openKnown(folder);
    try {
      const timeline = await timelineBeside(folder);
      const next = await NextFiles.createWithoutPlan(folder);
      try {
        const written = await write(store, next.path, { timeline }, signal);
        if (await next.commitBesidePlan(isThere)) return written;
      } finally {
        await next.discard();
      }
    } finally {
      await store.close();
    }
  }
}

export interface Copy {
  /** A new folder, or an empty one. */
  readonly out: string;
  readonly redact: readonly string[];
}

/** Writes the reports of a recovery folder into another one, which appears whole or not at all. */
export async function copyReports(
  folder: string,
  { out, redact }: Copy,
  { cwd, signal }: Terminal,
): Promise<Written> {
  const store = await openFolder(folder, { readOnly: true });
  try {
    const copy = await NewFolder.create(out, { cwd, overwrite: false, kind: null });
    try {
      const timeline = await timelineBeside(folder);
      const written = await write(store, copy.path, { redact, timeline }, signal);
      await copy.commit();
      return written;
    } catch (error) {
      await copy.discard();
      throw error;
    }
  } finally {
    await store.close();
  }
}

async function write(
  store: PlanStore,
  path: string,
  options: ReportOptions,
  signal: AbortSignal,
): Promise<Written> {
  const { summary, files } = await reportFiles(store, options);
  const { decidedUpTo } = await store.readHeader();
  try {
    await writeFiles(path, files, signal);
  } catch (error) {
    // Aborting ends whatever was being written, in its own words.
    throw signal.aborted ? new InterruptedError() : error;
  }
  return {
    summary,
    files: files.map(({ name }) => name),
    waiting: await store.countDecidedSince(decidedUpTo),
  };
}

/** The plan that is in its place, known by its file: nobody writes to it while it is open, but it can be replaced. */
async function openKnown(folder: string): Promise<{ store: PlanStore; isThere: () => Promise<boolean> }> {
  const number = async () => (await stat(join(folder, planFile)).catch(() => undefined))?.ino;
  for (;;) {
    const before = await number();
    const store = await openFolder(folder, { readOnly: true });
    if ((await number()) === before) return { store, isThere: async () => (await number()) === before };
    await store.close();
  }
}
