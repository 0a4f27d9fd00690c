import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { runSqlFile, runSqlFileWithoutPsql } from "../../sample-data/server/psql.js";
import {
  type PlannedRow,
  type PlanStore,
  plan,
  recoveryFiles,
  type Summary,
  type Table,
  verify,
} from "../../src/index.js";
import { expectedCurrent } from "./expectation.js";
import { identityInName, identityOf, type Printed, type PrintedTable } from "./printed.js";
import type { Stage } from "./stage.js";
import type { Role } from "./table.js";
import type { RowVerdict, Totals, Verdicts } from "./verdict.js";
import type { Incident } from "./world.js";

export interface Bench {
  readonly stage: Stage;
  readonly url: (role: Role) => string;
  /** A scratch folder of its own. */
  readonly folder: string;
  /** Run the patch with psql itself where it is installed; without, as one simple query, which is faster. */
  readonly psql: boolean;
}

/**
 * Plays one incident, lets pgmend recover from it, and holds every step against the oracle: each row's outcome, the
 * totals, the database after the patch, after a second run, after the rollback.
 *
 * @returns what differs, in words; nothing when all is well
 */
export function runIncident(bench: Bench, incident: Incident): Promise<readonly string[]> {
  return playIncident(bench, incident, async ({ store, summary, printed, verdicts }) => {
    const rows = await rowComplaints(store, verdicts);
    const end = expectedCurrent(printed.current, verdicts);
    const ends = await endComplaints(bench, incident, printed.current, end, store);
    return [...rows, ...totalComplaints(summary, verdicts), ...ends];
  });
}

/** An incident in its databases, what the oracle says of it, and the plan, whose files are in the folder. */
export interface Played {
  readonly store: PlanStore;
  readonly summary: Summary;
  readonly printed: Printed;
  readonly verdicts: Verdicts;
}

/** Plays an incident and plans the recovery from it; whatever becomes of that, the databases are empty afterwards. */
export async function playIncident(
  bench: Bench,
  incident: Incident,
  hold: (played: Played) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { stage, folder } = bench;
  await stage.build(incident);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const printed = await stage.read(incident);
    const verdicts = await stage.judge(incident, printed);
    const store = await planIncident(bench, incident);
    try {
      const { summary, files } = await recoveryFiles(store);
      for (const { name, text } of files) await writeFile(join(folder, name), text);
      return await hold({ store, summary, printed, verdicts });
    } finally {
      await store.close();
    }
  } finally {
    await stage.clear(incident);
  }
}

export function planIncident(
  { url, folder }: Partial<Bench> & Pick<Bench, "url" | "folder">,
  incident: Incident,
  method: "digest" | "stream" = incident.seed % 2 === 0 ? "digest" : "stream",
): Promise<PlanStore> {
  const settings = parseSettings({
    flags: { pre: url("pre"), post: url("post"), current: url("current") },
    env: {},
    file: parseConfig(stringify(incident.config), "pgmend.yaml"),
    strategies: builtInStrategies,
  });
  // Every fifth as if it were a large plan, that is looked up part by part.
  const chunkSize = incident.seed % 5 === 0 ? 10 : undefined;
  return plan({ settings, storeFile: join(folder, "plan.duckdb"), toolVersion: "fuzz", method, chunkSize });
}

async function rowComplaints(store: PlanStore, { tables }: Verdicts): Promise<readonly string[]> {
  const header = await store.readHeader();
  const wanted = new Map<string, RowVerdict>();
  const bags = new Set(header.tables.filter(({ key }) => key.length === 0).map(({ label }) => label));
  const [asked, told] = [new Map<string, number>(), new Map<string, number>()];
  for (const { table, rows } of tables)
    for (const [key, row] of rows)
      wanted.set(
        bags.has(table) ? copyOf(asked, table, identityInName(key), verdict(row)) : `${table} ${key}`,
        row,
      );
  const complaints: string[] = [];
  for await (const batch of store.rows()) {
    for (const row of batch) {
      const table = header.tables[row.table] as Table;
      const name = bags.has(table.label)
        ? copyOf(told, table.label, identityOfRow(table, row), planned(table, row))
        : `${table.label} ${JSON.stringify(row.key)}`;
      const expected = wanted.get(name);
      wanted.delete(name);
      const [is, should] = [
        describe(planned(table, row)),
        expected === undefined ? "no row" : describe(verdict(expected)),
      ];
      if (is !== should) complaints.push(`${name}: pgmend says ${is}, the oracle ${should}`);
    }
  }
  return [...complaints, ...[...wanted.keys()].map((name) => `${name}: pgmend does not know this row`)];
}

