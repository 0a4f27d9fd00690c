import { beforeAll, describe, expect, it } from "vitest";
import { query } from "../../support/database.js";
import { type Databases, makePlan, play } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

describe("the key of a table", () => {
  let databases: Databases;

  beforeAll(async () => {
    databases = await play({
      pre: `CREATE TABLE by_primary (tenant uuid, at timestamptz, name varchar(20), note text, PRIMARY KEY (at, tenant, name));
        CREATE TABLE by_unique (code text NOT NULL, area integer NOT NULL, name text UNIQUE, note text, UNIQUE (area, code));
        CREATE TABLE by_config (shelf integer NOT NULL, slot integer NOT NULL, note text); CREATE UNIQUE INDEX ON by_config (shelf, slot) WHERE slot > 0;
        INSERT INTO by_primary SELECT md5(n::text)::uuid, '2019-09-23 22:00+00'::timestamptz + n * interval '1 us', chr(64 + n), 'note' FROM generate_series(1, 9) AS n;
        INSERT INTO by_unique SELECT chr(64 + n % 3), n / 3, 'name ' || n, 'note' FROM generate_series(1, 9) AS n;
        INSERT INTO by_config SELECT n / 3, n % 3, 'note' FROM generate_series(1, 9) AS n`,
      post: "UPDATE by_primary SET note = NULL; UPDATE by_unique SET note = NULL; UPDATE by_config SET note = NULL",
    });
  });

  it("is its primary key, else a unique index, else what the config says; the patch finds its rows by it", async () => {
    const plan = await makePlan(databases, { config: "keys: { by_config: [slot, shelf] }" });
    expect({ exitCode: plan.exitCode, open: plan.summary.leftOut }).toEqual({ exitCode: 0, open: [] });
    expect(plan.summary.tables.map(({ table, key, apply }) => [table, key.join(), apply.update])).toEqual([
      ["public.by_config", "slot,shelf", 9],
      ["public.by_primary", "at,tenant,name", 9],
      ["public.by_unique", "area,code", 9],
    ]);
    await expectRecovery(databases, plan, { truth: new URL(databases.pre) });
  });

  it("that the config names is taken, though there is a primary key", async () => {
    const config = "tables: [by_unique]\nkeys: { by_unique: [code, area] }";
    const plan = await makePlan(databases, { config });
    expect(plan.summary.tables.map(({ key }) => key)).toEqual([["code", "area"]]);
  });

  it("that the config names must tell rows apart", async () => {
    const twins = await play({
      pre: "CREATE TABLE twin (id integer, part integer, note text); INSERT INTO twin VALUES (1, 1), (1, 2), (2, NULL)",
      post: "UPDATE twin SET note = 'x'",
    });
    const ask = (key: string) => makePlan(twins, { config: `keys: { twin: [${key}] }` });
    await expect(ask("id")).rejects.toThrow(
      /exit code 1\n(.*\n)*error: the rows of public\.twin in pre .*, or one key came twice\nhint: /,
    );
    await expect(ask("id, part")).rejects.toThrow(
      /exit code 1\n(.*\n)*error: the configured key of public\.twin is NULL in some rows\nhint: /,
    );
    await query(twins.pre, "DELETE FROM twin WHERE part IS NULL");
    await query(twins.post, "DELETE FROM twin WHERE part IS NULL");
    expect(await ask("id, part")).toMatchObject({ exitCode: 0, summary: { totals: { apply: 2 } } });
  });
});

