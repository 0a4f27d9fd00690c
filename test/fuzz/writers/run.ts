import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import {
  type ApplyResult,
  apply,
  openPlanStore,
  type PlanSettings,
  type PlanStore,
  plan,
} from "../../../src/index.js";
import { Random } from "../random.js";

/** What one writer committed, as the writer knows it: the server said so. */
interface Committed {
  readonly id: number;
  /** Counts the writes of a row by writers; each raises it by one, so it tells which came last. */
  readonly version: number;
  readonly column: "owner" | "note" | "visits";
  readonly value: string;
}

export interface WritersBench {
  readonly url: (role: "pre" | "post" | "current") => string;
  /** A folder of our own. */
  readonly folder: string;
  readonly writers: number;
  readonly rows: number;
  /** How long they write before the plan, between plan and apply, and after it, each. */
  readonly seconds: number;
}

export const writersStory = (rows: number) => ({
  pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text, note text, visits integer NOT NULL DEFAULT 0, version integer NOT NULL DEFAULT 0);
    INSERT INTO device SELECT n, 'ann' FROM generate_series(1, ${rows}) AS n`,
  post: `UPDATE device SET owner = NULL WHERE id % 10 <> 0; DELETE FROM device WHERE id % 10 = 0`,
});

export interface WritersResult {
  readonly complaints: readonly string[];
  readonly commits: number;
  readonly result: ApplyResult;
}

/** Plans and applies while everybody writes to the same rows; then looks for every write that anybody committed. */
export async function runWriters(bench: WritersBench, seed: string): Promise<WritersResult> {
  const log: Committed[] = [];
  const over = new AbortController();
  const writing = Array.from({ length: bench.writers }, (_, n) =>
    writer(bench, new Random(`${seed}/${n}`), log, over.signal),
  );
  const file = join(bench.folder, `${seed}.duckdb`);
  try {
    await sleep(bench.seconds * 1000);
    const store = await plan({ settings: settingsOf(bench), storeFile: file, toolVersion: "test" });
    await store.close();
    await sleep(bench.seconds * 1000);
    const opened = await openPlanStore(file);
    try {
      const result = await applyNow(bench, opened);
      await sleep(bench.seconds * 1000);
      over.abort();
      await Promise.all(writing);
      return { complaints: await complaintsOf(bench, opened, result, log), commits: log.length, result };
    } finally {
      await opened.close();
    }
  } finally {
    over.abort();
    await Promise.allSettled(writing);
  }
}

async function applyNow({ url }: WritersBench, store: PlanStore): Promise<ApplyResult> {
  const result = await apply({
    ...{ store, current: { url: url("current") }, direction: "patch", onDrift: "skip", selection: {} },
    ...{
      allowOtherDatabase: false,
      requireApproval: false,
      limits: { batchRows: 50 },
      confirm: async () => true,
    },
  });
  if (result === undefined) throw new Error("nothing was applied");
  return result;
}

async function writer(
  bench: WritersBench,
  random: Random,
  log: Committed[],
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ connectionString: bench.url("current") });
  await client.connect();
  try {
    while (!signal.aborted) {
      const column = random.weighted({ owner: 1, note: 10, visits: 15 });
      const id = random.integer(1, bench.rows);
      const value = column === "visits" ? "visits + 1" : `'${column} ${random.integer(0, 1_000_000)}'`;
      const sql = `UPDATE device SET ${column} = ${value}, version = version + 1 WHERE id = ${id} RETURNING version, ${column} AS value`;
      const [row] = (await client.query<{ version: number; value: unknown }>(sql)).rows;
      if (row !== undefined) log.push({ id, version: row.version, column, value: String(row.value) });
      await sleep(random.integer(0, 5));
    }
  } finally {
    await client.end();
  }
}

/** From the log of the writers and the end alone: every row is as they left it, and as planned or named. */
async function complaintsOf(
  { url, rows }: WritersBench,
  store: PlanStore,
  result: ApplyResult,
  log: readonly Committed[],
): Promise<readonly string[]> {
  const named = new Set(result.rows.map(({ key }) => Number(key["id"])));
  for await (const batch of store.rows({ inConflict: true }))
    for (const { key } of batch) named.add(Number(key[0]));
  const client = new pg.Client({ connectionString: url("current") });
  await client.connect();
  const found = (await client.query("SELECT * FROM device")).rows as (Record<string, unknown> & {
    id: number;
  })[];
  await client.end();
  const byId = new Map(found.map((row) => [row.id, row]));
  return Array.from({ length: rows }, (_, n) => n + 1).flatMap((id) => {
    const writes = log.filter((entry) => entry.id === id).sort((a, b) => a.version - b.version);
    const row = byId.get(id);
    if (row === undefined) return named.has(id) && writes.length === 0 ? [] : [`row ${id} is not there`];
    const last = (column: string) => writes.findLast((entry) => entry.column === column)?.value;
    const wrong = (["note", "visits", "owner"] as const).flatMap((column) => {
      const value = last(column);
      return value === undefined || value === String(row[column])
        ? []
        : [`row ${id}: ${column} is ${row[column]}, and somebody committed ${value}`];
    });
    const planned =
      last("owner") === undefined && row["owner"] !== "ann" && !named.has(id)
        ? [`row ${id}: owner is ${row["owner"]}, which is neither as planned nor named`]
        : [];
    const lost =
      writes.length === Number(row["version"])
        ? []
        : [`row ${id}: ${writes.length} writes, version ${row["version"]}`];
    return [...wrong, ...planned, ...lost];
  });
}

function settingsOf({ url }: WritersBench): PlanSettings {
  return {
    ...{ mode: "undo", tables: [], excludeTables: [], keys: {}, rules: [], damage: ["update", "delete"] },
    connections: { pre: { url: url("pre") }, post: { url: url("post") }, current: { url: url("current") } },
    ...{ strategies: [], touch: { write: "restore" }, groups: {}, granularity: "row", triggers: "fire" },
    ...{ invariants: [], guard: { massDelete: { share: 0.5, rows: 100 } } },
  };
}
