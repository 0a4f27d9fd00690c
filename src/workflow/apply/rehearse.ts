import { InterruptedError } from "../../model/errors.js";
import type { PlanHeader } from "../../model/plan.js";
import type { ConnectionTarget } from "../../model/settings.js";
import { summarize } from "../../report/summary.js";
import type { PlanStore } from "../../store/plan-store.js";
import type { OnProgress } from "../progress.js";
import { Connection } from "./connection.js";
import { checkInvariants, type InvariantResult } from "./invariants.js";
import { writeOneByOne } from "./isolate.js";
import { defaultLimits, type LeftRow } from "./options.js";
import { previewOf } from "./preview.js";
import { RowQueue } from "./queue.js";
import { namedRows } from "./result.js";
import { rowsInOrder } from "./row-order.js";
import { type Sieve, sift, Waiting } from "./selection.js";
import { type Locked, type OtherWrites, type TableTime, type TriggerCalls, Watch } from "./watch.js";

export interface RehearseOptions {
  readonly store: PlanStore;
  /** `current`, or a clone of it. */
  readonly current: ConnectionTarget;
  readonly allowOtherDatabase: boolean;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `apply` would meet, had it been given now. */
export interface RehearseResult {
  readonly planId: string;
  readonly database: string;
  readonly server: string;
  readonly written: number;
  readonly already: number;
  readonly moved: number;
  readonly waits: number;
  /** The first rows that would be left, with what was found. */
  readonly rows: readonly LeftRow[];
  readonly tables: readonly TableTime[];
  readonly triggers: readonly TriggerCalls[];
  /** Rows that the plan does not name: written by triggers, rules and what foreign keys do on their own. */
  readonly others: readonly OtherWrites[];
  readonly locks: readonly Locked[];
  readonly invariants: {
    readonly before: readonly InvariantResult[];
    readonly after: readonly InvariantResult[];
  };
  /** Conflicts and tables of the plan that nobody decided. */
  readonly openInPlan: number;
  readonly seconds: number;
}

const listedRows = 1000;

/** Of one that lasts, a lock is worth waiting for: as the patch does. */
const lockTimeoutMs = 10_000;

/**
 * Runs the patch in one transaction that is always rolled back, by the very statements of `apply`. Sequences are left
 * alone, for what moves them is never rolled back. Until the end it holds the locks of the whole patch: a clone is the
 * better place for it, where there is one.
 */
export async function rehearse(options: RehearseOptions): Promise<RehearseResult> {
  const { store, current, allowOtherDatabase, signal } = options;
  const header = await store.readHeader();
  const tell = options.onProgress ?? (() => undefined);
  const connection = await Connection.open({
    ...{ url: current.url, name: "rehearse", header, direction: "patch", allowOtherDatabase },
    ...{ reconnectMs: 0, signal, onWait: (text) => tell({ kind: "wait", text }) },
  });
  try {
    const { writer } = connection.session;
    await writer.script(`BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED READ WRITE;
      SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = 0`);
    const before = await checkInvariants(writer, header.invariants);
    const found = await writeEverything(options, header, connection);
    const after = await checkInvariants(writer, header.invariants);
    const locks = await found.watch.locks();
    await writer.script("ROLLBACK");
    const { totals } = summarize(header, await store.tallies());
    return {
      planId: header.planId,
      ...{ database: connection.target.database, server: writer.server },
      ...found.counts,
      ...found.watch.findings(),
      ...{ locks, invariants: { before, after }, openInPlan: totals.open },
    };
  } finally {
    await connection.close();
  }
}

interface Everything {
  readonly watch: Watch;
  readonly counts: Pick<RehearseResult, "written" | "already" | "moved" | "waits" | "rows" | "seconds">;
}

async function writeEverything(
  { store, onProgress, signal }: RehearseOptions,
  header: PlanHeader,
  connection: Connection,
): Promise<Everything> {
  const begun = performance.now();
  const { writer } = connection.session;
  const states = await store.journal.states(connection.target.id);
  const bonds = await store.bonds.read();
  const waiting = new Waiting(store, header.tables, bonds, "patch");
  const sieve: Sieve = { tables: header.tables, states, direction: "patch", selection: {}, waiting };
  const watch = new Watch(writer);
  const session = { ...connection.session, watch: watch.run };
  const { open: total } = await previewOf(
    { store, direction: "patch", selection: {} },
    header,
    connection,
    states,
  );
  const queue = new RowQueue(rowsInOrder(store, bonds, "patch"));
  const counts = { written: 0, already: 0, moved: 0, waits: 0 };
  const rows: LeftRow[] = [];
  for (;;) {
    if (signal?.aborted === true) throw new InterruptedError();
    const taken = await queue.take(defaultLimits.batchRows);
    if (taken.length === 0)
      return { watch, counts: { ...counts, rows, seconds: (performance.now() - begun) / 1000 } };
    const { ready, late } = sift(sieve, taken);
    counts.waits += late.flat().length;
    const waits = await waiting.findings(late.flat().map(({ position }) => position));
    rows.push(...namedRows(header.tables, late.flat(), waits).slice(0, listedRows - rows.length));
    if (ready.length === 0) continue;
    const { made } = session.staging;
    await writer.script("SAVEPOINT pgmend_batch");
    const { written, already, moved } = await writeOneByOne(session, ready);
    if (moved.length > 0) {
      await writer.script("ROLLBACK TO SAVEPOINT pgmend_batch");
      session.staging.forgetSince(made);
      await watch.forget();
      const findings = waiting.leave(moved).map((row) => ({ ...row, kind: "moved" as const }));
      const named = namedRows(header.tables, ready.flat(), findings);
      counts.moved += named.length;
      rows.push(...named.slice(0, listedRows - rows.length));
      queue.putBack(ready);
    } else {
      counts.written += written.length;
      counts.already += already.length;
      await watch.keep(header.tables, ready.flat(), written);
      const at = ready[0]?.[0]?.table ?? 0;
      onProgress?.({
        ...{ kind: "rows", phase: "rehearse", table: header.tables[at]?.label ?? "", tableNumber: at + 1 },
        ...{ tables: header.tables.length, done: counts.written + counts.already, total },
      });
    }
    await writer.script("RELEASE SAVEPOINT pgmend_batch");
  }
}
