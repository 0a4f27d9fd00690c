import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type pg from "pg";
import { describe, expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { plan, recoveryFiles } from "../../src/index.js";
import { surviveLongValues } from "../../src/postgres/session/long-values.js";
import { newFolder } from "../support/folder.js";
import { type Databases, play, readLines } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

const megabyte = 2 ** 20;

/** The real limit is 64 MB; values of 65, 300 and 900 MB were tried by hand. */
async function planOf(databases: Databases, config = "rules: [{ match: {}, is: damage }]") {
  const { pre, post, current, mode } = databases;
  const settings = parseSettings({
    flags: { pre, post, current, mode },
    env: {},
    file: parseConfig(config, "pgmend.yaml"),
    strategies: [],
  });
  const folder = newFolder();
  const options = { settings, storeFile: join(folder, "plan.duckdb"), toolVersion: "test" };
  const store = await plan({ ...options, longestValue: megabyte });
  const { summary, files } = await recoveryFiles(store);
  for (const file of files) await writeFile(join(folder, file.name), file.text);
  await store.close();
  const skipped = readLines(folder, "skipped.jsonl").map(
    ({ table, key, outcome, reason }) => `${table} ${JSON.stringify(key)} ${outcome}: ${reason}`,
  );
  const leftOut = summary.leftOut.map(
    ({ table, reason, open }) => `${table}${open ? "" : " (known)"}: ${reason}`,
  );
  return { folder, summary, skipped, leftOut };
}

const long = (letter = "x") => `repeat('${letter}', 1100000)`;
const tooLong = (role: string, column = "v") =>
  `${role}: the value of column ${column} is 1 MB long as text; more than 1 MB a row cannot be read or patched`;

describe("33, 34: rows with a value too long to be read", { timeout: 120_000 }, () => {
  it("are skipped with the reason, whatever the type; all else of their tables is compared, and the plan stays open", async () => {
    const databases = await play({
      pre: `CREATE TABLE small (id integer PRIMARY KEY, v text); CREATE TABLE long (LIKE small INCLUDING ALL);
        CREATE TABLE bytes (id integer PRIMARY KEY, v bytea); CREATE TABLE packed (id text PRIMARY KEY, v jsonb);
        CREATE TABLE parts (id integer, k text, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parts DEFAULT;
        INSERT INTO small SELECT n, repeat('x', 900000) FROM generate_series(1, 3) AS n;
        INSERT INTO long SELECT n, 'v' || n FROM generate_series(1, 500) AS n; UPDATE long SET v = ${long()} WHERE id IN (7, 8, 9);
        INSERT INTO bytes VALUES (1, decode(repeat('00', 600000), 'hex')), (2, '\\x01'); INSERT INTO packed VALUES ('a''b', to_jsonb(${long()})), ('c', '1');
        INSERT INTO parts VALUES (1, 'x', ${long()}), (1, 'y', 'v')`,
      // 7 is changed, 8 only beside its long value, 9 not at all; 10 became long, 11 was long and the incident's only.
      post: `UPDATE small SET v = v || 'y' WHERE id = 1; UPDATE long SET v = v || 'y' WHERE id IN (1, 7); DELETE FROM long WHERE id = 8;
        UPDATE long SET v = ${long("z")} WHERE id = 10; INSERT INTO long VALUES (600, ${long()}); UPDATE long SET v = NULL WHERE id = 21;
        UPDATE bytes SET v = ''; UPDATE parts SET v = ''; UPDATE packed SET v = '2'`,
      // What nobody damaged may grow; what was mended already is done.
      current: `UPDATE long SET v = ${long("c")} WHERE id IN (20, 21); UPDATE bytes SET v = decode(repeat('00', 600000), 'hex') WHERE id = 1`,
    });
    const { folder, summary, skipped, leftOut } = await planOf(databases);
    expect(summary.totals).toMatchObject({ incoming: 13, apply: 5, already: 1, skipped: 7, open: 3 });
    expect(skipped).toEqual(
      [
        ["long", '{"id":"7"}', "pre"],
        ["long", '{"id":"8"}', "pre"],
        ["long", '{"id":"10"}', "post"],
        ["long", '{"id":"600"}', "post"],
        ["long", '{"id":"21"}', "current"],
        ["packed", `{"id":"a'b"}`, "pre"],
        ["parts", '{"id":"1","k":"x"}', "pre"],
      ].map(
        ([table, key, role]) =>
          `public.${table} ${key} skipped: a value of it is too long to be read: ${tooLong(role as string)}`,
      ),
    );
    const says = (many: string) =>
      `${many} skipped, as a value is too long to be read (skipped.jsonl says which): ${tooLong("pre")}`;
    expect(leftOut).toEqual([
      `public.long: ${says("5 rows are")}`,
      `public.packed: ${says("1 row is")}`,
      `public.parts: ${says("1 row is")}`,
    ]);
    await expectRecovery(
      databases,
      { folder },
      {
        truth: `UPDATE small SET v = repeat('x', 900000) WHERE id = 1; UPDATE long SET v = 'v1' WHERE id = 1; UPDATE bytes SET v = '\\x01' WHERE id = 2;
        UPDATE packed SET v = '1' WHERE id = 'c'; UPDATE parts SET v = 'v' WHERE k = 'y'`,
      },
    );
  });

  it("that no change is incoming of leave nothing open, and by digests they are found in large tables as well", async () => {
    const databases = await play({
      pre: `CREATE TABLE doc (id integer PRIMARY KEY, v text); INSERT INTO doc SELECT n, repeat('v', 300) FROM generate_series(1, 5000) AS n;
        INSERT INTO doc VALUES (0, ${long()}), (-1, ${long()}); CREATE TABLE heap (v text, n integer); INSERT INTO heap VALUES (${long()}, 1), ('a', 2), ('a', 2)`,
      post: `UPDATE doc SET v = NULL WHERE id = 4000; INSERT INTO doc VALUES (-2, ${long()}); DELETE FROM heap WHERE n = 2`,
      current: `UPDATE doc SET v = 'since' WHERE id = -1`,
    });
    const { folder, summary, skipped, leftOut } = await planOf(databases, "");
    expect({ skipped, leftOut, kept: summary.totals.kept }).toEqual({ skipped: [], leftOut: [], kept: 1 });
    expect(summary.totals).toMatchObject({ apply: 3, open: 0 });
    await expectRecovery(
      databases,
      { folder },
      {
        truth:
          "UPDATE doc SET v = repeat('v', 300) WHERE id = 4000; INSERT INTO heap VALUES ('a', 2), ('a', 2)",
      },
    );
    const more = await play({
      pre: `CREATE TABLE heap (v text); INSERT INTO heap VALUES (${long()}), ('a')`,
      post: `UPDATE heap SET v = v || 'y'`,
    });
    const second = await planOf(more);
    expect(second.leftOut).toEqual([
      `public.heap: rows without a key with a value too long to be read are not compared, 1 in pre and 1 in post: ${tooLong("pre")}`,
    ]);
    expect(second.summary.totals).toMatchObject({ incoming: 2, open: 1 });
  });

  it("take along what refers to them, also where something else has their key by now", async () => {
    const databases = await play({
      pre: `CREATE TABLE doc (id integer PRIMARY KEY, v text); CREATE TABLE note (id integer PRIMARY KEY, doc integer REFERENCES doc, v text);
        INSERT INTO doc VALUES (1, ${long()}), (2, ${long()}), (3, 'short'), (4, ${long()}); INSERT INTO note SELECT n, n, ${long("n")} FROM generate_series(1, 4) AS n; UPDATE note SET v = 'n'`,
      post: "DELETE FROM note; DELETE FROM doc WHERE id < 4",
      current: "INSERT INTO doc VALUES (1, 'something else')",
    });
    const { folder, summary, skipped } = await planOf(databases);
    expect(summary.totals).toMatchObject({ apply: 3, skipped: 4 });
    expect(skipped.filter((line) => line.includes("public.note"))).toEqual([
      expect.stringMatching(
        /^public\.note \{"id":"1"\} skipped: it refers to public\.doc \{"id":"1"\}.*too long/,
      ),
      expect.stringMatching(
        /^public\.note \{"id":"2"\} skipped: it refers to public\.doc \{"id":"2"\}.*too long/,
      ),
    ]);
    await expectRecovery(
      databases,
      { folder },
      {
        truth: "INSERT INTO doc VALUES (3, 'short'); INSERT INTO note VALUES (3, 3, 'n'), (4, 4, 'n')",
      },
    );
  });

  it("count all their values together", async () => {
    const databases = await play({
      pre: `CREATE TABLE doc (id integer PRIMARY KEY, v text, w bytea, n integer);
        INSERT INTO doc SELECT n, repeat('v', 600000), decode(repeat('00', 300000), 'hex'), 1 FROM generate_series(1, 2) AS n; UPDATE doc SET w = '' WHERE id = 2`,
      post: "UPDATE doc SET n = 2",
    });
    const { folder, summary, skipped } = await planOf(databases);
    expect(summary.totals).toMatchObject({ apply: 1, skipped: 1, open: 1 });
    expect(skipped).toEqual([
      'public.doc {"id":"1"} skipped: a value of it is too long to be read: pre: its values are together 1 MB long as text; more than 1 MB a row cannot be read or patched',
    ]);
    await expectRecovery(databases, { folder }, { truth: "UPDATE doc SET n = 1 WHERE id = 2" });
  });

  it("replay: are skipped, and closed by a rule that leaves them out", async () => {
    const databases = await play({
      mode: "replay",
      pre: `CREATE TABLE doc (id integer PRIMARY KEY, v text); INSERT INTO doc VALUES (1, ${long()}), (2, 'v')`,
      post: `UPDATE doc SET v = v || 'y'; INSERT INTO doc VALUES (3, ${long()}), (4, 'v')`,
    });
    const { folder, summary } = await planOf(databases, "");
    expect(summary.totals).toMatchObject({ incoming: 4, apply: 2, skipped: 2, open: 1 });
    await expectRecovery(
      databases,
      { folder },
      { truth: "UPDATE doc SET v = 'vy' WHERE id = 2; INSERT INTO doc VALUES (4, 'v')" },
    );
    const known = await planOf(databases, "rules: [{ match: { tables: [doc] }, is: excluded }]");
    expect(known.summary.totals).toMatchObject({ excluded: 4, open: 0 });
  });
});

it("34: what the parser throws ends the connection, not the process", async () => {
  const stream = new PassThrough();
  const connection = {
    stream,
    attachListeners: (of: NodeJS.ReadableStream) => {
      of.on("data", () => {
        throw new RangeError("Cannot create a string longer than 0x1fffffe8 characters");
      });
    },
  };
  surviveLongValues({ connection } as unknown as pg.Client);
  connection.attachListeners(stream);
  const failed = once(stream, "error");
  stream.write("row");
  expect(String((await failed)[0])).toMatch(/Cannot create a string longer/);
});
