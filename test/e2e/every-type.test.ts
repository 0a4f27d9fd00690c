import { join } from "node:path";
import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { compareDatabases } from "../../sample-data/compare-databases.js";
import { createDatabase, oldestMajor, query, shareServer } from "../support/database.js";
import { type ServerType, type ServerTypes, typesOfServer } from "../support/every-type/types-of-server.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../support/incident.js";
import { applyTo, nameOf, runners, runPatch } from "../support/recovery.js";

/**
 * A table with one column of every type that the server has and that can be a column, read from its catalog: a type that
 * nobody has thought of fails. `record_image.before` and `.after` hold the rows as the server itself wrote them, so
 * that what the patch wrote is compared with them byte by byte, not only as it prints.
 */
let server: ServerTypes;

beforeAll(async () => {
  const client = new pg.Client(await createDatabase("types", undefined, "pre"));
  await client.connect();
  server = await typesOfServer(client, oldestMajor());
  await client.end();
}, 120_000);

it("there are values for every type that can be a column", () => {
  expect(server.missing).toEqual([]);
  expect(server.types.length).toBeGreaterThan(250);
});

it("the extensions with types are those that the binaries ship", () => {
  expect(server.absentExtensions).toEqual([]);
});

let told: Databases | undefined;

/** It takes long to tell: where it can be, the second mode's `current` is a copy of what there is. */
async function playOnce(mode: "undo" | "replay"): Promise<Databases> {
  const sql = { pre: storyBefore(server), post: storyOf };
  if (told === undefined || !shareServer("pre", "current")) {
    told = await play({ mode, ...sql });
    return told;
  }
  const origin = mode === "undo" ? told.post : told.pre;
  return { ...told, current: await createDatabase("current", origin), mode };
}

const table = "public.every_type";
const copies = ["record_image.before", "record_image.after"] as const;

describe.each(["undo", "replay"] as const)("mode %s", (mode) => {
  let databases: Databases;
  let plan: Planned;

  beforeAll(async () => {
    databases = await playOnce(mode);
    const words = ["--damage", "insert,update,delete", "--exclude-tables", "record_image.*"];
    plan = await makePlan(databases, { config: "touch: { columns: [] }", words });
  }, 300_000);

  it("every row and every column that differs is found", async () => {
    const found = await query(databases.pre, `SELECT count(*) FROM ${copies[0]}`);
    expect(plan.summary.tables[0]?.incident).toEqual({
      insert: 2,
      update: Number(found[0]?.["count"]) - 2,
      delete: 2,
    });
    expect(plan.summary.totals).toMatchObject({ open: 0 });
    const changes = readLines(plan.folder, "changes.jsonl");
    const columns = new Set(changes.flatMap((change) => Object.keys(change["columns"] as object)));
    expect(columns.size).toBe(server.types.length + 1);
  });

  it.each(mode === "undo" ? runners : runners.slice(0, 1))(
    "restored and taken back without a changed byte, with %s",
    { timeout: 300_000 },
    async (_, run) => {
      const patient = await createDatabase("patient", databases.current);
      const [here, there] = mode === "undo" ? ([1, 0] as const) : ([0, 1] as const);
      for (const [file, copy, expected] of [
        ["patch.sql", copies[there], mode === "undo" ? databases.pre : databases.post],
        ["rollback.sql", copies[here], databases.current],
      ] as const) {
        const said = await runPatch(
          join(plan.folder, file),
          patient,
          { pgmend_database: nameOf(patient) },
          run,
        );
        expect(said, said.stderr.replace(/^(NOTICE|LINE| {2,}\^).*\n/gm, "").slice(0, 3000)).toMatchObject({
          exitCode: 0,
        });
        expect(await differingBytes(patient, copy)).toEqual([]);
        expect(await compareDatabases(patient, expected)).toEqual([]);
      }
    },
  );

  it("… and by apply", { timeout: 300_000 }, async () => {
    const patient = await createDatabase("patient", databases.current);
    const [here, there] = mode === "undo" ? ([1, 0] as const) : ([0, 1] as const);
    for (const [words, copy] of [
      [[], copies[there]],
      [["--rollback"], copies[here]],
    ] as const) {
      const run = await applyTo(patient, plan.folder, ["--batch-rows", "7", ...words]);
      expect(run, run.stderr).toMatchObject({ exitCode: 0 });
      expect(await differingBytes(patient, copy)).toEqual([]);
    }
  });
});

/** `*<>` compares what is stored, not what the types call equal. */
function differingBytes(url: string, copy: string) {
  return query(
    url,
    `SELECT coalesce(t.id, c.id) AS id FROM ${table} AS t FULL JOIN ${copy} AS c ON c.id = t.id
      WHERE t.id IS NULL OR c.id IS NULL OR t *<> c`,
  );
}

/** The rows of before the incident, and beside them those of after it: the same values, each in another row. */
function storyBefore({ setup, types }: ServerTypes): string {
  const rows = Math.max(...types.map(({ values }) => values.length));
  const columns = types.map(({ sql }, at) => `c${at} ${sql}`);
  const before = Array.from({ length: rows }, (_, row) => rowOf(types, row, row));
  // The first two rows of before are gone after, and two others came.
  const after = Array.from({ length: rows }, (_, row) => rowOf(types, row + 2, row + 1));
  return `${setup}
    CREATE SCHEMA record_image;
    CREATE TABLE ${table} (id integer PRIMARY KEY, ${columns.join(", ")});
    CREATE TABLE ${copies[0]} (LIKE ${table} INCLUDING INDEXES);
    CREATE TABLE ${copies[1]} (LIKE ${table} INCLUDING INDEXES);
    ${before.map((row) => `INSERT INTO ${copies[0]} VALUES (${row});`).join("\n")}
    INSERT INTO ${copies[0]} (id) VALUES (1000);
    ${after.map((row) => `INSERT INTO ${copies[1]} VALUES (${row});`).join("\n")}
    INSERT INTO ${copies[1]} VALUES (${rowOf(types, 1000, 1)});
    INSERT INTO ${table} SELECT * FROM ${copies[0]};`;
}

const storyOf = `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM ${copies[1]};`;

function rowOf(types: readonly ServerType[], id: number, at: number): string {
  return [`${id}`, ...types.map(({ values }) => values[at % values.length])].join(", ");
}
