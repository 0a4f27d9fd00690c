import type { PlanHeader } from "../model/plan.js";
import type { SequenceMove } from "../model/sequence.js";
import { fires } from "../model/table.js";
import { operations } from "../model/value.js";
import { changesJsonl } from "../report/changes-jsonl.js";
import { conflictsCsv } from "../report/conflicts-csv.js";
import { conflictsJsonl } from "../report/conflicts-jsonl.js";
import { rekeyedCsv } from "../report/rekeyed-csv.js";
import { reportHtml } from "../report/report-html.js";
import { reportMarkdown } from "../report/report-markdown.js";
import { describeMove } from "../report/sequences.js";
import { skippedJsonl } from "../report/skipped-jsonl.js";
import { describeConnections, type Summary, summarize } from "../report/summary.js";
import type { PatchHead } from "../sql/patch/preamble.js";
import type { PatchStep } from "../sql/patch/step.js";
import { writePatch } from "../sql/patch/write-patch.js";
import type { PlanStore } from "../store/plan-store.js";
import { type Direction, patchSteps } from "./patch-steps.js";

export type TextChunks = Iterable<string> | AsyncIterable<string>;

export interface RecoveryFile {
  readonly name: string;
  readonly text: TextChunks;
}

/** All files of the recovery folder but the plan store itself, each as a stream of text (design 3). */
export async function recoveryFiles(
  store: PlanStore,
): Promise<{ readonly summary: Summary; readonly files: readonly RecoveryFile[] }> {
  const header = await store.readHeader();
  const summary = summarize(header, await store.tallies());
  const conflicts = () => store.rows({ inConflict: true });
  const files: readonly RecoveryFile[] = [
    { name: "patch.sql", text: await patchText(store, header, summary, "patch") },
    { name: "rollback.sql", text: await patchText(store, header, summary, "rollback") },
    { name: "conflicts.csv", text: conflictsCsv(header, conflicts()) },
    { name: "conflicts.jsonl", text: conflictsJsonl(header, conflicts()) },
    {
      name: "skipped.jsonl",
      text: skippedJsonl(header.tables, store.rows({ outcomes: ["excluded", "skipped"] })),
    },
    { name: "changes.jsonl", text: changesJsonl(header.tables, store.rows({ anyChange: true })) },
    ...rekeyedFile(store, header),
    {
      name: "report.html",
      text: reportHtml(header, summary, conflicts(), store.rows({ outcomes: ["skipped"] })),
    },
    { name: "report.md", text: reportMarkdown(header, summary) },
    { name: "summary.json", text: [`${JSON.stringify(summary, null, 2)}\n`] },
  ];
  return { summary, files };
}

/** Only replay hands out new keys. */
function rekeyedFile(store: PlanStore, { mode, tables }: PlanHeader): readonly RecoveryFile[] {
  if (mode === "undo") return [];
  return [
    { name: "rekeyed.csv", text: rekeyedCsv(tables, store.rows({ rekeyed: true, changes: ["insert"] })) },
  ];
}

async function patchText(
  store: PlanStore,
  header: PlanHeader,
  summary: Summary,
  direction: Direction,
): Promise<AsyncIterable<string>> {
  const steps = await patchSteps(store, header, direction);
  const written = new Set(steps.map((step) => step.table.label));
  const triggers = header.triggers.filter((trigger) => written.has(trigger.table));
  const { triggerPolicy, touchWrite } = header;
  // They say what the patch is to achieve. What the rollback brings back may well be what broke them.
  const invariants = direction === "patch" ? header.invariants : [];
  const head = patchHead(header, summary, direction, steps, triggers);
  const sequences = direction === "patch" ? header.sequences : [];
  return writePatch({ head, steps, triggers, triggerPolicy, touchWrite, invariants, sequences });
}

function patchHead(
  header: PlanHeader,
  summary: Summary,
  direction: Direction,
  steps: readonly PatchStep[],
  triggers: PlanHeader["triggers"],
): PatchHead {
  const { planId, mode, createdAt, toolVersion, connections, triggerPolicy } = header;
  const verb =
    triggerPolicy === "fire" ? "fires" : "is switched off until the end, which locks the table for writers";
  return {
    direction,
    planId,
    mode,
    createdAt,
    toolVersion,
    snapshots: describeConnections(connections),
    contents: contentsOf(steps),
    leftOut: leftOutOf(summary),
    triggers: triggers
      .filter(fires)
      .map(({ table, partition = table, name, timing }) => `${partition}: ${name} (${timing}) ${verb}`),
    sequences: sequencesOf(header.sequences, direction),
    database: connections.current.database,
    systemIdentifier: connections.current.systemIdentifier,
  };
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

/** What the incident delta has and the patch does not, table by table; then what was never compared. */
function leftOutOf({ tables, leftOut }: Summary): readonly string[] {
  const perTable = tables.flatMap((table) => {
    const conflicts = Object.entries(table.conflicts).map(([kind, rows]) => `${rows} in conflict (${kind})`);
    const others = (["kept", "excluded", "skipped", "already"] as const).flatMap((outcome) =>
      table[outcome] === 0
        ? []
        : [`${table[outcome]} ${outcome === "already" ? "already as wanted" : outcome}`],
    );
    const parts = [...conflicts, ...others];
    return parts.length === 0 ? [] : [`${table.table}: ${parts.join(", ")}`];
  });
  return [...perTable, ...leftOut.map(({ table, reason }) => `${table}: ${reason}`)];
}
