import type { PlanHeader, PlannedRow, PlanStore, Summary, Table } from "../../../src/index.js";
import type { PrintedTable } from "../printed.js";
import {
  type Bench,
  describe,
  endComplaints,
  planned,
  playIncident,
  tableDifferences,
  verdict,
} from "../run-incident.js";
import type { RowVerdict, Verdicts } from "../verdict.js";
import type { Incident } from "../world.js";
import { misleading, refersToNamesake, type Sides } from "./other-parent.js";
import { untruth, type WithheldChange } from "./truth.js";

/** Told what an incident exercised, to be counted. */
export type Tell = (label: string) => void;

/**
 * Plays one incident whose databases have constraints, and holds the plan against them: the oracle knows what the merge
 * alone would write; of that the plan must write all, or withhold a row for a reason that is true.
 *
 * @returns what differs, in words; nothing when all is well
 */
export function runConstrained(
  bench: Bench,
  incident: Incident,
  tell: Tell = () => undefined,
): Promise<readonly string[]> {
  return playIncident(bench, incident, async ({ store, summary, printed, verdicts }) => {
    const rows = await readPlan(store, verdicts);
    const end = plannedEnd(printed.current, rows);
    const { foreignKeys } = await store.readHeader();
    const sides = { mode: incident.mode, printed, end };
    return [
      ...rows.flatMap((row) => outcomeComplaints(row, tell)),
      ...missingRows(rows, verdicts),
      ...totalComplaints(summary, rows),
      ...misled(sides, rows, foreignKeys),
      ...(await endComplaints(bench, incident, printed.current, end, store, () =>
        untruths(bench, incident, rows, sides, foreignKeys, tell),
      )),
    ];
  });
}

type ForeignKeys = PlanHeader["foreignKeys"];

/** A row of the plan beside what the oracle says of it. */
interface Judgement {
  readonly name: string;
  readonly key: string;
  readonly table: Table;
  readonly row: PlannedRow;
  readonly wanted: RowVerdict | undefined;
}

async function readPlan(store: PlanStore, verdicts: Verdicts): Promise<readonly Judgement[]> {
  const header = await store.readHeader();
  const judgements: Judgement[] = [];
  for await (const batch of store.rows()) {
    for (const row of batch) {
      const table = header.tables[row.table] as Table;
      const key = JSON.stringify(row.key);
      const wanted = verdicts.tables.find((candidate) => candidate.table === table.label)?.rows.get(key);
      judgements.push({ name: `${table.label} ${key}`, key, table, row, wanted });
    }
  }
  return judgements;
}

/** Every row of current as the plan says it will be. */
function plannedEnd(current: readonly PrintedTable[], rows: readonly Judgement[]): readonly PrintedTable[] {
  return current.map((printed) => {
    const ended = new Map(printed.rows);
    for (const { table, key, row } of rows) {
      if (table.label !== printed.table || row.change === undefined) continue;
      if (row.change.kind === "delete") ended.delete(key);
      else ended.set(key, printedRow(printed, table, row.change, ended.get(key)));
    }
    return { ...printed, rows: ended };
  });
}

function printedRow(
  { columns }: PrintedTable,
  table: Table,
  change: Exclude<PlannedRow["change"], undefined | { kind: "delete" }>,
  before: readonly (string | null)[] = [],
): readonly (string | null)[] {
  return columns.map((name, place) => {
    const at = table.columns.findIndex((column) => column.name === name);
    const isWritten = change.kind === "insert" || change.columns.includes(at);
    return (isWritten ? change.after[at] : before[place]) ?? null;
  });
}

const constraintKinds = ["foreign-key", "unique", "check", "not-null", "exclusion"];

function isWithheld({ row, wanted }: Judgement): boolean {
  return wanted?.write !== undefined && row.change === undefined;
}

function outcomeComplaints(judgement: Judgement, tell: Tell): readonly string[] {
  const { name, table, row, wanted } = judgement;
  if (wanted === undefined) return [`${name}: the oracle does not know this row`];
  if (row.park !== undefined) tell(`${row.change?.kind} steps aside`);
  if (isWithheld(judgement)) return withheldComplaints(judgement, tell);
  tell(`${row.outcome}${row.change === undefined ? "" : ` ${row.change.kind}`}`);
  const [is, should] = [describe(planned(table, row)), describe(verdict(wanted))];
  return is === should ? [] : [`${name}: pgmend says ${is}, the oracle ${should}`];
}

