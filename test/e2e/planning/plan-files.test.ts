import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openPlanStore } from "../../../src/index.js";
import { type Databases, makePlan, type Planned, play, readLines } from "../../support/incident.js";
import { config, device, story } from "../../support/lost-releases.js";
import { expectRecovery } from "../../support/recovery.js";

let databases: Databases;
let plan: Planned;

beforeAll(async () => {
  databases = await play(story);
  plan = await makePlan(databases, { config });
});

describe("summary.json", () => {
  const count = z.int().nonnegative();
  const counts = z.strictObject({ insert: count, update: count, delete: count });
  const connection = z.strictObject({
    database: z.string().min(1),
    server: z.string().regex(/^127\.0\.0\.1:\d+$/),
    version: z.string().regex(/^\d+\.\d+/),
    snapshotAt: z.iso.datetime({ precision: 6 }),
  });
  const outcomes = {
    apply: count,
    already: count,
    conflict: count,
    kept: count,
    excluded: count,
    skipped: count,
  };
  const kinds = [
    "update/update",
    "update/delete",
    "delete/update",
    "insert/insert",
    "foreign-key",
    "unique",
    "check",
  ];
  const summaryFile = z.strictObject({
    formatVersion: z.literal(1),
    planId: z.uuid(),
    mode: z.enum(["undo", "replay"]),
    createdAt: z.iso.datetime(),
    tool: z.strictObject({ version: z.string().regex(/^\d+\.\d+\.\d+/) }),
    connections: z.strictObject({ pre: connection, post: connection, current: connection }),
    totals: z.strictObject({
      rowsCompared: count,
      incoming: count,
      ...outcomes,
      decided: count,
      open: count,
    }),
    tables: z.array(
      z.strictObject({
        table: z.string(),
        key: z.array(z.string()).min(1),
        method: z.enum(["digest", "stream", "lineage", "bag"]),
        rowsCompared: count,
        incident: counts,
        apply: counts,
        already: count,
        conflicts: z.partialRecord(z.enum(kinds), count),
        kept: count,
        excluded: count,
        skipped: count,
      }),
    ),
    // Beyond the design: what was not compared, and why.
    leftOut: z.array(z.strictObject({ table: z.string(), reason: z.string(), open: z.boolean() })),
    // Also beyond it: rows that come back under a new key.
    rekeyed: count,
    // Its shape is this project's own: docs/signatures.md.
    signatures: z.array(
      z.strictObject({
        id: z.string().regex(/^S[1-9]\d*$/),
        kind: z.enum(["emptied", "bulk", "overlaid", "outliers", "scattered", "untold"]),
        table: z.string(),
        operation: z.enum(["insert", "update", "delete"]),
        rows: count,
        words: z.string(),
        columns: z.array(
          z.strictObject({
            column: z.string(),
            transition: z.enum(["to-null", "from-null", "constant", "other"]),
            value: z.string().optional(),
          }),
        ),
        beside: z.array(z.string()),
        people: z.boolean(),
        of: z.string().nullable(),
        transactions: z
          .strictObject({
            count,
            largest: z.array(z.strictObject({ transaction: z.string(), rows: count })),
            from: z.iso.datetime().optional(),
            to: z.iso.datetime().optional(),
          })
          .nullable(),
        keys: z.array(z.record(z.string(), z.string())),
      }),
    ),
    sequences: z.array(z.unknown()),
    warnings: z.array(z.string()),
  });

  it("has the shape of the contract, and is what --json prints", () => {
    const file = readFileSync(join(plan.folder, "summary.json"), "utf8");
    expect(file).toBe(plan.stdout);
    expect(summaryFile.parse(JSON.parse(file))).toEqual(plan.summary);
  });

  it("counts every row of the incident delta once", () => {
    const { totals, tables } = plan.summary;
    expect(totals).toEqual({
      rowsCompared: 15,
      incoming: 14,
      apply: 5,
      already: 1,
      conflict: 2,
      kept: 5,
      excluded: 1,
      skipped: 0,
      decided: 0,
      open: 2,
    });
    const nothing = { already: 0, conflicts: {}, kept: 0, excluded: 0, skipped: 0 };
    const none = { insert: 0, update: 0, delete: 0 };
    const method = { key: ["id"], method: "stream" };
    expect(tables).toEqual([
      {
        table: "public.account",
        ...method,
        rowsCompared: 2,
        incident: { ...none, update: 1 },
        apply: none,
        ...nothing,
        excluded: 1,
      },
      {
        table: "public.audit",
        ...method,
        rowsCompared: 2,
        incident: { ...none, insert: 2 },
        apply: none,
        ...nothing,
        kept: 2,
      },
      {
        table: "public.device",
        ...method,
        rowsCompared: 11,
        incident: { insert: 1, update: 9, delete: 1 },
        apply: { insert: 1, update: 4, delete: 0 },
        ...nothing,
        already: 1,
        conflicts: { "delete/update": 1, "update/update": 1 },
        kept: 3,
      },
    ]);
  });

  it("holds no secret, nor does any file", () => {
    const { username, password } = new URL(databases.current);
    expect(password.length).toBeGreaterThan(8);
    for (const secret of [password, `${username}:`])
      expect(JSON.stringify(plan.summary)).not.toContain(secret);
  });
});

describe("changes.jsonl", () => {
  it("lists what the patch writes, to the cell", () => {
    const released = (id: number, more = {}) => ({
      table: "public.device",
      key: { id: String(id) },
      operation: "update",
      columns: { release: { from: null, to: String(id * 10) }, ...more },
      tenant: null,
    });
    const stamped = { updated_at: { from: "2019-09-23 22:16:00+00", to: "2019-09-23 22:00:00+00" } };
    const restored = device(7, "70", undefined, "2019-09-23 22:00:00+00");
    expect(readLines(plan.folder, "changes.jsonl")).toEqual([
      released(3, stamped),
      released(5),
      released(6, stamped),
      {
        ...released(7),
        operation: "insert",
        columns: Object.fromEntries(Object.entries(restored).map(([name, to]) => [name, { to }])),
      },
      released(8, stamped),
    ]);
  });

  it("and the patch writes just that", async () => {
    const at = "'2019-09-23 22:00+00'";
    await expectRecovery(databases, plan, {
      truth: `UPDATE device SET release = id * 10 WHERE id IN (3, 5, 6, 8); UPDATE device SET updated_at = ${at} WHERE id IN (3, 6, 8);
        INSERT INTO device VALUES (7, 2, 70, 'note 7', ${at})`,
    });
  });
});

it("the plan itself says the same as the files", async () => {
  const store = await openPlanStore(join(plan.folder, "plan.duckdb"), { readOnly: true });
  try {
    const { planId, mode, tables } = await store.readHeader();
    expect([planId, mode, tables.map(({ label }) => label)]).toEqual([
      plan.summary.planId,
      "undo",
      plan.summary.tables.map(({ table }) => table),
    ]);
  } finally {
    await store.close();
  }
});
