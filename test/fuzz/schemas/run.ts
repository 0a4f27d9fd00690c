import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { parseSettings } from "../../../cli/settings/parse-settings.js";
import { parseConfig } from "../../../cli/settings/read-config.js";
import { builtInStrategies } from "../../../merge-strategies/index.js";
import { compareDatabases } from "../../../sample-data/compare-databases.js";
import { runSqlFile } from "../../../sample-data/server/psql.js";
import { plan, recoveryFiles, type Summary } from "../../../src/index.js";
import { Random } from "../random.js";
import { damageSql } from "./damage.js";
import { fingerprint } from "./fingerprint.js";
import { lifeSql } from "./life.js";
import { type LargeSchema, schemaSql } from "./table.js";

export interface SchemaBench {
  /** Of the maintenance database. */
  readonly admin: string;
  /** URL of a database by name, whether it is there or not. */
  readonly url: (name: string) => string;
  readonly folder: string;
}

export interface Outcome {
  /** What is not as it should be, in words. */
  readonly complaints: readonly string[];
  readonly changes: number;
}

const modes = ["undo", "replay"] as const;
type Mode = (typeof modes)[number];

/**
 * Builds a large schema, damages it at random, lets people go on, and recovers it in both modes: the patch must bring what
 * should be there, do nothing a second time, and its rollback all that was there before.
 */
export async function playSchema(
  bench: SchemaBench,
  schema: LargeSchema,
  seed: string,
): Promise<readonly Outcome[]> {
  const copy = (name: string, template: string) =>
    run(bench.admin, [
      `CREATE DATABASE ${nameOf(bench, name)} TEMPLATE ${template === "template0" ? "template0 ENCODING 'UTF8' LOCALE 'C'" : nameOf(bench, template)}`,
    ]);
  const outcomes: Outcome[] = [];
  try {
    await copy("pre", "template0");
    await run(bench.url("pre"), schemaSql(schema));
    await copy("post", "pre");
    await run(bench.url("post"), damageSql(new Random(`damage ${seed}`), schema, 0.25));
    const life = await lifeSql(new Random(`life ${seed}`), bench.url("pre"), bench.url("post"));
    for (const mode of modes) {
      const [origin, goal] = mode === "undo" ? ["post", "pre"] : ["pre", "post"];
      for (const [name, template] of [
        ["current", origin],
        ["truth", goal],
      ] as const) {
        await copy(name, template);
        await run(bench.url(name), life);
      }
      await copy("before", "current");
      outcomes.push(await recover(bench, mode));
      for (const name of ["current", "truth", "before"]) await drop(bench, name);
    }
    return outcomes;
  } finally {
    for (const name of ["pre", "post", "current", "truth", "before"]) await drop(bench, name);
  }
}

async function recover(bench: SchemaBench, mode: Mode): Promise<Outcome> {
  await rm(bench.folder, { recursive: true, force: true });
  await mkdir(bench.folder, { recursive: true });
  const summary = await makePlan(bench, mode);
  const complaints =
    summary.totals.open === 0 && summary.totals.incoming === summary.totals.apply
      ? []
      : [`${mode}: ${JSON.stringify(summary.totals)}`, ...(await openRows(bench))];
  for (const [file, expected, again] of [
    ["patch.sql", "truth", false],
    ["patch.sql", "truth", true],
    ["rollback.sql", "before", false],
    ["rollback.sql", "before", true],
  ] as const) {
    const { exitCode, stderr } = await runSqlFile(bench.url("current"), join(bench.folder, file));
    if (exitCode !== 0) complaints.push(`${mode}: ${file} failed: ${stderr.slice(0, 2000)}`);
    else if (again && !stderr.includes("pgmend: nothing was written"))
      complaints.push(`${mode}: ${file} wrote a second time`);
    else
      complaints.push(
        ...(await differencesTo(bench, expected)).map((one) => `${mode}: after ${file}: ${one}`),
      );
    if (complaints.length > 0) break;
  }
  return { complaints, changes: summary.totals.incoming };
}

/** What is not in `current` as it is in that other database. */
async function differencesTo({ url }: SchemaBench, expected: string): Promise<readonly string[]> {
  const [found, wanted] = [await fingerprint(url("current")), await fingerprint(url(expected))];
  if (found === wanted) return [];
  const differences = await compareDatabases(url("current"), url(expected), { limit: 20 });
  return differences.length === 0
    ? ["the digests of all rows differ"]
    : differences.map((one) => JSON.stringify(one).slice(0, 400));
}

async function makePlan({ url, folder }: SchemaBench, mode: Mode): Promise<Summary> {
  const config = `mode: ${mode}\ntouch: { columns: [] }\nrules: [{ match: {}, is: ${mode === "undo" ? "damage" : "legitimate"} }]
triggers: disable\nguard: { massDelete: { share: 1, rows: 1000000 } }`;
  const settings = parseSettings({
    flags: { pre: url("pre"), post: url("post"), current: url("current") },
    env: {},
    file: parseConfig(config, "pgmend.yaml"),
    strategies: builtInStrategies,
  });
  const store = await plan({ settings, storeFile: join(folder, "plan.duckdb"), toolVersion: "fuzz" });
  try {
    const { summary, files } = await recoveryFiles(store);
    for (const { name, text } of files) await writeFile(join(folder, name), text);
    return summary;
  } finally {
    await store.close();
  }
}

async function openRows({ folder }: SchemaBench): Promise<readonly string[]> {
  const text = await readFile(join(folder, "conflicts.jsonl"), "utf8");
  return text
    .split("\n")
    .slice(0, 5)
    .map((line) => line.slice(0, 600));
}

function nameOf({ url }: SchemaBench, name: string): string {
  return pg.escapeIdentifier(decodeURIComponent(new URL(url(name)).pathname.slice(1)));
}

async function drop(bench: SchemaBench, name: string): Promise<void> {
  await run(bench.admin, [`DROP DATABASE IF EXISTS ${nameOf(bench, name)} WITH (FORCE)`]);
}

async function run(url: string, statements: Iterable<string>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const sql of statements) {
      await client.query(sql).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : error}\nin ${sql.slice(0, 1500)}`);
      });
    }
  } finally {
    await client.end();
  }
}
