import { join } from "node:path";
import {
  InterruptedError,
  type PlanOptions,
  type PlanSettings,
  plan,
  recoveryFiles,
  type Summary,
} from "../src/index.js";
import { NewFolder, planFile, writeFiles } from "./files.js";
import { type ProgressView, progressView } from "./progress-view.js";
import type { Talk, Terminal } from "./terminal.js";
import { version } from "./version.js";

export interface PlanRequest {
  readonly settings: PlanSettings;
  /** The recovery folder. */
  readonly out: string;
  readonly overwrite: boolean;
  readonly only?: PlanOptions["only"];
}

/** Compares, merges and writes the recovery folder; it appears whole or not at all. */
export async function makePlan(
  { settings, out, overwrite, only }: PlanRequest,
  terminal: Terminal,
  talk: Talk,
): Promise<Summary> {
  const { cwd, signal } = terminal;
  const folder = await NewFolder.create(out, { cwd, overwrite });
  const progress = progressView(terminal, talk);
  try {
    const summary = await fillFolder(folder.path, { settings, only }, terminal, progress);
    await folder.commit();
    return summary;
  } catch (error) {
    await folder.discard();
    // Aborting ends whatever was being written, each in its own words.
    throw signal.aborted ? new InterruptedError() : error;
  } finally {
    progress.end();
  }
}

async function fillFolder(
  folder: string,
  request: Pick<PlanRequest, "settings" | "only">,
  { signal }: Terminal,
  progress: ProgressView,
): Promise<Summary> {
  const storeFile = join(folder, planFile);
  const store = await plan({
    ...request,
    storeFile,
    toolVersion: version,
    onProgress: progress.show,
    signal,
  });
  try {
    progress.show({ kind: "step", text: "writing the recovery folder" });
    const { summary, files } = await recoveryFiles(store);
    await writeFiles(folder, files, signal);
    return summary;
  } finally {
    await store.close();
  }
}
