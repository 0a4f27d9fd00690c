import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Table } from "../../../src/model/table.js";
import { createPlanStore, openPlanStore } from "../../../src/store/plan-store.js";
import { listAll } from "../../support/folder.js";
import { blanked, header, inConflict, planPath, readAll, restored } from "./sample-plan.js";

async function writtenPlan(): Promise<string> {
  const file = planPath();
  const store = await createPlanStore(file);
  await store.writeHeader(header);
  await store.appendRows([restored(0), inConflict(1)]);
  await store.flushRows();
  await store.close();
  return file;
}

/** What any DuckDB client sees. */
async function ask(file: string, sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Another process that has the file open, to read or to write, until the test is finished. */
async function holder(file: string, access: "READ_ONLY" | "READ_WRITE"): Promise<ChildProcess> {
  const script = `
    const { DuckDBInstance } = await import("@duckdb/node-api");
    globalThis.held = await DuckDBInstance.create(process.argv[1], { access_mode: "${access}" });
    console.log("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, file]);
  onTestFinished(() => void child.kill());
  await once(child.stdout, "data");
  return child;
}

describe("what cannot be opened", () => {
  test.each([
    { name: "a missing file", make: () => {}, message: "there is no plan at" },
    {
      name: "an empty file",
      make: (file: string) => writeFileSync(file, ""),
      message: "is not a pgmend plan",
    },
    {
      name: "some other file",
      make: (file: string) => writeFileSync(file, "not a database ".repeat(1000)),
      message: "is not a pgmend plan",
    },
    {
      name: "another DuckDB database",
      make: (file: string) => ask(file, "CREATE TABLE device (id INTEGER)"),
      message: "is not a pgmend plan",
    },
    {
      name: "a plan of another format",
      make: (file: string) =>
        ask(file, "CREATE TABLE pgmend AS SELECT 'pgmend' AS tool, 99 AS format_version"),
      message: "has plan format 99; this pgmend reads format 5",
    },
  ])("$name", async ({ make, message }) => {
    const file = planPath();
    await make(file);
    const opening = openPlanStore(file, { readOnly: true });
    await expect(opening).rejects.toMatchObject({ code: "plan", hint: expect.any(String) });
    await expect(opening).rejects.toThrow(message);
    // Nor is anything left open: the same fault again, not "open already".
    await expect(openPlanStore(file)).rejects.toThrow(message);
  });

  test("a plan that another process writes, which is named", async () => {
    const file = await writtenPlan();
    const { pid } = await holder(file, "READ_WRITE");
    await expect(openPlanStore(file)).rejects.toMatchObject({
      code: "plan",
      message: `${file} is in use by another process (pid ${pid})`,
      hint: expect.any(String),
    });
  });

  test("a plan that this process has open, under whatever name", async () => {
    const file = await writtenPlan();
    const store = await openPlanStore(file);
    const link = join(dirname(file), "link.duckdb");
    symlinkSync(file, link);
    for (const name of [file, `${dirname(file)}/../${file.split("/").slice(-2).join("/")}`, link]) {
      await expect(openPlanStore(name)).rejects.toThrow("is open already, in this process");
    }
    await store.close();
    await (await openPlanStore(link)).close();
  });
});

describe("what cannot be created", () => {
  test("a plan where there is a file", async () => {
    const file = await writtenPlan();
    await expect(createPlanStore(file)).rejects.toMatchObject({ code: "plan", hint: expect.any(String) });
  });

  test("a plan in a folder that is not there", async () => {
    const file = join(dirname(planPath()), "missing", "plan.duckdb");
    await expect(createPlanStore(file)).rejects.toMatchObject({ code: "plan", hint: expect.any(String) });
  });
});

test("a plan may be read by several processes, and is not written then", async () => {
  const file = await writtenPlan();
  await holder(file, "READ_ONLY");
  const store = await openPlanStore(file, { readOnly: true });
  expect(await readAll(store.rows())).toStrictEqual([restored(0), inConflict(1)]);
  await store.appendRows([restored(2)]);
  await expect(store.flushRows()).rejects.toThrow("the plan was opened for reading only");
  await store.close();
});

test("a name with a quote in it is only a name", async () => {
  const file = join(dirname(planPath()), "it's; DROP.duckdb");
  await (await createPlanStore(file)).close();
  expect(listAll(dirname(file))).toStrictEqual(["it's; DROP.duckdb"]);
});

test("closing leaves one file and no lock, and works twice", async () => {
  const file = planPath();
  const store = await createPlanStore(file);
  await store.appendDifferences(0, [blanked(1)]);
  await store.flushDifferences();
  await readAll(store.differences(0));
  await store.close();
  await store.close();
  expect(listAll(dirname(file))).toStrictEqual(["plan.duckdb"]);
  await expect(store.tallies()).rejects.toThrow("the plan is closed");
  // It would not get this far if it found the file locked.
  await holder(file, "READ_WRITE");
});

describe("for people with any DuckDB client, the view", () => {
  test("plan_table tells names", async () => {
    expect(await ask(await writtenPlan(), "FROM plan_table")).toStrictEqual([
      {
        table_id: "0",
        table_name: "public.device",
        columns: ["id", "release", "seen_at"],
        key_columns: ["id"],
      },
      {
        table_id: "1",
        table_name: "public.membership",
        columns: ["role", "team", "person"],
        key_columns: ["person", "team"],
      },
    ]);
  });

  test("changes shows what is written", async () => {
    const sql =
      "SELECT table_name, key['id'] AS id, change, columns, before['release'] AS was, after['release'] AS is FROM changes";
    expect(await ask(await writtenPlan(), sql)).toStrictEqual([
      { table_name: "public.device", id: "0", change: "update", columns: ["release"], was: null, is: "17" },
    ]);
  });

  test("conflicts shows the three versions", async () => {
    const sql =
      "SELECT conflict, kind, columns, pre['release'] AS pre, post['release'] AS post, current['release'] AS current FROM conflicts";
    expect(await ask(await writtenPlan(), sql)).toStrictEqual([
      {
        conflict: "conflict-1",
        kind: "update/update",
        columns: ["release"],
        pre: "17",
        post: null,
        current: "18",
      },
    ]);
  });

  test("plan_row shows post whole where it is stored as what changed", async () => {
    const file = planPath();
    const store = await createPlanStore(file);
    await store.writeHeader(header);
    const pre = ["0", "17", "noon"];
    await store.appendRows([restored(0, { pre, post: ["0", null, "noon"], change: undefined })]);
    await store.flushRows();
    await store.close();
    const kept = await ask(file, "SELECT post, changed::VARCHAR AS changed, changed_to FROM planned_row");
    expect(kept).toStrictEqual([{ post: null, changed: "[1]", changed_to: "[null]" }]);
    const found = await ask(file, "SELECT post::VARCHAR AS post FROM plan_row");
    expect(found).toStrictEqual([{ post: "{id=0, release=NULL, seen_at=noon}" }]);
  });

  test("plan_row shows rows of a table without a key", async () => {
    const file = planPath();
    const store = await createPlanStore(file);
    const [table] = header.tables;
    await store.writeHeader({ ...header, tables: [{ ...(table as Table), key: [], keySource: "bag" }] });
    await store.appendRows([restored(0, { key: ["5feceb66", "1", "1"], change: undefined })]);
    await store.flushRows();
    await store.close();
    const found = await ask(file, "SELECT key::VARCHAR AS key, pre['release'] AS pre FROM plan_row");
    expect(found).toStrictEqual([{ key: "{}", pre: "17" }]);
  });

  test("plan_row puts long texts together", async () => {
    const file = planPath();
    const store = await createPlanStore(file);
    await store.writeHeader(header);
    const release = "\u{1F9EF}".repeat(5000);
    await store.appendRows([restored(0, { pre: ["0", release, null], change: undefined })]);
    await store.flushRows();
    await store.close();
    const found = await ask(file, "SELECT pre['release'] AS pre FROM plan_row");
    expect(found).toStrictEqual([{ pre: release }]);
  });
});
