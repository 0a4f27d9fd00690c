import { join } from "node:path";
import {
  type ConnectionTarget,
  InterruptedError,
  openPlanStore,
  recoveryFiles,
  resolve,
  type Summary,
} from "../../src/index.js";
import { planFile, writeFiles } from "../files.js";
import { type ProgressView, progressView } from "../progress-view.js";
import { timelineBeside } from "../report/timeline-beside.js";
import type { Talk, Terminal } from "../terminal.js";
import { NextFiles } from "./next-files.js";

export interface ResolveFolderRequest {
  /** The recovery folder. Its plan must not be open in this process. */
  readonly folder: string;
  readonly current: ConnectionTarget;
}

/**
 * Makes of a recovery folder what the decisions in it say: the plan and all files anew, all or none. The decisions
 * themselves are saved before, and stay whatever happens here.
 */
export async function resolveFolder(
  request: ResolveFolderRequest,
  terminal: Terminal,
  talk: Talk,
): Promise<Summary> {
  const progress = progressView(terminal, talk);
  try {
    for (;;) {
      const summary = await tryResolve(request, terminal, progress);
      if (summary !== undefined) return summary;
      progress.show({ kind: "step", text: "somebody decided or applied something meanwhile; once more" });
    }
  } catch (error) {
    // Aborting ends whatever was being written, each in its own words.
    throw terminal.signal.aborted ? new InterruptedError() : error;
  } finally {
    progress.end();
  }
}

async function tryResolve(
  { folder, current }: ResolveFolderRequest,
  { signal }: Terminal,
  progress: ProgressView,
): Promise<Summary | undefined> {
  const next = await NextFiles.create(folder);
  try {
    const store = await openPlanStore(join(next.path, planFile));
    let made: { readonly summary: Summary; readonly mark: string };
    try {
      await resolve({ store, current, onProgress: progress.show, signal });
      progress.show({ kind: "step", text: "writing the recovery folder" });
      const { summary, files } = await recoveryFiles(store, { timeline: await timelineBeside(folder) });
      await writeFiles(next.path, files, signal);
      made = { summary, mark: await store.mark() };
    } finally {
      await store.close();
    }
    if (await next.commit(made.mark)) return made.summary;
    await next.discard();
    return undefined;
  } catch (error) {
    await next.discard();
    throw error;
  }
}
