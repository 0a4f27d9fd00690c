import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseFile } from "fast-csv";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import type { PlayedStory, Replay, RowKey, TenantFigures } from "../../sample-data/story.js";
import type { PlanSettings, Summary } from "../../src/index.js";
import type { Check } from "./scene.js";

export interface Recovered {
  /** The recovery folder. */
  readonly out: string;
  readonly summary: Summary;
  readonly rules: PlanSettings["rules"];
  /** URL of a copy of current from before the patch. */
  readonly before: string;
}

/** What else a replay must come to, besides the right rows. */
export async function checkReplay(
  replay: Replay,
  played: PlayedStory,
  recovered: Recovered,
): Promise<readonly Check[]> {
  const { out, summary } = recovered;
  return [
    {
      what: "every row that is left out had to be, and the report says for want of what",
      problems: compareLines(await leftOutLines(out, replay), expectedLeftOut(replay)),
    },
    {
      what: "rekeyed.csv has every row that comes back under another key",
      problems: compareLines(await rekeyedLines(out), replay.rekeyed.map(rekeyedLine)),
    },
    {
      what: "the figures of each workspace are right",
      problems: compareLines(
        (summary.tenants ?? []).map((counts) => tenantLine(counts.tenant, counts, counts.conflicts)),
        replay.tenants.map(({ tenant, outcomes: counts, conflicts }) =>
          tenantLine(tenant, counts, conflicts),
        ),
      ),
    },
    { what: "no row that the TRUNCATE took was deleted again", problems: await deletedAgain(recovered) },
    {
      what: "nothing that people wrote since the restore was changed",
      problems: await overwritten(played, recovered),
    },
  ];
}

/** Lines as sets: what is too much, and what is missing. */
function compareLines(found: readonly string[], expected: readonly string[]): readonly string[] {
  const wanted = new Set(expected);
  const surplus = found.filter((line) => !wanted.delete(line));
  return [
    ...surplus.map((line) => `not expected: ${line}`),
    ...[...wanted].map((line) => `missing: ${line}`),
  ];
}

interface LeftOutRow extends RowKey {
  readonly operation: string;
  readonly outcome: string;
  readonly causes: readonly RowKey[];
}

function expectedLeftOut({ excluded, skipped }: Replay): readonly string[] {
  return [
    ...excluded.map((row) => leftOutLine({ ...row, outcome: "excluded" })),
    ...skipped.map((row) => leftOutLine({ ...row, outcome: "skipped" }, row.cause)),
  ];
}

/** Where more than one chain of causes is true the story names none; then any will do. */
async function leftOutLines(out: string, { skipped }: Replay): Promise<readonly string[]> {
  const explained = new Set(skipped.flatMap((row) => (row.cause === undefined ? [] : [rowName(row)])));
  const rows = await readLines<LeftOutRow>(join(out, "skipped.jsonl"));
  return rows.map((row) => leftOutLine(row, explained.has(rowName(row)) ? row.causes : undefined));
}

function leftOutLine(row: Omit<LeftOutRow, "causes">, causes?: readonly RowKey[]): string {
  const line = `${row.outcome} ${row.operation} ${rowName(row)}`;
  return causes === undefined ? line : [line, ...causes.map(rowName)].join(" for want of ");
}

type RekeyedRow = Replay["rekeyed"][number];

function rekeyedLine({ table, from, to }: RekeyedRow): string {
  return `${table} ${JSON.stringify(from)} to ${JSON.stringify(to)}`;
}

async function rekeyedLines(out: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of parseFile(join(out, "rekeyed.csv"), { headers: true })) {
    const { table, old, new: own, why } = line as Record<"table" | "old" | "new" | "why", string>;
    if (why === "rekey") lines.push(`${table} ${old} to ${own}`);
  }
  return lines;
}

const outcomes = ["apply", "already", "conflict", "kept", "excluded", "skipped"] as const;

function tenantLine(
  tenant: string | null,
  counts: TenantFigures["outcomes"],
  conflicts: TenantFigures["conflicts"],
): string {
  const kinds = Object.entries(conflicts).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([tenant, outcomes.map((outcome) => counts[outcome]), kinds]);
}

interface ChangeLine extends RowKey {
  readonly operation: string;
}

/** Deletes in a table of which the config says that its deletes are damage. */
async function deletedAgain({ out, rules }: Recovered): Promise<readonly string[]> {
  const truncated = rules.flatMap(({ is, match }) =>
    is === "damage" && match.operations?.includes("delete") === true ? (match.tables ?? []) : [],
  );
  const changes = await readLines<ChangeLine>(join(out, "changes.jsonl"));
  return changes
    .filter(({ operation, table }) => operation === "delete" && truncated.includes(table))
    .map((row) => `deleted: ${rowName(row)}`);
}

/** Cells that differ from the backup before the patch and were changed by it, but for those that a strategy merged. */
async function overwritten(
  { pre, current }: PlayedStory,
  { out, before }: Recovered,
): Promise<readonly string[]> {
  const everything = { limit: Number.POSITIVE_INFINITY };
  const since = new Set((await compareDatabases(before, pre, everything)).map(cellName));
  const merged = new Set(await mergedCells(out));
  return (await compareDatabases(current, before, everything))
    .map(cellName)
    .filter((name) => since.has(name) && !merged.has(name))
    .map((name) => `changed: ${name}`);
}

interface ConflictLine extends RowKey {
  readonly columns: readonly string[];
  readonly resolution: string | null;
}

async function mergedCells(out: string): Promise<readonly string[]> {
  const conflicts = await readLines<ConflictLine>(join(out, "conflicts.jsonl"));
  return conflicts
    .filter(({ resolution }) => resolution !== null)
    .flatMap((row) => row.columns.map((column) => cellName({ ...row, column })));
}

function cellName({
  table,
  key,
  column,
}: {
  table: string;
  key: Readonly<Record<string, unknown>>;
  column: string;
}) {
  return `${table} ${JSON.stringify(key)} ${column}`;
}

function rowName({ table, key }: RowKey): string {
  return `${table} ${JSON.stringify(key)}`;
}

async function readLines<T>(file: string): Promise<readonly T[]> {
  const rows: T[] = [];
  for await (const line of createInterface({ input: createReadStream(file) }))
    rows.push(JSON.parse(line) as T);
  return rows;
}
