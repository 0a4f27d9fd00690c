import { rmSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { openPlanStore } from "../../src/index.js";
import { planFile } from "../files.js";
import { finishMove, ready } from "./finish-move.js";
import { isAlive } from "./is-alive.js";

/** Where files are made, while those there were still stand: `.next-<process>`, inside the folder. */
const unfinished = /^\.next-(\d+)$/;
/**
 * New files for a recovery folder that is there. They are made beside the old ones and take their places together: a
 * kill at any moment leaves the old ones, or the new ones, or new ones that `finishMove` still has to put in place.
 */
export class NextFiles {
  readonly path: string;
  readonly #folder: string;
  readonly #vanish = () => rmSync(this.path, { recursive: true, force: true });

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, `.next-${process.pid}`);
  }

  /** With a copy of the plan in it. @throws PlanError while somebody decides or applies */
  static async create(folder: string): Promise<NextFiles> {
    await clear(folder);
    const next = new NextFiles(folder);
    await mkdir(next.path, { mode: 0o700 });
    process.once("exit", next.#vanish);
    try {
      await copyPlan(join(folder, planFile), join(next.path, planFile));
      return next;
    } catch (error) {
      await next.discard();
      throw error;
    }
  }

  /**
   * Puts the files in place.
   * @param mark of the plan that they were made of
   * @returns false: somebody decided, approved or applied something meanwhile, and nothing was done
   */
  async commit(mark: string): Promise<boolean> {
    // Nobody can decide or apply while it is open. Only to read: then closing it touches nothing of what is there by then.
    const lock = await openPlanStore(join(this.#folder, planFile), { readOnly: true });
    try {
      if ((await lock.mark()) !== mark) return false;
      await rename(this.path, join(this.#folder, ready));
      process.off("exit", this.#vanish);
      await finishMove(this.#folder);
      return true;
    } finally {
      await lock.close();
    }
  }

  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    process.off("exit", this.#vanish);
  }
}

/** The file alone would not do: what was decided last may still be in the log beside it. */
async function copyPlan(from: string, to: string): Promise<void> {
  // Opening it to write takes the log in, and fails while somebody else decides.
  await (await openPlanStore(from)).close();
  const lock = await openPlanStore(from, { readOnly: true });
  try {
    await copyFile(from, to);
  } finally {
    await lock.close();
  }
}

/** What processes left that are gone. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = unfinished.exec(name)?.[1];
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