/** Of copies nobody can say which is which: only how many there are of each sort. */
function copyOf(counts: Map<string, number>, table: string, identity: string, judged: Judged): string {
  const sort = `${table} ${identity} ${describe(judged)}`;
  counts.set(sort, (counts.get(sort) ?? 0) + 1);
  return `${sort} (${counts.get(sort)})`;
}

function identityOfRow({ columns }: Table, { pre, post }: PlannedRow): string {
  return identityOf(columns.map(({ name }, at) => [name, (pre ?? post)?.[at] ?? null]));
}

export interface Judged {
  readonly operation: string;
  readonly outcome: string;
  readonly kind: string | undefined;
  readonly columns: readonly string[];
  readonly decided: boolean;
  readonly write: string | undefined;
}

export function planned(table: Table, { operation, outcome, conflict, decided, change }: PlannedRow): Judged {
  const columns = conflict?.columns.map((at) => table.columns[at]?.name ?? "?") ?? [];
  return { operation, outcome, kind: conflict?.kind, columns, decided, write: change?.kind };
}

export function verdict({ operation, outcome, kind, columns, decided, write }: RowVerdict): Judged {
  return { operation, outcome, kind, columns, decided, write };
}

export function describe({ columns, ...rest }: Judged): string {
  return JSON.stringify({ ...rest, columns: [...columns].sort() });
}

function totalComplaints({ totals, tables }: Summary, verdicts: Verdicts): readonly string[] {
  const { apply, already, conflict, kept, excluded, skipped } = totals;
  const sum = apply + already + conflict + kept + excluded + skipped;
  const complaints =
    totals.incoming === sum ? [] : [`totals.incoming ${totals.incoming} is not the sum ${sum}`];
  const expected = {
    ...verdicts.totals.outcomes,
    incoming: verdicts.totals.incoming,
    decided: verdicts.totals.decided,
  };
  for (const [name, count] of Object.entries(expected)) {
    const found = totals[name as keyof typeof totals];
    if (found !== count) complaints.push(`totals.${name} is ${found}, the oracle says ${count}`);
  }
  for (const { table, totals: wanted } of verdicts.tables) {
    const found = tables.find((candidate) => candidate.table === table);
    complaints.push(...tableComplaints(table, found, wanted));
  }
  return complaints;
}

function tableComplaints(
  table: string,
  found: Summary["tables"][number] | undefined,
  wanted: Totals,
): string[] {
  if (found === undefined) return [`the summary has no table ${table}`];
  const conflicts = Object.fromEntries(Object.entries(wanted.conflicts).filter(([, rows]) => rows > 0));
  const is = JSON.stringify([found.incident, found.apply, sorted(found.conflicts)]);
  const should = JSON.stringify([wanted.incident, wanted.apply, sorted(conflicts)]);
  return is === should ? [] : [`summary of ${table}: ${is}, the oracle says ${should}`];
}

function sorted(counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

export async function endComplaints(
  bench: Bench,
  incident: Incident,
  before: readonly PrintedTable[],
  after: readonly PrintedTable[],
  store: PlanStore,
  onPatched: () => Promise<readonly string[]> = async () => [],
): Promise<readonly string[]> {
  const current = { url: bench.url("current") };
  const complaints: string[] = [];
  const check = async (file: string, expected: readonly PrintedTable[], saying?: string) => {
    const run = bench.psql ? runSqlFile : runSqlFileWithoutPsql;
    const { exitCode, stderr } = await run(current.url, join(bench.folder, file));
    if (exitCode !== 0) complaints.push(`${file} failed: ${stderr}`);
    else if (saying !== undefined && !stderr.includes(saying))
      complaints.push(`${file} does not say "${saying}": ${stderr}`);
    const found = await bench.stage.readOne(incident, "current");
    complaints.push(...tableDifferences(file, found, expected));
  };
  await check("patch.sql", after);
  // What is asked of the end state means nothing on another one.
  if (complaints.length === 0) complaints.push(...(await onPatched()));
  const { notWritten, moved, rows } = await verify({ store, current });
  if (notWritten + moved > 0) complaints.push(`verify: ${JSON.stringify(rows)}`);
  await check("patch.sql", after, "nothing was written");
  await check("rollback.sql", before);
  return complaints;
}

export function tableDifferences(
  when: string,
  found: readonly PrintedTable[],
  expected: readonly PrintedTable[],
): readonly string[] {
  return expected.flatMap(({ table, rows }) => {
    const others = found.find((candidate) => candidate.table === table)?.rows ?? new Map();
    const keys = new Set([...rows.keys(), ...others.keys()]);
    return [...keys].flatMap((key) => {
      const [is, should] = [JSON.stringify(others.get(key)), JSON.stringify(rows.get(key))];
      return is === should ? [] : [`after ${when}, ${table} ${key} is ${is}, should be ${should}`];
    });
  });
}
