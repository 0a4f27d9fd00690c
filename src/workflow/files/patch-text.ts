import type { PlanHeader } from "../../model/plan.js";
import type { SequenceMove } from "../../model/sequence.js";
import { fires, type Trigger } from "../../model/table.js";
import { operations } from "../../model/value.js";
import { describeMove } from "../../report/sequences.js";
import { describeConnections } from "../../report/summary.js";
import type { PatchHead } from "../../sql/patch/preamble.js";
import type { PatchStep } from "../../sql/patch/step.js";
import { type PatchParts, writePatch } from "../../sql/patch/write-patch.js";
import { redactedNames, redactorOf } from "../redaction.js";
import { type Direction, type PatchSource, patchSteps } from "./patch-steps.js";

/** What a patch holds and what it tells its reader of that. */
export interface PatchScope {
  /** Asked for when the patch is written, and not held any longer than that. */
  readonly source: () => Promise<PatchSource>;
  /** What it does not write, line by line. */
  readonly leftOut: readonly string[];
  /** Whose rows it writes, line by line. */
  readonly tenants: readonly string[];
  /** Undefined: the whole plan. */
  readonly part?: PatchHead["part"];
}

/** The SQL of a patch, or of its rollback, as a stream of text. */
export async function* patchText(
  header: PlanHeader,
  scope: PatchScope,
  direction: Direction,
): AsyncGenerator<string> {
  const steps = await patchSteps(await scope.source(), header, direction);
  const written = new Set(steps.map((step) => step.table.label));
  const triggers = header.triggers.filter((trigger) => written.has(trigger.table));
  const { triggerPolicy, touchWrite } = header;
  // They say what the patch is to achieve. What the rollback brings back may well be what broke them.
  const invariants = direction === "patch" ? header.invariants : [];
  const head = patchHead(header, scope, direction, steps, triggers);
  const sequences = direction === "patch" ? header.sequences : [];
  yield* writePatch({
    head,
    steps,
    triggers,
    triggerPolicy,
    touchWrite,
    invariants,
    sequences,
    shown: shownBy(header),
  });
}

function shownBy(header: PlanHeader): PatchParts["shown"] {
  if (header.redaction === undefined) return undefined;
  const redactor = redactorOf(header);
  return (table, position, text) => redactor.value(table.label, position, text);
}

function patchHead(
  header: PlanHeader,
  { leftOut, tenants, part }: PatchScope,
  direction: Direction,
  steps: readonly PatchStep[],
  triggers: PlanHeader["triggers"],
): PatchHead {
  const { planId, mode, createdAt, toolVersion, connections, triggerPolicy } = header;
  return {
    direction,
    planId,
    mode,
    createdAt,
    toolVersion,
    snapshots: describeConnections(header),
    contents: contentsOf(steps),
    leftOut,
    tenants,
    part,
    redacted: redactedNames(header),
    triggers: triggers.filter(fires).map((trigger) => describeTrigger(trigger, triggerPolicy)),
    sequences: sequencesOf(header.sequences, direction),
    database: connections.current.database,
    systemIdentifier: connections.current.systemIdentifier,
  };
}

function describeTrigger(
  { table, partition = table, name, timing, isRule }: Trigger,
  policy: PlanHeader["triggerPolicy"],
): string {
  const fires = isRule === true ? "makes PostgreSQL refuse what is written here" : "fires";
  const verb = policy === "fire" ? fires : "is switched off until the end, which locks the table for writers";
  return `${partition}: ${name} (${timing}) ${verb}`;
}

function contentsOf(steps: readonly PatchStep[]): readonly string[] {
  const counts = new Map<string, number[]>();
  for (const { table, kind, rows } of steps) {
    const of = counts.get(table.label) ?? operations.map(() => 0);
    of[operations.indexOf(kind)] = (of[operations.indexOf(kind)] ?? 0) + rows;
    counts.set(table.label, of);
  }
  return [...counts].map(([label, of]) => {
    const parts = of.flatMap((rows, at) =>
      rows === 0 ? [] : [`${rows} ${operations[at]}${rows === 1 ? "" : "s"}`],
    );
    return `${label}: ${parts.join(", ")}`;
  });
}

function sequencesOf(sequences: readonly SequenceMove[], direction: Direction): readonly string[] {
  if (direction === "patch") return sequences.map(describeMove);
  const stay = "they stay where they are: a number that may have been handed out is never handed out again";
  return sequences.length === 0 ? [] : [stay];
}
