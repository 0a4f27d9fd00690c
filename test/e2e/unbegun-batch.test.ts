import { join } from "node:path";
import { expect, it } from "vitest";
import { Writer } from "../../src/postgres/writing/writer.js";
import { openPlanStore } from "../../src/store/plan-store.js";
import { rowsInOrder } from "../../src/workflow/apply/row-order.js";
import { Staging } from "../../src/workflow/apply/staging.js";
import { prepareRows, writeRows } from "../../src/workflow/apply/write-rows.js";
import { query } from "../support/database.js";
import { makePlan, play } from "../support/incident.js";

/** Batches are sent ahead, behind a `BEGIN` that nobody has seen succeed. */
it("what is sent where no transaction was begun writes nothing", async () => {
  const databases = await play({
    pre: `CREATE TABLE device (id integer PRIMARY KEY, owner text);
      INSERT INTO device SELECT n, 'ann' FROM generate_series(1, 30) AS n`,
    post: "UPDATE device SET owner = NULL WHERE id <= 10; DELETE FROM device WHERE id > 20; INSERT INTO device VALUES (31, 'noise')",
  });
  const { folder } = await makePlan(databases, { words: ["--damage", "insert,update,delete"] });
  const store = await openPlanStore(join(folder, "plan.duckdb"), { readOnly: true });
  const writer = await Writer.open({ url: databases.current, name: "apply" });
  try {
    const header = await store.readHeader();
    const session = { writer, staging: await Staging.open(writer), header, direction: "patch" } as const;
    const rows = [];
    for await (const units of rowsInOrder(store, [], "patch")) rows.push(...units.flat());
    expect(rows).toHaveLength(21);
    const before = await query(databases.current, "SELECT * FROM device ORDER BY id");
    await writeRows(session, await prepareRows(session, rows));
    expect(await query(databases.current, "SELECT * FROM device ORDER BY id")).toEqual(before);
    // The same within a transaction does.
    await writer.script("BEGIN");
    await writeRows(session, await prepareRows(session, rows));
    await writer.script("COMMIT");
    expect(await query(databases.current, "SELECT count(*) FROM device WHERE owner = 'ann'")).toEqual([
      { count: "30" },
    ]);
  } finally {
    await writer.close();
    await store.close();
  }
});
