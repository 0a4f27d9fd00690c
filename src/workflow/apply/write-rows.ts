import { isBag } from "../../model/bag.js";
import type { RowWrite } from "../../model/change.js";
import type { Direction } from "../../model/journal.js";
import type { PlanHeader } from "../../model/plan.js";
import { fires, type Trigger } from "../../model/table.js";
import { answersTo, type Rows, type Writer } from "../../postgres/writing/writer.js";
import { lockCopies } from "../../sql/patch/bag-statements.js";
import { loadRows } from "../../sql/patch/load.js";
import type { StagingNames } from "../../sql/patch/names.js";
import { triggerSwitch } from "../../sql/patch/preamble.js";
import { driftStatement, skippedRows, writeStatement } from "../../sql/patch/statements.js";
import type { KeyedChange, PatchStep, StepOptions } from "../../sql/patch/step.js";
import { patchSteps } from "../files/patch-steps.js";
import { rowsInMemory } from "./memory-rows.js";
import type { Staging } from "./staging.js";

/** A session that writes rows of one plan, in one direction. */
export interface WritingSession {
  readonly writer: Writer;
  readonly staging: Staging;
  readonly header: PlanHeader;
  readonly direction: Direction;
  /** How a write statement is run, where that is to be watched. @returns the rows of its last part */
  readonly watch?: ((step: PatchStep, sql: string) => Promise<void>) | undefined;
}

/** A row that is not as planned, with what was found. */
export interface MovedRow {
  readonly position: number;
  readonly text: string;
  /** The server refused it; that may be for the sake of another row that it needs. */
  readonly refused?: boolean | undefined;
}

export interface Written {
  readonly written: readonly number[];
  /** They were as planned already. */
  readonly already: readonly number[];
  readonly moved: readonly MovedRow[];
}

/** Rows with their steps, ready to be written. */
export interface PreparedRows {
  readonly rows: readonly RowWrite[];
  readonly steps: readonly PreparedStep[];
}

interface PreparedStep {
  readonly step: PatchStep;
  readonly changes: readonly KeyedChange[];
}

/** Works out the steps of some rows; of the server nothing is asked. */
export async function prepareRows(
  { header, direction }: Pick<WritingSession, "header" | "direction">,
  rows: readonly RowWrite[],
): Promise<PreparedRows> {
  const steps = await patchSteps(rowsInMemory(rows), header, direction);
  const prepared = steps.map(async (step) => ({ step, changes: await collect(step) }));
  return { rows, steps: await Promise.all(prepared) };
}

/** Whether rows without a key are among them: their copies are counted by a scan of the table. */
export function hasCopies({ steps }: PreparedRows): boolean {
  return steps.some(({ step }) => isBag(step.table));
}

async function collect(step: PatchStep): Promise<readonly KeyedChange[]> {
  const changes: KeyedChange[] = [];
  for await (const batch of step.changes()) changes.push(...batch);
  return changes;
}

/** The triggers that are off while these rows are written. Each is off in our transaction only, and locks its table. */
function triggersOff(header: PlanHeader, { steps }: PreparedRows): readonly Trigger[] {
  if (header.triggerPolicy === "fire") return [];
  const written = new Set(steps.map(({ step }) => step.table.label));
  const firing = new Set(header.triggers.filter(fires).map(({ table }) => table));
  return header.triggers.filter(({ table }) => written.has(table) && firing.has(table));
}

/**
 * Writes rows in the open transaction: staged, guarded, and looked at again, by the statements of the patch. All of it
 * is sent at once. Should there be no transaction, because what began it failed, nothing is written: staging tables are
 * emptied at the end of each.
 *
 * @throws WriteError; the transaction, or its savepoint, must be rolled back then
 */
export async function writeRows(session: WritingSession, prepared: PreparedRows): Promise<Written> {
  const { writer, header, staging, watch } = session;
  const off = triggersOff(header, prepared);
  const locks = lockCopies(prepared.steps.map(({ step }) => step));
  const { tables, made } = staging.tablesFor(prepared.steps.map(({ step }) => step));
  const sent = [...made, writer.script(`SET CONSTRAINTS ALL DEFERRED;${triggerSwitch(off, false)}${locks}`)];
  const steps: Promise<readonly Rows[]>[] = [];
  for (const [at, { step, changes }] of prepared.steps.entries()) {
    const names = tables[at] as StagingNames;
    sent.push(...fill(session, step, names, changes));
    const options = optionsOf(header, step);
    const write = writeStatement(step, names, options);
    if (watch !== undefined) {
      await answersTo(sent);
      await watch(step, write);
    }
    const asked = writer.script(`${watch === undefined ? write : ""}${lookAgain(step, names, options)}`);
    sent.push(asked);
    steps.push(asked);
  }
  // What is checked at the end is checked here, where we can still tell whose fault it is.
  const last = writer.script(
    `SET CONSTRAINTS ALL IMMEDIATE;${triggerSwitch(off, true)}DELETE FROM pg_temp.pgmend_drift RETURNING n, finding`,
  );
  await answersTo([...sent, last]);
  return written(prepared, await Promise.all(steps), await last);
}

/** Staging tables are not analyzed: what the planner learned of the keys of one batch would mislead it about the next. */
function fill(
  { writer, staging }: WritingSession,
  step: PatchStep,
  names: StagingNames,
  changes: readonly KeyedChange[],
): readonly Promise<readonly Rows[]>[] {
  const { sql, values } = loadRows(step, names, changes);
  const emptied = staging.mayHoldRows(names)
    ? [writer.script(`TRUNCATE pg_temp.${names.table}, pg_temp.${names.written}`)]
    : [];
  return [...emptied, writer.query(sql, values).then((rows) => [rows])];
}

/** What was not written, and why. The last of its answers are positions of rows that the step did not write. */
function lookAgain(step: PatchStep, names: StagingNames, options: StepOptions): string {
  const drift = step.role === "park" ? "" : driftStatement(1, step, names, options);
  const skipped = step.role === "change" ? skippedRows(names) : "SELECT LIMIT 0";
  return `${drift}${skipped}`;
}

function written(
  { rows }: PreparedRows,
  steps: readonly (readonly Rows[])[],
  last: readonly Rows[],
): Written {
  const skipped = new Set(steps.flatMap((answers) => (answers.at(-1) ?? []).map(([n]) => Number(n))));
  const moved = (last.at(-1) ?? []).map(([n, text]) => ({ position: Number(n), text: text ?? "" }));
  const gone = new Set(moved.map(({ position }) => position));
  const left = rows.map(({ position }) => position).filter((position) => !gone.has(position));
  return {
    written: left.filter((position) => !skipped.has(position)),
    already: left.filter((position) => skipped.has(position)),
    moved,
  };
}

function optionsOf({ touchWrite, triggerPolicy, triggers }: PlanHeader, { table }: PatchStep): StepOptions {
  const triggersFire =
    triggerPolicy === "fire" && triggers.some((trigger) => trigger.table === table.label && fires(trigger));
  return { touchWrite, triggersFire, readable: false, batchSize: 0 };
}
