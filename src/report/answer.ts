import type { Outcome } from "../model/change.js";
import type { PlanHeader } from "../model/plan.js";
import { fires } from "../model/table.js";
import { type Operation, operations } from "../model/value.js";
import type { Summary, TableSummary } from "./summary.js";
import { number, plural } from "./text.js";

/** What a person who was not there asks first, with what the plan says to it. Texts may hold hostile names. */
export interface Answer {
  /** Whether the patch may be applied, in a word: `ready` and nothing is open, `review` what is, or `nothing` to do. */
  readonly verdict: "ready" | "review" | "nothing";
  readonly headline: string;
  readonly parts: readonly { readonly question: string; readonly lines: readonly string[] }[];
}

export function answer(header: PlanHeader, summary: Summary): Answer {
  return {
    verdict: summary.totals.open > 0 ? "review" : writtenRows(summary) === 0 ? "nothing" : "ready",
    headline: headline(summary),
    parts: [
      { question: "What happened", lines: whatHappened(summary) },
      { question: "What the patch will do", lines: whatPatchDoes(header, summary) },
      { question: "What stays open", lines: whatStaysOpen(header, summary) },
      { question: "What was left out", lines: whatWasLeftOut(summary) },
      { question: "May it be applied", lines: mayBeApplied(summary) },
    ],
  };
}

function headline(summary: Summary): string {
  const written = writtenRows(summary);
  const { open, conflict } = summary.totals;
  const mends = written === 0 ? "The patch writes nothing" : `The patch mends ${rowsText(written)}`;
  if (open === 0) return written === 0 ? "There is nothing to mend." : `${mends}; nothing is open.`;
  const tables = open - conflict;
  const parts = [
    ...(conflict > 0 ? [`${rowsText(conflict)} in conflict`] : []),
    ...(tables > 0 ? [`${tablesText(tables)} not compared`] : []),
  ];
  return `${mends}; ${parts.join(" and ")} ${open === 1 ? "is" : "are"} open.`;
}

function whatHappened({ tables, totals, connections, mode }: Summary): readonly string[] {
  const changed = tables
    .map((table) => ({ name: table.table, rows: sum(table.incident) }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
  const compared = `${rowsText(totals.rowsCompared)} of ${tablesText(tables.length)} ${totals.rowsCompared === 1 ? "was" : "were"} compared.`;
  if (totals.incoming === 0) return ["pre and post are the same.", compared];
  const largest = changed[0];
  const most =
    changed.length > 1 && largest !== undefined
      ? `Most of them are in ${largest.name}: ${number(largest.rows)}.`
      : "";
  const between = `Between pre (${connections.pre.database}) and post (${connections.post.database})`;
  return [
    `${between}, ${rowsText(totals.incoming)} of ${tablesText(changed.length)} changed: ${incidentText(tables)}. ${most}`.trim(),
    compared,
    mode === "undo"
      ? "The live database went on from there; what the incident did is taken back."
      : "The live database was restored from pre; what people did in that window is put back.",
  ];
}

const done: Readonly<Record<Operation, string>> = {
  insert: "inserted",
  update: "updated",
  delete: "deleted",
};

function incidentText(tables: readonly TableSummary[]): string {
  return operations
    .map((operation) => ({ operation, rows: tables.reduce((n, table) => n + table.incident[operation], 0) }))
    .filter(({ rows }) => rows > 0)
    .map(({ operation, rows }) => `${number(rows)} ${done[operation]}`)
    .join(", ");
}

function whatPatchDoes(header: PlanHeader, summary: Summary): readonly string[] {
  const { tables, sequences, rekeyed } = summary;
  const written = tables.filter(({ apply }) => sum(apply) > 0);
  if (written.length === 0 && sequences.length === 0) return ["It writes nothing."];
  const parts = operations
    .map((operation) => ({ operation, rows: tables.reduce((n, { apply }) => n + apply[operation], 0) }))
    .filter(({ rows }) => rows > 0)
    .map(({ operation, rows }) => `${operation}s ${number(rows)}`);
  const writes = parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts.join("");
  const rows = writtenRows(summary);
  const names = written.map(({ table }) => table);
  const firing = header.triggers.filter(
    (trigger) => fires(trigger) && trigger.isRule !== true && names.includes(trigger.table),
  ).length;
  const triggers =
    header.triggerPolicy === "fire"
      ? `${firing} ${plural(firing, "trigger")} ${firing === 1 ? "fires" : "fire"} while it runs.`
      : `${firing} ${plural(firing, "trigger")} ${firing === 1 ? "is" : "are"} switched off while it runs.`;
  return [
    ...(written.length > 0 ? [`It ${writes} ${plural(rows, "row")} of ${tablesText(written.length)}.`] : []),
    ...(rekeyed > 0 ? [`${rowsText(rekeyed)} ${comes(rekeyed)} back under a new key (rekeyed.csv).`] : []),
    ...(sequences.length > 0
      ? [`It moves ${number(sequences.length)} ${plural(sequences.length, "sequence")} up.`]
      : []),
    ...(firing > 0 ? [triggers] : []),
    "One transaction. A row that has changed since the plan is never overwritten, and rollback.sql takes all of it back.",
  ];
}

function whatStaysOpen({ granularity }: PlanHeader, { totals, tables, leftOut }: Summary): readonly string[] {
  const open = [...new Set(leftOut.filter((part) => part.open).map(({ table }) => table))];
  const decided =
    totals.decided > 0
      ? [
          `${conflictsText(totals.decided)} ${totals.decided === 1 ? "was" : "were"} settled by a strategy or a decision.`,
        ]
      : [];
  if (totals.open === 0) return ["Nothing.", ...decided];
  const withheld = granularity === "cell" ? "their clean cells are written" : "they are withheld whole";
  return [
    ...(totals.conflict > 0
      ? [
          `${rowsText(totals.conflict)} ${totals.conflict === 1 ? "is" : "are"} in conflict (${kindsText(tables)}); ${withheld}.`,
        ]
      : []),
    ...(open.length > 0 ? [`Not compared, and nobody excluded: ${listed(open)}.`] : []),
    ...decided,
  ];
}

function kindsText(tables: readonly TableSummary[]): string {
  const kinds = new Map<string, number>();
  for (const { conflicts } of tables)
    for (const [kind, rows] of Object.entries(conflicts)) kinds.set(kind, (kinds.get(kind) ?? 0) + rows);
  return [...kinds]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, rows]) => `${number(rows)} ${kind}`)
    .join(", ");
}

