import { once } from "node:events";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type pg from "pg";
import { expect, it } from "vitest";
import { parseSettings } from "../../cli/settings/parse-settings.js";
import { parseConfig } from "../../cli/settings/read-config.js";
import { plan, recoveryFiles } from "../../src/index.js";
import { surviveLongValues } from "../../src/postgres/long-values.js";
import { newFolder } from "../support/folder.js";
import { play } from "../support/incident.js";

const megabyte = 2 ** 20;

/** The real limit is 256 MB; a value of 300 MB was tried by hand. */
it("33, 34: a table with a value too long to be read is left out with the reason, and the plan stays open", {
  timeout: 120_000,
}, async () => {
  const databases = await play({
    pre: `CREATE TABLE small (id integer PRIMARY KEY, v text); CREATE TABLE long (LIKE small INCLUDING ALL);
      CREATE TABLE bytes (id integer PRIMARY KEY, v bytea); CREATE TABLE packed (id integer PRIMARY KEY, v jsonb);
      CREATE TABLE parts (id integer PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parts DEFAULT;
      INSERT INTO small SELECT n, repeat('x', 900000) FROM generate_series(1, 3) AS n; INSERT INTO long VALUES (1, repeat('x', 1100000));
      INSERT INTO bytes VALUES (1, decode(repeat('00', 600000), 'hex')); INSERT INTO parts VALUES (1, repeat('x', 1100000));
      INSERT INTO packed VALUES (1, to_jsonb(repeat('x', 1100000)))`,
    post: "UPDATE small SET v = v || 'y' WHERE id = 1; UPDATE long SET v = ''; UPDATE bytes SET v = ''; UPDATE parts SET v = ''; UPDATE packed SET v = '1'",
  });
  const { pre, post, current } = databases;
  const settings = parseSettings({
    flags: { pre, post, current },
    env: {},
    file: parseConfig("rules: [{ match: {}, is: damage }]", "pgmend.yaml"),
    strategies: [],
  });
  const folder = newFolder();
  const options = { settings, storeFile: join(folder, "plan.duckdb"), toolVersion: "test" };
  const store = await plan({ ...options, longestValue: megabyte });
  const { summary } = await recoveryFiles(store);
  await store.close();
  expect(summary.tables.map(({ table }) => table)).toEqual(["public.small"]);
  expect(summary.totals).toMatchObject({ incoming: 1, apply: 1, open: 4 });
  expect(summary.leftOut.map(({ table, reason }) => `${table}: ${reason}`)).toEqual(
    ["bytes", "long", "packed", "parts"].map(
      (name) =>
        `public.${name}: pre: a value of column v is 1 MB long as text; more than 1 MB cannot be read or patched`,
    ),
  );
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
