import { setTimeout as sleep } from "node:timers/promises";
import { isBag } from "../../model/bag.js";
import { InterruptedError, PgmendError } from "../../model/errors.js";
import type { Finding } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import type { Table } from "../../model/table.js";
import type { WriteError } from "../../postgres/write-error.js";
import type { OnProgress } from "../progress.js";
import { type BatchBench, type BatchResult, writeBatch } from "./batch.js";
import { resumable } from "./connection.js";
import type { Unit } from "./isolate.js";
import type { JournalKeeper } from "./keeper.js";
import type { ApplyLimits, ApplyOptions } from "./options.js";
import { reasonToPause } from "./pause.js";
import { BatchSize, RowQueue } from "./queue.js";
import { type Sieve, sift } from "./selection.js";
import type { Past } from "./settle.js";
import type { MovedRow } from "./write-rows.js";

/** One run of `apply`, with all that it has found out so far. */
export interface Run {
  readonly options: ApplyOptions;
  readonly header: PlanHeader;
  readonly limits: ApplyLimits;
  readonly past: Past;
  readonly keeper: JournalKeeper;
  readonly sieve: Sieve;
  readonly source: AsyncGenerator<readonly Unit[]>;
  readonly tell: OnProgress;
  /** Rows that are to be written. */
  readonly total: number;
  /** Rows that earlier runs are done with. */
  readonly before: number;
  readonly begun: number;
  readonly counts: {
    written: number;
    already: number;
    moved: number;
    waits: number;
    batches: number;
    stopped: boolean;
  };
}

/** Writes batch after batch until there are no more rows, or one must stop. */
export async function writeAll(run: Run): Promise<void> {
  const { limits, past } = run;
  const queue = new RowQueue(run.source);
  const size = new BatchSize(limits.batchRows, limits.batchMs);
  const bench: BatchBench = { ...limits, connection: past.connection, keeper: run.keeper, past };
  const patience = new Patience(limits.patienceMs);
  try {
    for (;;) {
      await untilFree(run);
      const taken = await queue.take(size.rows);
      if (taken.length === 0) return;
      const units = await siftAll(run, taken);
      if (units.length === 0) continue;
      const started = performance.now();
      const result = await writeBatch(bench, units);
      if (result.kind === "committed") {
        // Where rows have no key the table is scanned: fewer of them take no less time, and the scan locks nobody out.
        size.took(units.length, hasCopies(run, units) ? 0 : performance.now() - started);
        patience.restore();
        committed(run, result, units);
      } else if (result.kind === "again") {
        queue.putBack(units);
        size.halve();
        await patience.wait(run, result.error);
      } else if (await leave(run, units, result.moved)) queue.putBack(units);
      else return;
    }
  } finally {
    await queue.close();
    await run.keeper.flush();
  }
}

function hasCopies({ header }: Run, units: readonly Unit[]): boolean {
  return units.some(([row]) => row !== undefined && isBag(header.tables[row.table] as Table));
}

/** Nothing of ours is open while we wait here. */
async function untilFree({ options, past, tell }: Run): Promise<void> {
  const { signal, pauses = {} } = options;
  for (;;) {
    if (signal?.aborted === true) throw new InterruptedError(resumable);
    const reason = await past.connection.steady(({ writer }) => reasonToPause(writer, pauses));
    if (reason === undefined) return;
    tell({ kind: "wait", text: `waiting: ${reason}` });
    await sleep(200);
  }
}

/** @returns what can be written; what waits for another row is noted down */
async function siftAll(run: Run, units: readonly Unit[]): Promise<readonly Unit[]> {
  const { ready, late } = sift(run.sieve, units);
  const positions = late.flatMap((unit) => unit.map(({ position }) => position));
  if (positions.length > 0) {
    run.counts.waits += positions.length;
    await note(run, await run.sieve.waiting.findings(positions));
  }
  return ready;
}

function note({ past, options }: Run, findings: readonly Finding[]): Promise<void> {
  return past.store.journal.addFindings(past.connection.target.id, options.direction, findings);
}

function committed(
  run: Run,
  { written, already }: BatchResult & { kind: "committed" },
  units: readonly Unit[],
) {
  const { counts, header, options, tell, total } = run;
  counts.written += written.length;
  counts.already += already.length;
  counts.batches += 1;
  const table = units[0]?.[0]?.table ?? 0;
  tell({
    ...{ kind: "rows", phase: options.direction === "patch" ? "apply" : "rollback" },
    ...{ table: header.tables[table]?.label ?? "", tableNumber: table + 1, tables: header.tables.length },
    ...{ done: counts.written + counts.already, total },
  });
}

/** @returns whether to go on without these rows, and without what needs them */
async function leave(run: Run, units: readonly Unit[], moved: readonly MovedRow[]): Promise<boolean> {
  const roots = run.sieve.waiting.leave(moved);
  run.counts.moved += roots.length;
  await note(
    run,
    roots.map(({ position, text }) => ({ position, kind: "moved", text })),
  );
  run.counts.stopped = run.options.onDrift === "stop";
  // What waits for these rows in the same batch is named with them; otherwise it is when its turn comes.
  if (run.counts.stopped) await siftAll(run, units);
  return !run.counts.stopped;
}

/** We are always the one who gives up; but not for ever. */
class Patience {
  readonly #limitMs: number;
  #since: number | undefined;
  #pause = firstPauseMs;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  restore(): void {
    this.#since = undefined;
    this.#pause = firstPauseMs;
  }

  async wait({ tell }: Run, error: WriteError): Promise<void> {
    const now = performance.now();
    this.#since ??= now;
    if (now - this.#since > this.#limitMs) throw new BlockedError(error, this.#limitMs);
    tell({ kind: "wait", text: `in the way of others, trying again: ${error.reason}` });
    // Not all at the same moment, should there be several who give way.
    await sleep(this.#pause * (0.5 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, longestPauseMs);
  }
}

const firstPauseMs = 25;
const longestPauseMs = 1000;

/** Others held locks on the rows for longer than anybody would wait. */
class BlockedError extends PgmendError {
  readonly code = "blocked";

  constructor(cause: WriteError, ms: number) {
    super(`current: other sessions were in the way for ${Math.round(ms / 1000)} s: ${cause.reason}`, {
      hint: `pg_stat_activity and pg_blocking_pids() tell who they are; ${resumable}`,
      cause,
    });
  }
}
