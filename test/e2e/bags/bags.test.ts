import { describe, expect, it } from "vitest";
import { makePlan, play, readLines } from "../../support/incident.js";
import { expectRecovery } from "../../support/recovery.js";

const log = `CREATE TABLE log (at timestamptz, level integer, text text);
  INSERT INTO log VALUES ('2026-01-01', 1, 'a'), ('2026-01-01', 1, 'a'), ('2026-01-01', 1, 'a'), (NULL, 2, ''), (NULL, 2, NULL), (NULL, NULL, NULL)`;

describe.each(["undo", "replay"] as const)("a table without a key, mode %s", (mode) => {
  it("is compared and recovered as a bag of counted rows", { timeout: 60_000 }, async () => {
    const databases = await play({
      mode,
      pre: log,
      post: `DELETE FROM log WHERE ctid IN (SELECT ctid FROM log WHERE text = 'a' LIMIT 2);
        UPDATE log SET text = 'b' WHERE text IS NULL AND level = 2; INSERT INTO log VALUES (NULL, 2, '')`,
      current: "INSERT INTO log VALUES ('2026-02-02', 7, 'since')",
    });
    const plan = await makePlan(databases, {
      words: mode === "undo" ? ["--damage", "insert,update,delete"] : [],
    });
    expect(plan.summary.tables[0]).toMatchObject({
      table: "public.log",
      key: [],
      method: "bag",
      rowsCompared: 8,
      incident: { insert: 2, update: 0, delete: 3 },
      apply: mode === "undo" ? { insert: 3, update: 0, delete: 2 } : { insert: 2, update: 0, delete: 3 },
    });
    // Nothing names a row that has no key; and what came instead may be what is gone.
    expect(
      plan.summary.signatures.map(({ operation, kind, rows, keys }) => ({ operation, kind, rows, keys })),
    ).toEqual([
      { operation: "delete", kind: "untold", rows: 3, keys: [] },
      { operation: "insert", kind: "scattered", rows: 2, keys: [] },
    ]);
    expect(plan.exitCode).toBe(0);
    expect(plan.summary.totals).toMatchObject({ incoming: 5, apply: 5, open: 0 });
    expect(readLines(plan.folder, "changes.jsonl")).toHaveLength(5);
    await expectRecovery(databases, plan, {
      truth:
        mode === "undo"
          ? `DELETE FROM log WHERE text IS DISTINCT FROM 'since'; ${log.split(";")[1]}`
          : `DELETE FROM log WHERE ctid IN (SELECT ctid FROM log WHERE text = 'a' LIMIT 2);
          UPDATE log SET text = 'b' WHERE text IS NULL AND level = 2; INSERT INTO log VALUES (NULL, 2, '')`,
    });
  });
});