describe("what differs between the three schemas", () => {
  const pre = `CREATE TABLE same (id integer PRIMARY KEY, note text);
    CREATE TABLE only_pre (id integer PRIMARY KEY); CREATE TABLE dropped (id integer PRIMARY KEY);
    CREATE TABLE columns (id integer PRIMARY KEY, note text, gone text DEFAULT 'gone', total integer DEFAULT 1);
    CREATE TABLE retyped (id integer PRIMARY KEY, amount integer); CREATE TABLE rekeyed (id integer PRIMARY KEY, code integer NOT NULL);
    CREATE VIEW seen AS SELECT id FROM same; CREATE MATERIALIZED VIEW kept AS SELECT id FROM same;
    INSERT INTO same VALUES (1, 'note'); INSERT INTO columns VALUES (1, 'note'); INSERT INTO retyped VALUES (1, 1)`;
  const post = `UPDATE same SET note = NULL; DROP TABLE only_pre; ALTER TABLE columns DROP total; UPDATE columns SET note = NULL`;
  const current = `DROP TABLE dropped; CREATE TABLE added (id integer PRIMARY KEY);
    ALTER TABLE columns DROP gone, ADD total integer GENERATED ALWAYS AS (id) STORED, ADD fresh text, ADD "Fresh Two" text;
    ALTER TABLE retyped ALTER amount TYPE bigint; ALTER TABLE rekeyed DROP CONSTRAINT rekeyed_pkey, ADD PRIMARY KEY (code)`;

  it("is listed and leaves the plan open; what they have in common is merged", async () => {
    const databases = await play({ pre, post, current });
    const plan = await makePlan(databases);
    expect(plan.exitCode).toBe(3);
    expect(plan.summary.leftOut).toEqual([
      { table: "public.added", reason: "there is no such table in pre and post", open: true },
      { table: "public.columns", reason: "column gone is not in current", open: true },
      { table: "public.columns", reason: "column total is not in post", open: true },
      { table: "public.columns", reason: "column fresh is not in pre and post", open: true },
      { table: "public.columns", reason: "column Fresh Two is not in pre and post", open: true },
      { table: "public.dropped", reason: "there is no such table in current", open: true },
      { table: "public.only_pre", reason: "there is no such table in post and current", open: true },
      {
        table: "public.rekeyed",
        reason: "the three databases have different primary keys on it; name one under keys: in the config",
        open: true,
      },
      {
        table: "public.retyped",
        reason:
          "column amount has not the same type in all three (pre integer, post integer, current bigint)",
        open: true,
      },
      { table: "public.kept", reason: "a materialized view is not compared", open: false },
      { table: "public.seen", reason: "a view is not compared", open: false },
    ]);
    expect(plan.summary.totals).toMatchObject({ open: 6, incoming: 2, apply: 2 });
    await expectRecovery(databases, plan, {
      truth: "UPDATE same SET note = 'note'; UPDATE columns SET note = 'note'",
    });
    const [first] = await query(databases.current, "SELECT count(*) AS rows FROM columns WHERE note IS NULL");
    expect(first).toEqual({ rows: "1" });
  });

  it("is nobody's concern where it is left out", async () => {
    const databases = await play({ pre, post, current });
    const words = [
      "--exclude-tables",
      "added",
      "columns",
      "dropped",
      "only_pre",
      "re*ed",
      "public.{kept,seen}",
    ];
    const plan = await makePlan(databases, { words });
    expect(plan.exitCode).toBe(0);
    expect(
      plan.summary.leftOut.every(({ open, reason }) => !open && reason === "excluded by --exclude-tables"),
    ).toBe(true);
    expect(plan.summary.tables.map(({ table }) => table)).toEqual(["public.same"]);
  });

  it("columns in another order are the same columns", async () => {
    const databases = await play({
      pre: "CREATE TABLE shuffled (id integer PRIMARY KEY, a text, b text); INSERT INTO shuffled VALUES (1, 'a', 'b')",
      post: "UPDATE shuffled SET a = NULL; ALTER TABLE shuffled ADD c text; UPDATE shuffled SET c = b; ALTER TABLE shuffled DROP b; ALTER TABLE shuffled RENAME c TO b",
    });
    const plan = await makePlan(databases);
    expect(plan.exitCode).toBe(0);
    await expectRecovery(databases, plan, { truth: "UPDATE shuffled SET a = 'a'" });
  });
});

describe("which tables", () => {
  let databases: Databases;

  beforeAll(async () => {
    databases = await play({
      pre: `CREATE SCHEMA shop; CREATE TABLE device (id integer PRIMARY KEY, note text); CREATE TABLE device_log (LIKE device INCLUDING ALL);
        CREATE TABLE shop.device (LIKE device INCLUDING ALL); CREATE TABLE shop."Order" (LIKE device INCLUDING ALL)`,
    });
  });

  it.each<[string[], string[]]>([
    [[], ["public.device", "public.device_log", 'shop."Order"', "shop.device"]],
    [["--tables", "device"], ["public.device"]],
    [
      ["--tables", "*.device"],
      ["public.device", "shop.device"],
    ],
    [
      ["--tables", "shop.*"],
      ['shop."Order"', "shop.device"],
    ],
    [
      ["--tables", 'shop."Order"', "device_log"],
      ["public.device_log", 'shop."Order"'],
    ],
    [
      ["--exclude-tables", "shop.*"],
      ["public.device", "public.device_log"],
    ],
    [["--tables", "public.*", "--exclude-tables", "*_log"], ["public.device"]],
  ])("%j are %j", async (words, tables) => {
    const plan = await makePlan(databases, { words });
    expect(plan.exitCode).toBe(0);
    expect(plan.summary.tables.map(({ table }) => table).toSorted()).toEqual(tables.toSorted());
  });
});
