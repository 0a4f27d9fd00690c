import pg from "pg";
import { expect, it } from "vitest";
import { createDatabase, query } from "../support/database.js";
import type { Databases } from "../support/incident.js";
import { planBy } from "../support/methods.js";
import { Random } from "./random.js";

/**
 * Physical copies that go each its own way: whatever happened to them, the plan by versions is the plan by values, to
 * the letter. Each statement has a transaction of its own.
 */
const seeds = Array.from({ length: 12 }, (_, index) => 1 + index);
const name = "item";
const words = ["'a'", "'b'", "NULL", "repeat('long ', 900)", "md5(id::text)"];

type Key = { readonly columns: string; readonly of: string };
const keys: readonly Key[] = [
  { columns: "id", of: "id integer" },
  { columns: "id", of: "id numeric" },
  { columns: "id", of: "id text" },
  { columns: "word, id", of: "id bigint" },
];

/** What rows go through. */
function edit(random: Random): string {
  const some = `id::int % ${random.integer(3, 40)} = ${random.integer(0, 3)}`;
  const from = random.integer(0, 900);
  return random.pick([
    `UPDATE ${name} SET note = ${random.pick(words)} WHERE ${some}`,
    `UPDATE ${name} SET note = note WHERE ${some}`,
    `UPDATE ${name} SET state = state + 1 WHERE ${some}`,
    `DELETE FROM ${name} WHERE ${some}`,
    `INSERT INTO ${name} (id, word, state, note) SELECT n, 'w' || n % 5, n, ${random.pick(["'x'", "repeat('y', n % 300)"])}
      FROM generate_series(${from}, ${from + random.integer(1, 200)}) AS n ON CONFLICT DO NOTHING`,
    `BEGIN; UPDATE ${name} SET note = 'undone' WHERE ${some}; ROLLBACK`,
    `BEGIN; UPDATE ${name} SET state = 1 WHERE ${some}; SAVEPOINT s; DELETE FROM ${name} WHERE ${some}; ROLLBACK TO s; COMMIT`,
    `SELECT 1 FROM ${name} WHERE ${some} FOR UPDATE`,
  ]);
}

/** What tables go through: the last ones make versions say nothing. */
function care(random: Random): string {
  return random.pick([
    ...Array.from({ length: 4 }, () => `VACUUM ${name}`),
    `VACUUM FREEZE ${name}`,
    `ANALYZE ${name}`,
    `GRANT SELECT ON ${name} TO PUBLIC`,
    `CREATE INDEX ON ${name} (state)`,
    `REINDEX TABLE ${name}`,
    ...(random.chance(0.3)
      ? [
          `VACUUM FULL ${name}`,
          `CLUSTER ${name} USING by_note`,
          `ALTER TABLE ${name} ALTER state TYPE bigint`,
          `BEGIN; CREATE TEMP TABLE kept ON COMMIT DROP AS TABLE ${name}; TRUNCATE ${name}; INSERT INTO ${name} TABLE kept; COMMIT`,
        ]
      : []),
  ]);
}

async function live(url: string, random: Random): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let steps = random.integer(0, 12); steps > 0; steps -= 1) {
      for (const statement of (random.chance(0.75) ? edit(random) : care(random)).split("; "))
        await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

async function playCopies(seed: number): Promise<Databases> {
  const random = new Random(`lineage ${seed}`);
  const key = random.pick(keys);
  const pre = await createDatabase("pre");
  await query(
    pre,
    `CREATE TABLE ${name} (word text NOT NULL DEFAULT 'w', ${key.of}, state bigint, note text, PRIMARY KEY (${key.columns}));
    CREATE INDEX by_note ON ${name} (md5(note));
    INSERT INTO ${name} SELECT 'w' || n % 5, n, n, repeat('note ', n % 60) FROM generate_series(1, ${random.integer(0, 900)}) AS n`,
  );
  await live(pre, random.fork("before"));
  const post = await createDatabase("post", pre);
  await live(post, random.fork("post"));
  if (random.chance(0.5)) await live(pre, random.fork("pre"));
  const current = await createDatabase("current", post);
  await live(current, random.fork("current"));
  return { pre, post, current, mode: random.pick(["undo", "replay"]) };
}

it("the plan by versions is the plan by values", { timeout: 120_000 }, async () => {
  const used: (string | undefined)[] = [];
  for (const seed of seeds) {
    const databases = await playCopies(seed);
    const lineage = await planBy("lineage", databases);
    const stream = await planBy("stream", databases);
    expect({ seed, texts: lineage.texts }).toEqual({ seed, texts: stream.texts });
    used.push(lineage.methods[`public.${name}`]);
  }
  expect(used.filter((method) => method === "lineage").length).toBeGreaterThan(seeds.length / 2);
});
