import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { query } from "../support/database.js";
import { newFolder } from "../support/folder.js";
import { type Databases, makePlan, play } from "../support/incident.js";
import { pgmend } from "../support/program.js";

const rows = 12_000;

/** Tables of several sizes and keys, large enough for digests to pay, with a few changes in each. */
const pre = `
  CREATE TABLE public.by_number (id bigint PRIMARY KEY, body text, amount numeric);
  INSERT INTO public.by_number SELECT n * 3, repeat('x', 40) || n, n / 7.0 FROM generate_series(1, ${rows}) AS n;
  CREATE TABLE public.by_uuid (id uuid PRIMARY KEY, body text);
  INSERT INTO public.by_uuid SELECT md5(n::text)::uuid, repeat('y', 40) || n FROM generate_series(1, ${rows}) AS n;
  CREATE TABLE public.by_pair (workspace text, number int, body text, PRIMARY KEY (workspace, number));
  INSERT INTO public.by_pair SELECT 'W' || n % 7, n, repeat('z', 40) || n FROM generate_series(1, ${rows}) AS n;
  CREATE TABLE public.skewed (id bigint PRIMARY KEY, body text);
  INSERT INTO public.skewed SELECT n, repeat('s', 40) || n FROM generate_series(1, ${rows}) AS n;
  INSERT INTO public.skewed VALUES (9223372036854775807, 'last'), (-9223372036854775808, 'first');
  CREATE TABLE public.parted (id int PRIMARY KEY, body text) PARTITION BY RANGE (id);
  CREATE TABLE public.parted_low PARTITION OF public.parted FOR VALUES FROM (MINVALUE) TO (9000);
  CREATE TABLE public.parted_high PARTITION OF public.parted FOR VALUES FROM (9000) TO (MAXVALUE);
  INSERT INTO public.parted SELECT n, repeat('p', 40) || n FROM generate_series(1, ${rows}) AS n;
  CREATE TABLE public.dense (id int PRIMARY KEY, body text);
  INSERT INTO public.dense SELECT n, repeat('d', 40) || n FROM generate_series(1, ${rows}) AS n;
  CREATE TABLE public.small (id int PRIMARY KEY, body text);
  INSERT INTO public.small SELECT n, 'row ' || n FROM generate_series(1, 50) AS n;
  ANALYZE`;

const tables = ["by_number", "by_uuid", "by_pair", "skewed", "parted", "small"];

const post = `
  ${tables.map((table) => `UPDATE public.${table} SET body = 'damaged' WHERE body IN (SELECT body FROM public.${table} ORDER BY md5(body) LIMIT 5);`).join("\n")}
  UPDATE public.dense SET body = 'damaged';
  UPDATE public.by_number SET body = CASE id WHEN 300 THEN (SELECT body FROM public.by_number WHERE id = 303)
    ELSE (SELECT body FROM public.by_number WHERE id = 300) END WHERE id IN (300, 303);
  UPDATE public.by_number SET amount = 1.00 WHERE id = 21;
  UPDATE public.skewed SET body = 'damaged' WHERE abs(id::numeric) > 1000000;
  DELETE FROM public.by_uuid WHERE id = md5('77')::uuid;
  DELETE FROM public.skewed WHERE id BETWEEN 500 AND 520;
  INSERT INTO public.by_pair VALUES ('W0', 0, 'new');
  INSERT INTO public.parted VALUES (0, 'new'), (50000, 'new')`;

describe("comparing larger tables", () => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await play({ pre, post });
  });

  it("gives the same plan however it is done, and says how it was", async () => {
    const streamed = await makePlan(databases, { words: ["--method", "stream", "--jobs", "1"] });
    expect(streamed.summary.tables.map(({ method }) => method)).toEqual(
      tables.map(() => "stream").concat("stream"),
    );
    for (const [jobs, known] of [
      ["1", "lineage"],
      ["7", "lineage"],
      ["2", "digest"],
    ] as const) {
      const flags = known === "digest" ? ["--no-lineage"] : [];
      const chosen = await makePlan(databases, { words: ["--jobs", jobs, ...flags] });
      const methods = Object.fromEntries(chosen.summary.tables.map(({ table, method }) => [table, method]));
      expect(methods).toEqual({
        "public.by_number": known,
        "public.by_pair": known,
        "public.by_uuid": known,
        "public.dense": "stream",
        "public.parted": "digest",
        "public.skewed": known,
        "public.small": "stream",
      });
      expect(withoutMethod(chosen.summary)).toEqual(withoutMethod(streamed.summary));
      for (const name of ["changes.jsonl", "conflicts.jsonl", "conflicts.csv"])
        expect(read(chosen.folder, name)).toBe(read(streamed.folder, name));
    }
    expect(streamed.summary.totals.rowsCompared).toBe(6 * rows + 50 + 2 + 1 + 2);
  }, 120_000);

  it("leaves the planner's settings of a session as they were", async () => {
    const { summary } = await makePlan(databases, {
      words: ["--tables", "public.by_number"],
      config: `rules: [{ match: { where: "pg_catalog.current_setting('enable_sort') = 'off' OR
        pg_catalog.current_setting('enable_seqscan') = 'off'" }, is: excluded }]`,
    });
    expect(summary.totals).toMatchObject({ incoming: 8, apply: 8, excluded: 0 });
  });

  it("goes on with fewer connections where a server lets no more in", async () => {
    await query(databases.current, "CREATE ROLE pgmend_limited LOGIN PASSWORD 'x' CONNECTION LIMIT 1");
    try {
      await query(databases.current, "GRANT pg_read_all_data TO pgmend_limited");
      const limited = new URL(databases.pre);
      [limited.username, limited.password] = ["pgmend_limited", "x"];
      const { stderr, summary } = await makePlan(
        { ...databases, pre: limited.href },
        { words: ["--jobs", "3", "--tables", "public.small", "public.parted"] },
      );
      expect(stderr).toContain("reads 1 of 2 tables at a time");
      expect(summary.totals.incoming).toBe(12);
    } finally {
      await query(databases.current, "REVOKE pg_read_all_data FROM pgmend_limited; DROP ROLE pgmend_limited");
    }
  });
});

it("refuses a number of jobs that is none", async () => {
  const { exitCode, stderr } = await pgmend(["plan", "--jobs", "many"], { cwd: newFolder() });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--jobs: "many" is no number from 1 to 99');
});

function withoutMethod({
  planId: _,
  createdAt: __,
  connections: ___,
  tables: found,
  ...rest
}: Awaited<ReturnType<typeof makePlan>>["summary"]) {
  return { ...rest, tables: found.map(({ method: ____, ...table }) => table) };
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
