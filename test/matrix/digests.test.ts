import { expect, it } from "vitest";
import { oldestMajor } from "../support/database.js";
import { makePlan, play } from "../support/incident.js";
import { expectRecovery } from "../support/recovery.js";

/** Large enough for digests to pay, with a column of each way in which they are made. */
it("servers that make the same digests compare by them, older ones by reading, and find the same", {
  timeout: 120_000,
}, async () => {
  const databases = await play({
    pre: `CREATE TABLE reading (id bigint PRIMARY KEY, at timestamptz, v numeric, f float8, t text, u uuid, j jsonb, b bytea, c char(9));
      INSERT INTO reading SELECT id, '2024-02-29 12:00+00'::timestamptz + id * interval '1 second', id / 7.0, id / 3.0, 'reading ' || id,
        md5(id::text)::uuid, jsonb_build_object('id', id), convert_to(id::text, 'UTF8'), id::text FROM generate_series(1, 20000) AS id`,
    post: "UPDATE reading SET v = v + 1 WHERE id IN (7, 19999); DELETE FROM reading WHERE id = 10000",
    current: "UPDATE reading SET t = 'since' WHERE id = 7",
  });
  const plan = await makePlan(databases, { words: ["--no-lineage"] });
  expect(plan.summary.tables[0]).toMatchObject({
    method: oldestMajor() < 14 ? "stream" : "digest",
    rowsCompared: 20000,
    incident: { insert: 0, update: 2, delete: 1 },
  });
  const truth = `UPDATE reading SET v = v - 1 WHERE id IN (7, 19999);
    INSERT INTO reading SELECT 10000, at + interval '1 second', 10000 / 7.0, 10000 / 3.0, 'reading 10000', md5('10000')::uuid,
      '{"id": 10000}', convert_to('10000', 'UTF8'), '10000' FROM reading WHERE id = 9999`;
  await expectRecovery(databases, plan, { truth });
});
