import { setTimeout as sleep } from "node:timers/promises";
import { InterruptedError, PgmendError } from "../../model/errors.js";
import type { Finding } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import type { WriteError } from "../../postgres/writing/write-error.js";
import type { OnProgress } from "../progress.js";
import { Ahead, type Batch } from "./ahead.js";
import { type BatchBench, type BatchResult, finishBatch, sendBatch, type Underway } from "./batch.js";
import { resumable } from "./connection.js";
import type { Unit } from "./isolate.js";
import type { JournalKeeper } from "./keeper.js";
import type { ApplyLimits, ApplyOptions } from "./options.js";
import { reasonToPause } from "./pause.js";
import { BatchSize, RowQueue } from "./queue.js";
import { type Sieve, sift } from "./selection.js";
import type { Past } from "./settle.js";
import { hasCopies, type MovedRow } from "./write-rows.js";

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
  const size = new BatchSize(limits.batchRows, limits.batchMs);
  const ahead = new Ahead(new RowQueue(run.source), size, run.sieve, run.header);
  const bench: BatchBench = { ...limits, connection: past.connection, keeper: run.keeper, past };
  const patience = new Patience(limits.patienceMs);
  let underway: Underway | undefined;
  try {
    for (;;) {
      underway ??= await beginNext(run, bench, ahead);
      if (underway === undefined) return;
      const { batch }: Underway = underway;
      const { result, next } = await finish(run, bench, ahead, underway);
      underway = next;
      if (result.kind === "committed") {
        // Where rows have no key the table is scanned: fewer of them take no less time, and the scan locks nobody out.
        size.took(batch.prepared.rows.length, hasCopies(batch.prepared) ? 0 : result.ms);
        patience.restore();
        committed(run, result, batch.units);
      } else if (result.kind === "again") {
        await ahead.putBack(batch.units);
        size.halve();
        await patience.wait(run, result.error);
      } else if (await leave(run, batch.units, result.moved)) await ahead.putBack(batch.units);
      else return;
    }
  } finally {
    await ahead.close();
    await run.keeper.flush();
  }
}

/** @returns undefined when there are no more rows */
async function beginNext(run: Run, bench: BatchBench, ahead: Ahead): Promise<Underway | undefined> {
  for (;;) {
    await untilFree(run);
    const batch = await ahead.next();
    if (batch === undefined) return undefined;
    await noteLate(run, batch.late);
    if (batch.units.length > 0) return sendBatch(bench, batch);
  }
}

/** The next one is made ready meanwhile, and begun with the commit where nobody has to be given way to. */
async function finish(
  run: Run,
  bench: BatchBench,
  ahead: Ahead,
  underway: Underway,
): Promise<{ readonly result: BatchResult; readonly next: Underway | undefined }> {
  ahead.prepare();
  let goesOn = false;
  const following: Batch[] = [];
  const asking = mayGoOn(run).then((answer) => {
    goesOn = answer;
  });
  asking.catch(() => undefined);
  const result = await finishBatch(bench, underway, () => {
    const batch = goesOn ? ahead.ready() : undefined;
    if (batch !== undefined) following.push(batch);
    return batch;
  });
  await asking;
  const next = result.kind === "committed" ? result.next : undefined;
  if (following.length > 0 && next === undefined)
    await ahead.putBack(following.flatMap(({ taken }) => taken));
  return { result, next };
}

/** Asked while a batch is underway: whether the next one may follow at once. To ask the server, it must be idle. */
async function mayGoOn({ options: { signal, pauses = {} } }: Run): Promise<boolean> {
  const { asked, maxActive, maxReplicationLag } = pauses;
  if (maxActive !== undefined || maxReplicationLag !== undefined) return false;
  return signal?.aborted !== true && (await asked?.()) === undefined;
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

/** What waits for another row is noted down. */
async function noteLate(run: Run, late: readonly Unit[]): Promise<void> {
  const positions = late.flatMap((unit) => unit.map(({ position }) => position));
  if (positions.length === 0) return;
  run.counts.waits += positions.length;
  await note(run, await run.sieve.waiting.findings(positions));
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
    ...{ batch: counts.batches, left: counts.moved + counts.waits },
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
  if (run.counts.stopped) await noteLate(run, sift(run.sieve, units).late);
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
    tell({ kind: "wait", text: `in the way of others, trying again: ${error.reason}`, gaveWay: true });
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