function withheldComplaints({ name, row, wanted }: Judgement, tell: Tell): readonly string[] {
  const kind = row.conflict?.kind;
  tell(`withheld ${wanted?.write}: ${row.outcome === "skipped" ? "skipped" : kind}`);
  if (wanted?.outcome === "conflict")
    return row.outcome === "conflict" && kind === wanted.kind ? [] : [`${name}: no longer ${wanted.kind}`];
  if (row.outcome === "skipped") return row.reason ? [] : [`${name}: skipped without a reason`];
  if (row.outcome !== "conflict" || !constraintKinds.includes(kind ?? ""))
    return [`${name}: would be written, but is ${row.outcome} (${kind})`];
  return row.conflict?.cause ? [] : [`${name}: ${kind} without a cause`];
}

function missingRows(rows: readonly Judgement[], { tables }: Verdicts): readonly string[] {
  const known = new Set(rows.map(({ name }) => name));
  return tables.flatMap(({ table, rows }) =>
    [...rows.keys()].flatMap((key) =>
      known.has(`${table} ${key}`) ? [] : [`${table} ${key}: pgmend does not know this row`],
    ),
  );
}

function totalComplaints({ totals }: Summary, rows: readonly Judgement[]): readonly string[] {
  const outcomes = ["apply", "already", "conflict", "kept", "excluded", "skipped"] as const;
  const sum = outcomes.reduce((total, outcome) => total + totals[outcome], 0);
  const counted = outcomes.filter(
    (outcome) => totals[outcome] !== rows.filter(({ row }) => row.outcome === outcome).length,
  );
  return [
    ...(totals.incoming === sum && sum === rows.length
      ? []
      : [`totals.incoming ${totals.incoming} is not the sum ${sum} of ${rows.length} rows`]),
    ...counted.map((outcome) => `totals.${outcome} is not what the rows say`),
  ];
}

/** Rows that are written, and come to refer to another row than they did where they come from. */
function misled(sides: Sides, rows: readonly Judgement[], foreignKeys: ForeignKeys): readonly string[] {
  const written = rows.filter(({ row }) => row.change !== undefined);
  return written.flatMap((judgement) => {
    const end = sides.end.find(({ table }) => table === judgement.table.label)?.rows.get(judgement.key);
    const found = misleading(sides, rows, { ...judgement, end }, foreignKeys);
    return found.map(({ name }) => `${judgement.name} is written, and by ${name} it refers to another row`);
  });
}

/** Withheld rows whose reason is not true on the end state. */
async function untruths(
  { stage }: Bench,
  incident: Incident,
  rows: readonly Judgement[],
  sides: Sides,
  foreignKeys: ForeignKeys,
  tell: Tell,
): Promise<readonly string[]> {
  const { end } = sides;
  const complaints: string[] = [];
  for (const judgement of rows.filter(isWithheld)) {
    const { name, key, table, row, wanted } = judgement as Judgement & { readonly wanted: RowVerdict };
    const printed = end.find((candidate) => candidate.table === table.label) as PrintedTable;
    const isReason = row.outcome === "conflict" && wanted.outcome !== "conflict";
    const change: WithheldChange = {
      ...{ table: printed, key, end: wanted.end },
      write: wanted.write ?? "update",
      kind: isReason ? row.conflict?.kind : undefined,
    };
    const alone = withRow(end, change);
    const othersChanged = async () => {
      const now = await stage.readOne(incident, "current");
      return tableDifferences("", now, alone).length > 0;
    };
    const found = await untruth(stage.current, change, othersChanged, foreignKeys);
    if (found === undefined) continue;
    const referring = { table, row, end: wanted.end };
    if (refersToNamesake(sides, rows, referring, foreignKeys)) continue;
    if (isSaidOf(judgement, misleading(sides, rows, referring, foreignKeys))) {
      tell(`withheld ${change.write}: would refer to another row`);
      continue;
    }
    const reason = row.conflict?.cause ?? row.reason;
    complaints.push(
      `${name}: ${change.write} is withheld (${row.outcome}, ${row.conflict?.kind}: ${reason}), but ${found}`,
    );
  }
  return complaints;
}

/** Whether the plan's reason is one of these foreign keys. */
function isSaidOf({ table, row, wanted }: Judgement, foreignKeys: ForeignKeys): boolean {
  if (row.outcome === "skipped" || wanted?.outcome === "conflict") return foreignKeys.length > 0;
  const columns = row.conflict?.columns.map((at) => table.columns[at]?.name);
  return (
    row.conflict?.kind === "foreign-key" &&
    foreignKeys.some((key) => JSON.stringify(key.columns) === JSON.stringify(columns))
  );
}

function withRow(
  end: readonly PrintedTable[],
  { table, key, end: row }: WithheldChange,
): readonly PrintedTable[] {
  const rows = new Map(table.rows);
  if (row === undefined) rows.delete(key);
  else rows.set(key, row);
  return end.map((printed) => (printed === table ? { ...printed, rows } : printed));
}
