import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runSqlFileWithoutPsql } from "../../sample-data/server/psql.js";
import { type PlanHeader, type PlanStore, recoveryFiles, type Table } from "../../src/index.js";
import { databaseUrl } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { featuresOf } from "./constrained/features.js";
import { generateConstrained } from "./constrained/world.js";
import type { PrintedTable } from "./printed.js";
import { Random } from "./random.js";
import { planIncident, tableDifferences } from "./run-incident.js";
import { Stage } from "./stage.js";
import type { Incident } from "./world.js";

/**
 * Incidents with constraints, cut by a column that has nothing to do with them: rows of all tenants refer to each
 * other, wait for each other's unique values, and are deleted under each other. In these incidents they do; in most
 * others no row needs another tenant's.
 */
const seeds = [15, 17, 37, 39, 45, 75, 76, 119, 171, 174, 194, 199];
const url = (role: string) => databaseUrl(`tenants_${role}`);

let stage: Stage;
const folder = join(newFolder(), "plan");

beforeAll(async () => {
  stage = await Stage.create(databaseUrl("postgres"), url);
});

afterAll(async () => {
  await stage?.close();
});

it(`${seeds.length} incidents: patches of tenants apply alone, in any order, and are taken back without harm`, {
  timeout: 240_000,
}, async () => {
  const features = await featuresOf(stage.current);
  const complaints: string[] = [];
  const met = { guests: 0, stays: 0, patches: 0 };
  for (const seed of seeds) {
    const drawn = generateConstrained(seed, 30, features);
    const incident = { ...drawn, config: { ...drawn.config, tenant: { column: "title", patches: true } } };
    await stage.build(incident);
    try {
      const found = await playIncident(incident, new Random(`tenants ${seed}`), met);
      complaints.push(...found.map((text) => `seed ${seed}: ${text}`));
    } finally {
      await stage.clear(incident);
    }
  }
  expect(complaints).toEqual([]);
  // What would go unnoticed if tenants no longer needed each other.
  expect(Math.min(...Object.values(met))).toBeGreaterThan(10);
});

async function playIncident(
  incident: Incident,
  random: Random,
  met: { guests: number; stays: number; patches: number },
): Promise<readonly string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const store = await planIncident({ stage, url, folder, psql: false }, incident);
  try {
    const { files } = await recoveryFiles(store);
    for (const { name, text } of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    for (const { guests, stays } of await store.tenantPatches()) {
      met.patches += 1;
      met.guests += guests;
      met.stays += stays;
    }
    return await complaintsOf(incident, random, await ownersOf(store), patchFolders(files));
  } finally {
    await store.close();
  }
}

function patchFolders(files: readonly { readonly name: string }[]): readonly string[] {
  return files.flatMap(({ name }) => (/^tenants\/.*\/patch\.sql$/.test(name) ? [dirname(name)] : []));
}

/** The number of each row's patch, by table and key. */
async function ownersOf(store: PlanStore): Promise<ReadonlyMap<string, number>> {
  const { tables }: PlanHeader = await store.readHeader();
  const numbers = new Map((await store.tenantPatches()).map(({ number, tenant }) => [tenant, number]));
  const owners = new Map<string, number>();
  for await (const batch of store.rows({ anyChange: true }))
    for (const { table, key, tenant } of batch)
      owners.set(`${(tables[table] as Table).label} ${JSON.stringify(key)}`, numbers.get(tenant) ?? -1);
  return owners;
}

async function complaintsOf(
  incident: Incident,
  random: Random,
  owners: ReadonlyMap<string, number>,
  folders: readonly string[],
): Promise<readonly string[]> {
  const complaints: string[] = [];
  const read = () => stage.readOne(incident, "current");
  const run = async (file: string) => {
    const { exitCode, stderr } = await runSqlFileWithoutPsql(url("current"), join(folder, file));
    if (exitCode !== 0) complaints.push(`${file} failed: ${stderr}`);
  };
  const check = async (when: string, expected: readonly PrintedTable[]) =>
    complaints.push(...tableDifferences(when, await read(), expected));
  const takeBack = async (of: string) => {
    const before = await read();
    await run(`${of}/rollback.sql`);
    for (const name of changedRows(before, await read()))
      if (owners.get(name) !== numberOf(of)) complaints.push(`${of}/rollback.sql changes ${name}`);
  };

  const before = await read();
  await run("patch.sql");
  const after = await read();
  await run("rollback.sql");
  for (const of of folders) {
    await run(`${of}/patch.sql`);
    await takeBack(of);
    await run("rollback.sql");
    await check(`${of} alone and back`, before);
  }
  for (const of of random.shuffle(folders)) await run(`${of}/patch.sql`);
  await check("all patches of tenants", after);
  for (const of of random.shuffle(folders)) await takeBack(of);
  for (const of of random.shuffle(folders)) await run(`${of}/patch.sql`);
  await check("all of them taken back and written again", after);
  await run("rollback.sql");
  await check("the rollback of the whole plan", before);
  return complaints;
}

function changedRows(before: readonly PrintedTable[], after: readonly PrintedTable[]): readonly string[] {
  return before.flatMap(({ table, rows }) => {
    const others = after.find((other) => other.table === table)?.rows ?? new Map();
    const keys = new Set([...rows.keys(), ...others.keys()]);
    return [...keys].flatMap((key) =>
      JSON.stringify(rows.get(key)) === JSON.stringify(others.get(key)) ? [] : [`${table} ${key}`],
    );
  });
}

/** `tenants/03-acme`: 3 */
function numberOf(of: string): number {
  return Number(/^tenants\/(\d+)/.exec(of)?.[1]);
}
