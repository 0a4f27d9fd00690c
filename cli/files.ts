import { createWriteStream, rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type RecoveryFile, UsageError } from "../src/index.js";

export const planFile = "plan.duckdb";

/** A sort of folder, known by a file that it holds: one may take the place of another of its sort. */
export interface FolderKind {
  readonly name: string;
  readonly file: string;
}

const recoveryFolder: FolderKind = { name: "recovery folder", file: planFile };

interface FolderOptions {
  readonly cwd: string;
  readonly overwrite: boolean;
  readonly kind?: FolderKind | null;
  readonly beside?: readonly string[];
}

/**
 * A folder that appears whole or not at all: it is filled beside its place under another name, and moved there when
 * everything is in it. Readable by its owner only, for it holds data.
 */
export class NewFolder {
  readonly path: string;
  readonly #target: string;
  readonly #overwrite: boolean;
  /** For whoever does not wait until we are done with cleaning up. */
  readonly #vanish = () => rmSync(this.path, { recursive: true, force: true });

  private constructor(target: string, overwrite: boolean) {
    this.#target = target;
    this.#overwrite = overwrite;
    this.path = join(dirname(target), `.${basename(target)}.partial-${process.pid}`);
  }

  /**
   * @param kind null: of no sort, so that it takes the place of none
   * @param beside names of files that may be there alone: who makes the folder takes them over
   * @throws UsageError when the place is taken
   */
  static async create(
    target: string,
    { cwd, overwrite, kind = recoveryFolder, beside = [] }: FolderOptions,
  ): Promise<NewFolder> {
    const place = resolve(cwd, target);
    const there = await filesIn(place, target);
    const taken = there.filter((name) => !beside.includes(name));
    const folder = new NewFolder(place, overwrite || (taken.length === 0 && there.length > 0));
    await checkPlace(place, target, { overwrite, kind, taken });
    await rm(folder.path, { recursive: true, force: true });
    await mkdir(folder.path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      // Named as the person named it, not as we do on the way there.
      throw Object.assign(error, { path: target });
    });
    process.once("exit", folder.#vanish);
    return folder;
  }

  /** Moves the folder to its place. */
  async commit(): Promise<void> {
    if (this.#overwrite) await rm(this.#target, { recursive: true, force: true });
    await rename(this.path, this.#target);
    process.off("exit", this.#vanish);
  }

  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    process.off("exit", this.#vanish);
  }
}

async function filesIn(target: string, asked: string): Promise<readonly string[]> {
  return readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR")
      throw new UsageError([{ where: `--out ${asked}`, what: "is a file, not a folder" }]);
    throw error;
  });
}

async function checkPlace(
  target: string,
  asked: string,
  { overwrite, kind, taken }: { overwrite: boolean; kind: FolderKind | null; taken: readonly string[] },
): Promise<void> {
  if (taken.length === 0) return checkParent(dirname(target), asked);
  const same = kind !== null && taken.includes(kind.file) ? kind : undefined;
  if (same !== undefined && overwrite) return;
  throw new UsageError(
    [
      {
        where: `--out ${asked}`,
        what: same ? `a ${same.name} is there already` : "the folder is not empty",
      },
    ],
    same ? "choose another with --out, or replace it with --overwrite" : "choose another with --out",
  );
}

/** Folders above are not made: a mistyped path should not grow a tree of them. */
async function checkParent(parent: string, asked: string): Promise<void> {
  const found = await stat(parent).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new UsageError(
    [{ where: `--out ${asked}`, what: `there is no folder ${parent}` }],
    `make it first: mkdir -p ${parent}`,
  );
}

/** Writes each stream of text to its file, in folders of its own where its name has them; memory holds a chunk at a time. */
export async function writeFiles(
  folder: string,
  files: readonly RecoveryFile[],
  signal: AbortSignal,
): Promise<void> {
  for (const { name, text } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    await pipeline(Readable.from(text), createWriteStream(join(folder, name), { mode: 0o600, flags: "wx" }), {
      signal,
    });
  }
}