/** What each outcome means, for whoever does not know the words. */
export const meanings: Readonly<Record<Outcome, string>> = {
  apply: "the patch writes it",
  already: "current has it already",
  conflict: "open: needs a decision",
  kept: "current stays as it is, by a rule or default",
  excluded: "never touched, as asked",
  skipped: "needs something that is left out, or is too long to be read",
};

const outMeanings = {
  kept: "a rule or a default leaves current as it is",
  already: "current is as the patch would make it",
  excluded: "not to be touched, as asked",
  skipped: "needs something that is left out, or is too long to be read",
} as const;

function whatWasLeftOut({ totals, leftOut, redacted = [] }: Summary): readonly string[] {
  const rows = (["kept", "already", "excluded", "skipped"] as const)
    .filter((outcome) => totals[outcome] > 0)
    .map((outcome) => `${rowsText(totals[outcome])} ${outcome}: ${outMeanings[outcome]}.`);
  const tables = [...new Set(leftOut.filter((part) => !part.open).map(({ table }) => table))];
  const parts = [
    ...rows,
    ...(tables.length > 0 ? [`Not compared, as asked or as it cannot be: ${listed(tables)}.`] : []),
  ];
  const hidden = `Values of ${listed(redacted)} are shown as marks; equal marks are equal values.`;
  return [...(parts.length === 0 ? ["Nothing."] : parts), ...(redacted.length > 0 ? [hidden] : [])];
}

function mayBeApplied(summary: Summary): readonly string[] {
  const { totals, leftOut, tables } = summary;
  const suspected = tables.reduce((n, { conflicts }) => n + (conflicts["suspected-damage"] ?? 0), 0);
  const written = writtenRows(summary);
  if (written === 0 && totals.open === 0) return ["There is nothing to apply."];
  return [
    written === 0
      ? "There is nothing to apply yet: decide what is open first."
      : totals.open === 0
        ? "Yes, once it has been read and rehearsed."
        : "Yes, once it has been read and rehearsed: what is open is not in it, and can be decided and applied later.",
    ...(suspected > 0
      ? [
          `First say whether ${number(suspected)} deletes that look like damage are (a rule for these tables).`,
        ]
      : []),
    ...(leftOut.some(({ open }) => open)
      ? [
          "What happened in the tables that were not compared is unknown: exclude them, or make them comparable.",
        ]
      : []),
    "The plan knows current as it was when it was made; rows that have moved since are found and left alone.",
  ];
}

const named = 5;

function listed(names: readonly string[]): string {
  const more = names.length - named;
  return `${names.slice(0, named).join(", ")}${more > 0 ? `, and ${number(more)} more` : ""}`;
}

const rowsText = (rows: number) => `${number(rows)} ${plural(rows, "row")}`;
const tablesText = (tables: number) => `${number(tables)} ${plural(tables, "table")}`;
const conflictsText = (rows: number) => `${number(rows)} ${plural(rows, "conflict")}`;
const comes = (rows: number) => (rows === 1 ? "comes" : "come");

function writtenRows({ tables }: Summary): number {
  return tables.reduce((rows, { apply }) => rows + sum(apply), 0);
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
