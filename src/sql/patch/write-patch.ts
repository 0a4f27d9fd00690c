import type { Invariant } from "../../model/plan.js";
import type { SequenceMove } from "../../model/sequence.js";
import { columnNames, fires, type Table, type Trigger } from "../../model/table.js";
import type { Value } from "../../model/value.js";
import { comment } from "../quote.js";
import { lockCopies } from "./bag-statements.js";
import { closing } from "./closing.js";
import { dropStaging, stagingNames } from "./names.js";
import { type PatchHead, preamble, triggerSwitch } from "./preamble.js";
import { stage } from "./stage-rows.js";
import { driftStatement, resultStatement, writeStatement } from "./statements.js";
import type { PatchStep, StepOptions } from "./step.js";

export interface PatchParts {
  readonly head: PatchHead;
  /** In the order in which they are to run. */
  readonly steps: readonly PatchStep[];
  /** Enabled user triggers on the tables that are written. */
  readonly triggers: readonly Trigger[];
  readonly triggerPolicy: "fire" | "disable";
  readonly invariants: readonly Invariant[];
  /** Moved up at the very end. */
  readonly sequences: readonly SequenceMove[];
  readonly touchWrite: StepOptions["touchWrite"];
  /** How comments show values; as they are, if undefined. */
  readonly shown?: ((table: Table, position: number, value: Value) => Value) | undefined;
}

/** Up to this many rows, each carries a comment that says what happens to it. */
const readableRows = 5000;
const stagingBatch = 1000;

/**
 * The patch as SQL that plain psql runs alone: settings, guards, changes, checks, commit. It streams: memory holds one
 * batch of rows, however many the patch has.
 */
export async function* writePatch(parts: PatchParts): AsyncGenerator<string> {
  const { head, steps, triggers, triggerPolicy, shown } = parts;
  yield* preamble(head);
  const off = triggerPolicy === "disable" ? triggers : [];
  yield triggerSwitch(off, false);
  // What can be checked at the end may be: then most orders are as good as any other.
  if (steps.length > 0) yield "SET CONSTRAINTS ALL DEFERRED;\n";
  const total = steps.reduce((sum, step) => sum + step.rows, 0);
  const firing = new Set(
    triggerPolicy === "fire" ? triggers.filter(fires).map((trigger) => trigger.table) : [],
  );
  for (const [at, step] of steps.entries()) {
    const names = stagingNames(at + 1, step.table);
    const options: StepOptions = {
      touchWrite: parts.touchWrite,
      triggersFire: firing.has(step.table.label),
      readable: total <= readableRows,
      shown: shown && ((position, value) => shown(step.table, position, value)),
      batchSize: stagingBatch,
    };
    yield `\n-- ${comment(`Step ${at + 1} of ${steps.length}: ${title(step)}`)}\n`;
    yield lockCopies([step]);
    yield* stage(step, names, options);
    yield writeStatement(step, names, options);
    // A row that could not step aside is found by the step of its change.
    if (step.role !== "park") yield driftStatement(at + 1, step, names, options);
    yield `${resultStatement(at + 1, step, names)}${dropStaging(names)}`;
  }
  if (steps.length > 0) yield "SET CONSTRAINTS ALL IMMEDIATE;\n";
  yield triggerSwitch(off, true);
  yield* closing(parts.invariants, parts.sequences, head.part !== undefined);
}

function title({ kind, role, table, columns, rows }: PatchStep): string {
  const which = kind === "update" ? ` (${columnNames(table, columns).join(", ")})` : "";
  const what = `${rows} ${rows === 1 ? "row" : "rows"} of ${table.label}${which}`;
  if (role === "park") return `move ${what} out of the way until their change is written below`;
  if (role === "unpark") return `complete ${what} inserted above`;
  return `${kind} ${what}`;
}
