import { existsSync, readdirSync } from "node:fs";
import { readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PlanError } from "../../src/index.js";
import { planFile } from "../files.js";
import { isAlive } from "./is-alive.js";

/** Where new files are once all are made: what is in it is to be moved to its place. */
export const ready = ".ready";

/** Where they are while a process moves them: `.ready-<process>`. Of several who want to, one gets them. */
const claimed = /^\.ready-(\d+)$/;

const patienceMs = 30_000;

/** By folder: what this process is moving, or is waiting for somebody else to move. */
const moving = new Map<string, Promise<void>>();

/** Whether new files are complete, and not in place yet. */
export function isMoving(folder: string): boolean {
  return waiting(existsSync(folder) ? readdirSync(folder) : []) !== undefined;
}

/**
 * Puts the files in place of which somebody was killed doing so. Before a recovery folder is read, this is done. It is
 * done by one at a time: a second one would take away what the first has put there, or what was written to it since.
 * @throws PlanError when somebody else is at it and does not come to an end
 */
export function finishMove(folder: string): Promise<void> {
  const known = moving.get(folder);
  if (known !== undefined) return known;
  const move = moveOrWait(folder).finally(() => moving.delete(folder));
  moving.set(folder, move);
  return move;
}

async function moveOrWait(folder: string): Promise<void> {
  const until = performance.now() + patienceMs;
  const own = join(folder, `${ready}-${process.pid}`);
  while (existsSync(folder)) {
    const found = waiting(await readdir(folder));
    if (found === undefined) return;
    const pid = Number(claimed.exec(found)?.[1] ?? process.pid);
    if (pid !== process.pid && isAlive(pid)) {
      if (performance.now() > until) throw stillMoving(folder, found, pid);
      await sleep(50);
    } else if (await claim(join(folder, found), own)) return putInPlace(own, folder);
  }
}

/** What somebody has begun with comes first. */
function waiting(names: readonly string[]): string | undefined {
  return names.find((name) => claimed.test(name)) ?? names.find((name) => name === ready);
}

/** @returns false: somebody else was faster */
async function claim(from: string, own: string): Promise<boolean> {
  try {
    await rename(from, own);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function putInPlace(from: string, folder: string): Promise<void> {
  const names = await readdir(from);
  // The plan last: until it is there, whoever opens the folder by it finds the move unfinished.
  const inOrder = [
    ...names.filter((name) => name !== planFile),
    ...names.filter((name) => name === planFile),
  ];
  for (const name of inOrder) {
    // A log belongs to the plan that was there; all that is in it is in the new one.
    if (name === planFile) await rm(join(folder, `${planFile}.wal`), { force: true });
    // A folder in it, as of patches by tenant, cannot be renamed over one that is there.
    if ((await stat(join(from, name))).isDirectory())
      await rm(join(folder, name), { recursive: true, force: true });
    await rename(join(from, name), join(folder, name));
  }
  await rmdir(from);
}

function stillMoving(folder: string, name: string, pid: number): PlanError {
  return new PlanError(`process ${pid} is putting new files into ${folder}, and does not come to an end`, {
    hint: `if that is no pgmend, rename ${name} in it to ${ready} and run the same command again`,
  });
}
