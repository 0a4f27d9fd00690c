import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type CompareMethod,
  InterruptedError,
  openPlanStore,
  PlanError,
  type PlanOptions,
  type PlanSettings,
  type PlanStore,
  plan,
  recoveryFiles,
  type Summary,
  timelineFileNames,
} from "../src/index.js";
import { NewFolder, planFile, writeFiles } from "./files.js";
import { type ProgressView, progressView } from "./progress-view.js";
import { carryTimeline, timelineBeside } from "./report/timeline-beside.js";
import { finishMove } from "./resolve/finish-move.js";
import { userName } from "./settings/user-name.js";
import type { Talk, Terminal } from "./terminal.js";
import { version } from "./version.js";

export interface PlanRequest {
  readonly settings: PlanSettings;
  /** The recovery folder. */
  readonly out: string;
  readonly overwrite: boolean;
  readonly only?: PlanOptions["only"];
  /** The folder whose decisions are taken over; undefined: the one that is replaced; false: none. */
  readonly decisions?: string | false | undefined;
  /** For tests and measurements. */
  readonly method?: CompareMethod | undefined;
}

/**
 * Compares, merges and writes the recovery folder; it appears whole or not at all.
 * @param progress who hears of it; without one, stderr
 */
export async function makePlan(
  { settings, out, overwrite, decisions, only, method }: PlanRequest,
  terminal: Terminal,
  talk: Talk,
  progress = progressView(terminal, talk),
): Promise<Summary> {
  const { cwd, signal } = terminal;
  const folder = await NewFolder.create(out, { cwd, overwrite, beside: timelineFileNames });
  let earlier: PlanStore | undefined;
  try {
    // Held until it is replaced: nobody may decide there meanwhile what would be lost.
    earlier = await openEarlier(decisions ?? (overwrite ? out : false), decisions === undefined, cwd);
    await carryTimeline(out, folder.path, cwd);
    const summary = await fillFolder(folder.path, { settings, method, earlier, only }, terminal, progress);
    await folder.commit();
    return summary;
  } catch (error) {
    await folder.discard();
    // Aborting ends whatever was being written, each in its own words.
    throw signal.aborted ? new InterruptedError() : error;
  } finally {
    await earlier?.close();
    progress.end();
  }
}

/** @param folder new, and empty */
export async function fillFolder(
  folder: string,
  {
    settings,
    method,
    earlier,
    only,
  }: Pick<PlanRequest, "settings" | "only" | "method"> & { readonly earlier: PlanStore | undefined },
  { signal }: Pick<Terminal, "signal">,
  progress: ProgressView,
): Promise<Summary> {
  const storeFile = join(folder, planFile);
  const store = await plan({
    ...{ settings, only, storeFile, toolVersion: version, method, onProgress: progress.show, signal },
    earlier: earlier && { store: earlier, by: userName() ?? "pgmend plan" },
  });
  try {
    progress.show({ kind: "step", text: "writing the recovery folder" });
    const { summary, files } = await recoveryFiles(store, { timeline: await timelineBeside(folder) });
    await writeFiles(folder, files, signal);
    return summary;
  } finally {
    await store.close();
  }
}

/** @param perhaps nothing needs to be there */
async function openEarlier(
  folder: string | false,
  perhaps: boolean,
  cwd: string,
): Promise<PlanStore | undefined> {
  if (folder === false) return undefined;
  const path = resolve(cwd, folder);
  await finishMove(path);
  const file = join(path, planFile);
  if (perhaps && !existsSync(file)) return undefined;
  try {
    return await openPlanStore(file, { readOnly: true });
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw new PlanError(`its decisions cannot be taken over: ${error.message}`, {
      hint: `${error.hint === undefined ? "" : `${error.hint}; or `}leave them behind with --no-decisions`,
      cause: error,
    });
  }
}
