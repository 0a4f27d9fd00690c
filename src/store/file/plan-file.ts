import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { PlanError } from "../../model/errors.js";
import { explainOpening, explainWork } from "./explain-failure.js";

export interface StoreOptions {
  /** What DuckDB may keep in memory, in MB; what does not fit goes to a folder beside the file. Default 128. */
  readonly memoryLimitMb?: number;
  /** Any number of processes may read a plan at once; to write, a process needs it alone. Default false. */
  readonly readOnly?: boolean;
}

/**
 * Rows compressed and written at a time. DuckDB's own 122 880 would keep a quarter of a gigabyte of wide rows in
 * memory and then spill it. It also makes short reads long: a row group is the least a read can skip.
 */
const rowGroupSize = 4096;

const defaultMemoryLimitMb = 128;

/** Files open in this process. DuckDB's lock is the process's: it would let a second instance in, and break both. */
const openPaths = new Set<string>();

/**
 * A plan file held open: an instance of DuckDB in memory with the file attached, because only ATTACH takes a size for
 * row groups. Then it is locked in: no other file, no network, no extension, whatever SQL may be run.
 */
export class PlanFile {
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  readonly #connections = new Set<DuckDBConnection>();
  readonly #working = new Set<Promise<unknown>>();
  #open = true;
  readonly readOnly: boolean;

  constructor(path: string, instance: DuckDBInstance, readOnly: boolean) {
    this.#path = path;
    this.#instance = instance;
    this.readOnly = readOnly;
  }

  /**
   * Everything asked of DuckDB is asked in here, for `close` waits until it is done: a connection that is closed under
   * a query takes the whole process with it.
   * @throws PlanError for whatever DuckDB throws, and once the file is closed
   */
  async work<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#open) throw new PlanError("the plan is closed");
    const working = work();
    this.#working.add(working);
    try {
      return await working;
    } catch (error) {
      throw explainWork(this.#path, error);
    } finally {
      this.#working.delete(working);
    }
  }

  /** A connection of its own for each reader and writer: DuckDB runs one query, one transaction on each. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    this.#connections.add(connection);
    await connection.run("USE plan");
    return connection;
  }

  /** Rolls back what was not committed, and drops what was prepared. */
  release(connection: DuckDBConnection): void {
    if (this.#connections.delete(connection)) connection.closeSync();
  }

  /** Works on a connection of its own. */
  use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.work(async () => {
      const connection = await this.connect();
      try {
        return await work(connection);
      } finally {
        this.release(connection);
      }
    });
  }

  /** Leaves one file behind, no log and no temporary files. A second call does nothing. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await Promise.allSettled(this.#working);
    for (const connection of this.#connections) this.release(connection);
    try {
      const connection = await this.#instance.connect();
      if (!this.readOnly) await connection.run("CHECKPOINT plan");
      // Closing the instance alone would leave the file locked for as long as some result waits for the collector.
      await connection.run("DETACH plan");
      connection.closeSync();
    } finally {
      this.#instance.closeSync();
      openPaths.delete(this.#path);
    }
  }
}

/** @throws PlanError when the file exists already, or cannot be written */
export async function createPlanFile(file: string, options: StoreOptions): Promise<PlanFile> {
  if (existsSync(file)) {
    throw new PlanError(`${file} exists already`, { hint: "name another folder, or remove that file first" });
  }
  return attachPlanFile(file, options);
}

/** @throws PlanError when the file is missing, is in use, or is no DuckDB file */
export async function openPlanFile(file: string, options: StoreOptions): Promise<PlanFile> {
  if (!existsSync(file)) {
    throw new PlanError(`there is no plan at ${file}`, {
      hint: "run `pgmend plan` first, or name its folder",
    });
  }
  return attachPlanFile(file, options);
}

async function attachPlanFile(
  file: string,
  { memoryLimitMb = defaultMemoryLimitMb, readOnly = false }: StoreOptions,
): Promise<PlanFile> {
  const path = await onlyPathOf(file);
  if (openPaths.has(path)) throw new PlanError(`${file} is open already, in this process`);
  openPaths.add(path);
  try {
    // Loaded when the first plan is opened: who asks for help should not wait for a database.
    const { default: duckdb } = await import("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", {
      memory_limit: `${memoryLimitMb}MB`,
      // Queries are short and many; each runs on the thread that asked, so that reading and writing still overlap.
      threads: "1",
      temp_directory: `${path}.tmp`,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
    });
    await attachAndLockIn(instance, path, readOnly);
    return new PlanFile(path, instance, readOnly);
  } catch (error) {
    openPaths.delete(path);
    throw explainOpening(file, error);
  }
}

async function attachAndLockIn(instance: DuckDBInstance, path: string, readOnly: boolean): Promise<void> {
  const connection = await instance.connect();
  // The oldest format with zstd; every DuckDB since 1.2 reads it.
  const format = `ROW_GROUP_SIZE ${rowGroupSize}, STORAGE_VERSION 'v1.2.0'`;
  try {
    await connection.run(
      `ATTACH '${path.replaceAll("'", "''")}' AS plan (${readOnly ? "READ_ONLY" : format})`,
    );
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
  } catch (error) {
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}

/** However the file is named, one path: `openPaths` relies on it. The file itself need not exist. */
async function onlyPathOf(file: string): Promise<string> {
  try {
    if (existsSync(file)) return await realpath(file);
    return join(await realpath(dirname(file)), basename(file));
  } catch (cause) {
    throw new PlanError(`the folder of ${file} cannot be found or entered`, {
      hint: "create it first",
      cause,
    });
  }
}
