import { describe, expect, it } from "vitest";
import { findBlockColumn } from "../../src/postgres/find-block-column.js";
import { connect } from "../../src/workflow/connect.js";
import { lineUp } from "../../src/workflow/line-up.js";
import { type Databases, play } from "../support/incident.js";
import { planBy, settingsOf } from "../support/methods.js";

/** By which columns the tables that are no ranges of integers are divided into blocks; by the key's hash where none is said. */
async function blockColumns(databases: Databases): Promise<Readonly<Record<string, string | undefined>>> {
  const settings = settingsOf(databases);
  const sessions = await connect(settings);
  try {
    const { tables } = (await lineUp(sessions, settings)).aligned;
    const found = await Promise.all(
      tables.map(async (table) => {
        const by = await findBlockColumn(sessions.post, table, 64);
        return [table.label, by && table.columns[by.column]?.name] as const;
      }),
    );
    return Object.fromEntries(found);
  } finally {
    await sessions.close();
  }
}

async function compareWays(databases: Databases) {
  const digest = await planBy("digest", databases);
  const stream = await planBy("stream", databases);
  expect(digest.texts).toEqual(stream.texts);
  expect(Object.values(digest.methods)).toEqual(Object.values(digest.methods).map(() => "digest"));
  return (digest.texts["changes.jsonl"]?.split("\n").length ?? 0) - 1;
}

const key = "md5(n::text)::uuid";

describe("blocks by a column in whose order rows lie", () => {
  it("hold rows that are in another block on each side, and values that have no number", async () => {
    const databases = await play({
      pre: `CREATE TABLE event (id uuid PRIMARY KEY, seq bigint, note text);
        INSERT INTO event SELECT ${key}, n, 'note ' || n FROM generate_series(1, 3000) AS n;
        CREATE TABLE stamped (id uuid PRIMARY KEY, at timestamptz, note text);
        INSERT INTO stamped SELECT ${key}, '2024-01-01Z'::timestamptz + n * interval '1 hour', 'note ' || n FROM generate_series(1, 3000) AS n;
        INSERT INTO stamped VALUES (md5('a')::uuid, 'infinity', 'a'), (md5('b')::uuid, '-infinity', 'b'),
          (md5('c')::uuid, '4714-11-24 00:00:00+00 BC', 'c'), (md5('d')::uuid, NULL, 'd');
        ANALYZE event; ANALYZE stamped`,
      post: `UPDATE event SET seq = seq + 2000 WHERE seq % 500 = 0; UPDATE event SET seq = NULL WHERE seq % 501 = 0;
        UPDATE event SET note = 'x' WHERE seq % 777 = 0; DELETE FROM event WHERE seq = 2500;
        INSERT INTO event VALUES (md5('new')::uuid, NULL, 'new'), (md5('newer')::uuid, -9223372036854775808, 'newer');
        UPDATE stamped SET at = NULL WHERE note = 'a'; UPDATE stamped SET at = 'infinity' WHERE note IN ('b', 'note 7');
        UPDATE stamped SET note = 'y' WHERE note IN ('c', 'd', 'note 8'); DELETE FROM stamped WHERE note = 'note 9'`,
    });
    const expected = { "public.event": "seq", "public.stamped": undefined };
    expect(await blockColumns(databases)).toMatchObject(expected);
    expect(await compareWays(databases)).toBeGreaterThan(15);
  });

  it("may be times", async () => {
    const databases = await play({
      pre: `CREATE TABLE stamped (id uuid PRIMARY KEY, at timestamp(3), note text);
        INSERT INTO stamped SELECT ${key}, '2024-01-01'::timestamp + n * interval '1 hour', 'note ' || n FROM generate_series(1, 3000) AS n;
        ANALYZE stamped`,
      post: `UPDATE stamped SET at = NULL WHERE note = 'note 1'; UPDATE stamped SET at = 'infinity' WHERE note = 'note 7';
        UPDATE stamped SET at = '4714-11-24 00:00:00 BC' WHERE note = 'note 8'; UPDATE stamped SET note = 'z' WHERE note = 'note 9'`,
    });
    expect(await blockColumns(databases)).toEqual({ "public.stamped": "at" });
    expect(await compareWays(databases)).toBe(4);
  });
});

it("partitions, keys of several columns and gaps between keys are compared by digests like all else", async () => {
  const databases = await play({
    pre: `CREATE TABLE parted (id uuid, n int, PRIMARY KEY (id)) PARTITION BY HASH (id);
      CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      INSERT INTO parted SELECT ${key}, n FROM generate_series(1, 500) AS n;
      CREATE TABLE word (a text, b text, n int, PRIMARY KEY (a, b));
      INSERT INTO word SELECT md5(n::text), 'b' || n % 3, n % 7 FROM generate_series(1, 500) AS n;
      CREATE TABLE gaps (id bigint PRIMARY KEY, n int);
      INSERT INTO gaps SELECT n, n FROM generate_series(1, 6000) AS n; INSERT INTO gaps VALUES (9223372036854775807, 1), (-5, 1);
      ANALYZE parted; ANALYZE word; ANALYZE gaps`,
    post: `UPDATE parted SET n = -n WHERE n % 100 = 0; DELETE FROM parted WHERE n = 7; UPDATE word SET n = 100 WHERE a < '1';
      UPDATE gaps SET n = 0 WHERE id IN (-5, 17, 5999, 9223372036854775807); DELETE FROM gaps WHERE id = 4000`,
  });
  expect(await compareWays(databases)).toBeGreaterThan(20);
});
