import { InterruptedError } from "../../model/errors.js";
import { type RowStates, rowStates, type WriteTarget } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { moveSequences } from "../../sql/patch/move-sequences.js";
import { requireApproval } from "./approval.js";
import { Connection, resumable } from "./connection.js";
import { checkInvariants } from "./invariants.js";
import { JournalKeeper } from "./keeper.js";
import { type ApplyOptions, type ApplyResult, defaultLimits } from "./options.js";
import { previewOf } from "./preview.js";
import { resultOf } from "./result.js";
import { rowsInOrder } from "./row-order.js";
import { checkSelection, isWhole, Waiting } from "./selection.js";
import { type Past, recheckWritten, settleUnknown } from "./settle.js";
import { type Run, writeAll } from "./write-all.js";

/**
 * Writes the plan to `current`, or takes it back: in batches, each a transaction of its own, in an order that leaves
 * the database whole between any two of them. Each row is written only if it still says what the plan saw. What was
 * written is in the journal of the plan; the same command, given again, goes on where it ended.
 *
 * @throws UsageError, ConnectionError, WriteError, PlanError, InterruptedError; what was written by then is safe
 */
export async function apply(options: ApplyOptions): Promise<ApplyResult | undefined> {
  const { store, current, direction, selection, signal } = options;
  const header = await store.readHeader();
  checkSelection(selection, header);
  if (options.requireApproval && direction === "patch") await requireApproval(store, header);
  const limits = { ...defaultLimits, ...options.limits };
  const tell = options.onProgress ?? (() => undefined);
  const onWait = (text: string) => tell({ kind: "wait", text });
  const { allowOtherDatabase } = options;
  const connection = await Connection.open({
    ...{ url: current.url, name: direction === "patch" ? "apply" : "rollback", header, direction },
    ...{ allowOtherDatabase, reconnectMs: limits.reconnectMs, signal, onWait },
    lockTimeoutMs: limits.lockTimeoutMs,
  });
  try {
    const past: Past = { store, tables: header.tables, connection, url: current.url, onWait };
    const states = await statesNow(past, tell);
    const preview = await previewOf(options, header, connection, states);
    if (!(await options.confirm(preview))) return undefined;
    if (signal?.aborted === true) throw new InterruptedError(resumable);
    const run = await beginRun(options, { header, past, states, limits, tell, total: preview.open });
    await moveAllSequences(run);
    await writeAll(run);
    return await finish(run);
  } finally {
    await connection.close();
  }
}

/** What earlier runs have written, once it is known how each of them ended. */
async function statesNow(past: Past, tell: Run["tell"]): Promise<RowStates> {
  const { store, connection } = past;
  const { id, place }: WriteTarget = connection.target;
  await settleUnknown(past);
  const before = (await store.journal.places(id)).at(-1);
  if (before !== undefined && before !== place) {
    tell({
      kind: "warning",
      text: `the server was ${before} before, and is ${place} now: looking at what is there`,
    });
    const missing = await recheckWritten(past, await store.journal.states(id));
    if (missing > 0)
      tell({
        kind: "warning",
        text: `${missing} rows that had been written are not there, and will be written again`,
      });
  }
  return store.journal.states(id);
}

async function beginRun(
  options: ApplyOptions,
  { states, ...found }: Pick<Run, "header" | "past" | "limits" | "tell" | "total"> & { states: RowStates },
): Promise<Run> {
  const { store, direction, selection } = options;
  const { header, past } = found;
  const bonds = await store.bonds.read();
  const waiting = new Waiting(store, header.tables, bonds, direction);
  await waiting.withoutUnselected(selection, states, direction);
  await store.journal.clearFindings(past.connection.target.id, direction);
  return {
    ...{ options, ...found, source: rowsInOrder(store, bonds, direction) },
    sieve: { tables: header.tables, states, direction, selection, waiting },
    keeper: await JournalKeeper.open(store.journal, direction),
    counts: { written: 0, already: 0, moved: 0, waits: 0, batches: 0, stopped: false },
    begun: performance.now(),
    before: states.reduce((sum, state) => (state === rowStates.open ? sum : sum + 1), 0),
  };
}

/**
 * First of all, unlike in the patch: rows become visible batch by batch, and until then nobody else must be handed a
 * number that one of them has. It only ever moves them up, and twice is as good as once.
 */
async function moveAllSequences({ header, options, past }: Run): Promise<void> {
  const { sequences }: PlanHeader = header;
  if (options.direction === "rollback" || sequences.length === 0) return;
  const sql = `BEGIN; SET LOCAL lock_timeout = 0; ${moveSequences(sequences)}COMMIT`;
  await past.connection.steady(({ writer }) => writer.script(sql));
}

async function finish(run: Run): Promise<ApplyResult> {
  const { header, options, past, counts } = run;
  const isAll = counts.moved + counts.waits === 0 && isWhole(options.selection);
  const isWanted = options.direction === "patch" && isAll && !counts.stopped;
  if (isWanted && header.invariants.length > 0) run.tell({ kind: "step", text: "checking invariants" });
  const invariants = isWanted
    ? await past.connection.steady(async ({ writer }) => {
        // Nothing of ours is in anybody's way any more: it may take as long as it takes.
        await writer.script("SET lock_timeout = 0");
        return checkInvariants(writer, header.invariants);
      })
    : [];
  return resultOf(run, invariants);
}
