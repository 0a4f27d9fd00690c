import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { builtInStrategies } from "../../merge-strategies/index.js";
import { plan, recoveryFiles } from "../../src/index.js";
import { createDatabase, query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { nameOf, runPatch } from "../support/recovery.js";
import { Random } from "./random.js";

/** More by hand: PGMEND_BAG_WORLDS=500 npx vitest run test/fuzz/bags.test.ts */
const worlds = Number(process.env["PGMEND_BAG_WORLDS"] ?? 6);

/** How many copies there are of each row, told as the SQL of its values. */
type Bag = ReadonlyMap<string, number>;
type Role = "pre" | "post" | "current";
const roles = ["pre", "post", "current"] as const;

interface BagWorld {
  readonly mode: "undo" | "replay";
  readonly schema: string;
  readonly bags: Readonly<Record<Role, Bag>>;
}

const values = {
  integer: ["NULL", "0", "1", "-1", "2147483647"],
  numeric: ["NULL", "1", "1.0", "1.00", "'NaN'", "0", "-0.0"],
  text: [
    "NULL",
    "''",
    "'a'",
    "'A'",
    "'a '",
    "'NULL'",
    `E'a"b\\\\,()'`,
    "E'\\n'",
    "'\u2028'",
    "'\ufffd'",
    "'😀'",
  ],
  json: ["NULL", "'null'", `'{"a":1}'`, `'{"a": 1}'`, `'{"a":1,"a":1}'`],
  "float8[]": ["NULL", "'{}'", "'{NULL}'", "'{0}'", "'{-0}'", "'[0:0]={0}'"],
  "char(3)": ["NULL", "''", "'a'", "' a'"],
} as const;

function generate(seed: number): BagWorld {
  const random = new Random(`bag ${seed}`);
  const types = Object.keys(values) as (keyof typeof values)[];
  const columns = Array.from({ length: random.integer(1, 4) }, () => random.pick(types));
  const isPartitioned = random.chance(0.3);
  const named = columns.map((type, at) => `c${at} ${type}`).join(", ");
  const schema = isPartitioned
    ? `CREATE TABLE bag (part integer, ${named}) PARTITION BY LIST (part); CREATE TABLE bag1 PARTITION OF bag FOR VALUES IN (1, 2);
      CREATE TABLE bag2 PARTITION OF bag DEFAULT`
    : `CREATE TABLE bag (${named})`;
  const row = () =>
    [
      ...(isPartitioned ? [String(random.integer(1, 3))] : []),
      ...columns.map((type) => random.pick(values[type])),
    ].join(", ");
  const rows = [...new Set(Array.from({ length: random.integer(1, 12) }, row))];
  const most = random.pick([1, 3, 6]);
  const bag = (): Bag =>
    new Map(rows.map((text) => [text, random.chance(0.3) ? 0 : random.integer(0, most)]));
  const bags = { pre: bag(), post: bag(), current: bag() };
  return { mode: random.pick(["undo", "replay"] as const), schema, bags };
}

/** By the rule of docs/merge-rules.md, in words: both sides' changes, but once where they agree. */
function ending({ mode, bags }: BagWorld): {
  readonly bag: Bag;
  readonly incoming: number;
  readonly already: number;
} {
  const [base, incoming] = mode === "undo" ? [bags.post, bags.pre] : [bags.pre, bags.post];
  let [all, already] = [0, 0];
  const bag = [...base].map(([row, was]): [string, number] => {
    const wanted = (incoming.get(row) ?? 0) - was;
    const since = (bags.current.get(row) ?? 0) - was;
    const agreed = wanted * since > 0 ? Math.min(Math.abs(wanted), Math.abs(since)) : 0;
    all += Math.abs(wanted);
    already += agreed;
    return [row, was + since + Math.sign(wanted) * (Math.abs(wanted) - agreed)];
  });
  return { bag: new Map(bag), incoming: all, already };
}

let databases: Record<Role | "truth", string>;

beforeAll(async () => {
  const [pre, post, current, truth] = await Promise.all(
    ["pre", "post", "current", "truth"].map((role) => createDatabase(`bag_${role}`)),
  );
  databases = { pre, post, current, truth } as typeof databases;
});

async function build(url: string, { schema }: BagWorld, bag: Bag): Promise<void> {
  const rows = [...bag].flatMap(([row, copies]) => Array.from({ length: copies }, () => `(${row})`));
  const insert = rows.length === 0 ? "" : `INSERT INTO bag VALUES ${rows.join(", ")}`;
  await query(url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${schema}; ${insert}`);
}

const tell = (url: string) =>
  query(
    url,
    'SELECT b::text AS row, count(*) AS copies FROM bag AS b GROUP BY b::text ORDER BY b::text COLLATE "C"',
  );

it(`${worlds} worlds: copies end as the oracle counts them, and the rollback takes all of that back`, {
  timeout: 30_000 + worlds * 8000,
}, async () => {
  for (let seed = 1; seed <= worlds; seed += 1) {
    const world = generate(seed);
    const expected = ending(world);
    for (const role of roles) await build(databases[role], world, world.bags[role]);
    await build(databases.truth, world, expected.bag);
    const folder = newFolder();
    const { pre, post, current } = databases;
    const settings = parseSettings({
      flags: { pre, post, current, mode: world.mode, damage: "insert,update,delete" },
      env: {},
      file: parseConfig("guard: { massDelete: { share: 1, rows: 1000 } }", "pgmend.yaml"),
      strategies: builtInStrategies,
    });
    // Every second one by buckets, though so few rows would be read at once.
    const method = seed % 2 === 0 ? "digest" : undefined;
    const store = await plan({
      settings,
      storeFile: join(folder, "plan.duckdb"),
      toolVersion: "fuzz",
      method,
    });
    const { summary, files } = await recoveryFiles(store);
    for (const { name, text } of files) {
      let whole = "";
      for await (const piece of text) whole += piece;
      writeFileSync(join(folder, name), whole);
    }
    await store.close();
    const { incoming, already, apply } = summary.totals;
    expect({ seed, incoming, already, apply }).toEqual({
      ...{ seed, incoming: expected.incoming, already: expected.already },
      apply: expected.incoming - expected.already,
    });
    const [before, wanted] = [await tell(current), await tell(databases.truth)];
    for (const [file, ending, said] of [
      ["patch.sql", wanted, apply === 0 ? "nothing was written" : `${apply} rows written`],
      ["patch.sql", wanted, "nothing was written"],
      ["rollback.sql", before, apply === 0 ? "nothing was written" : `${apply} rows written`],
      ["rollback.sql", before, "nothing was written"],
    ] as const) {
      const run = await runPatch(join(folder, file), current, { pgmend_database: nameOf(current) });
      expect({ seed, file, exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({
        ...{ seed, file, exitCode: 0, stderr: expect.stringContaining(said) },
      });
      expect({ seed, file, rows: await tell(current) }).toEqual({ seed, file, rows: ending });
    }
  }
});
